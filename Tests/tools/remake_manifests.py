#!/usr/bin/env python3
"""Makes the manifests and the size of a bag true again, as somebody would who changed a file and hides it.

usage: remake_manifests.py BAG
"""
import hashlib
import pathlib
import sys


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def manifest(root, files):
    return "".join(f"{digest(f)}  {f.relative_to(root)}\n" for f in sorted(files))


root = pathlib.Path(sys.argv[1])
payload = [f for f in (root / "data").rglob("*") if f.is_file()]
info = root / "bag-info.txt"
kept = [line for line in info.read_text().splitlines() if not line.startswith("Payload-Oxum")]
size = sum(f.stat().st_size for f in payload)
info.write_text("\n".join([*kept, f"Payload-Oxum: {size}.{len(payload)}"]) + "\n")
(root / "manifest-sha256.txt").write_text(manifest(root, payload))
tags = [root / name for name in ("bag-info.txt", "bagit.txt", "manifest-sha256.txt")]
(root / "tagmanifest-sha256.txt").write_text(manifest(root, tags))
