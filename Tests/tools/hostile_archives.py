#!/usr/bin/env python3
"""Makes hostile archives out of a good pack.

usage: hostile_archives.py PACK.zip PACK.tar.gz FOLDER
"""
import gzip
import io
import pathlib
import sys
import tarfile
import zipfile
import zlib

good_zip, good_tar, folder = (pathlib.Path(word) for word in sys.argv[1:])
# The one folder in the pack, as bytes too.
TOP = zipfile.ZipFile(good_zip).namelist()[0].split("/")[0]
DATA = f"{TOP}/data/".encode()


def zipped(name, change):
    with zipfile.ZipFile(good_zip) as old, zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, old.read(entry))
        change(new)


def tarred(name, change):
    with tarfile.open(good_tar) as old, tarfile.open(folder / name, "w:gz") as new:
        for entry in old:
            new.addfile(entry, old.extractfile(entry))
        change(new)


def unix(name, mode):
    entry = zipfile.ZipInfo(name)
    entry.create_system, entry.external_attr = 3, mode << 16
    return entry


def member(name, **fields):
    entry = tarfile.TarInfo(name)
    for key, value in fields.items():
        setattr(entry, key, value)
    return entry


zipped("traversal.zip", lambda z: z.writestr("pack/../../escaped.txt", "x"))
zipped("absolute.zip", lambda z: z.writestr("/tmp/escaped.txt", "x"))
zipped("twice.zip", lambda z: z.writestr(f"{TOP}/data/index.html", "x"))
zipped("beside.zip", lambda z: z.writestr("other/file.txt", "x"))
zipped("extra.zip", lambda z: z.writestr(f"{TOP}/data/extra.txt", "x"))
zipped("line-end.zip", lambda z: z.writestr(f"{TOP}/data/name\nwith line end.txt", "x"))
# A mark behind '/' makes one character of both, and still leads upwards; KELVIN SIGN is equal to 'K'.
zipped("mark.zip", lambda z: z.writestr(f"{TOP}/data/../\u0301escaped.txt", "x"))
zipped("backslash.zip", lambda z: z.writestr("..\\..\\escaped.txt", "x"))
zipped("link.zip", lambda z: z.writestr(unix(f"{TOP}/data/link", 0o120777), "/etc/passwd"))
zipped("pipe.zip", lambda z: z.writestr(unix(f"{TOP}/data/pipe", 0o010644), ""))
zipped("long.zip", lambda z: z.writestr(f"{TOP}/data/" + "x/" * 5000 + "x", "x"))
zipped("nothing.zip", lambda z: z.writestr(f"{TOP}/data/ ", "x"))
tarred("pipe.tar.gz", lambda t: t.addfile(member(f"{TOP}/data/pipe", type=tarfile.FIFOTYPE)))
tarred("twice.tar.gz", lambda t: t.addfile(member(f"{TOP}/data/index.html")))
tarred("traversal.tar.gz", lambda t: t.addfile(member("pack/../../escaped.txt")))
tarred("symlink.tar.gz", lambda t: t.addfile(member(f"{TOP}/data/link", type=tarfile.SYMTYPE, linkname="/etc/passwd")))
tarred("hardlink.tar.gz", lambda t: t.addfile(member(f"{TOP}/data/hard", type=tarfile.LNKTYPE, linkname=f"{TOP}/data/index.html")))
tarred("device.tar.gz", lambda t: t.addfile(member(f"{TOP}/data/null", type=tarfile.CHRTYPE, devmajor=1, devminor=3)))

whole = good_tar.read_bytes()
(folder / "cut.tar.gz").write_bytes(whole[: len(whole) // 2])
(folder / "cut.zip").write_bytes(good_zip.read_bytes()[:-40000])
(folder / "empty.zip").write_bytes(b"")
(folder / "text.zip").write_bytes(b"no archive at all\n" * 100)

# One byte of what is compressed is another one, and one of the names.
data = bytearray(good_zip.read_bytes())
with zipfile.ZipFile(good_zip) as z:
    place = next(e for e in z.infolist() if e.filename.endswith("index.html")).header_offset
data[place + 2000] ^= 0x40
(folder / "flipped.zip").write_bytes(data)
data = bytearray(whole)
data[len(data) // 3] ^= 0x40
(folder / "flipped.tar.gz").write_bytes(data)
data = good_zip.read_bytes().replace(DATA + b"index.html", DATA + b"INDEX.html", 1)
(folder / "other-name.zip").write_bytes(data)

# What the list at the end says of a file, by which most programs unpack it.
data = good_zip.read_bytes()
place = data.rindex(DATA + b"index.html")
(folder / "listed-name.zip").write_bytes(data[:place] + DATA + b"INDEX.html" + data[place + len(DATA + b"index.html") :])
data = bytearray(data)
data[place - 46 + 8] |= 1
(folder / "listed-secret.zip").write_bytes(data)

# Another name in a further field of the list, which some programs take.
with zipfile.ZipFile(good_zip) as old, zipfile.ZipFile(folder / "renamed.zip", "w") as new:
    for entry in old.infolist():
        new.writestr(entry.filename, old.read(entry))
    entry = new.getinfo(f"{TOP}/data/index.html")
    name = b"\x01" + zlib.crc32(entry.filename.encode()).to_bytes(4, "little") + DATA + b"other.html"
    entry.extra = b"up" + len(name).to_bytes(2, "little") + name

# The checksum and the size that gzip adds.
for name, place in ("checksum.tar.gz", -8), ("size.tar.gz", -4):
    data = bytearray(whole)
    data[place] ^= 1
    (folder / name).write_bytes(data)

# Something before, something behind.
(folder / "before.zip").write_bytes(b"more\n" + good_zip.read_bytes())
(folder / "behind.zip").write_bytes(good_zip.read_bytes() + b"more\n")
(folder / "behind.tar.gz").write_bytes(whole + b"more\n")
(folder / "doubled.tar.gz").write_bytes(whole + whole)
(folder / "doubled.zip").write_bytes(good_zip.read_bytes() * 2)

# A tar archive to this program, and whatever archive lies within it to one that looks for a list at the end.
(folder / "tar.zip").write_bytes(whole)

# Headers of tar that programs follow or pass over as they like.
blocks = gzip.decompress(whole)
with tarfile.open(good_tar) as old:
    place = old.getmember(f"{TOP}/data/index.html").offset
STOP = len(blocks.rstrip(b"\0")) + 511 & ~511


def tar_header(name, kind, size=0, **fields):
    return member(name, type=kind, size=size, **fields).tobuf(tarfile.USTAR_FORMAT)


def changed_header(block, at, text):
    block = bytearray(block)
    block[at : at + len(text)] = text
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def said(kind, text, name="././@Said"):
    return tar_header(name, kind, len(text)) + text.ljust(len(text) + 511 & ~511, b"\0")


def line(keyword, value):
    text = f" {keyword}={value}\n".encode()
    count = next(n for n in range(len(text), 999999) if n == len(str(n)) + len(text))
    return str(count).encode() + text


def headed(name, more, at=None, behind=None):
    at = place if at is None else at
    text = blocks[:at] + more + blocks[at if behind is None else behind :]
    (folder / f"{name}.tar.gz").write_bytes(gzip.compress(text))


page = blocks[place : place + 512]
name = page[: page.index(0)]
other = line("path", f"{TOP}/other")
headed("global-path", said(b"g", other))
headed("global-size", said(b"g", line("size", 0)))
headed("global-link", said(b"g", line("linkpath", "/etc/passwd")))
headed("link-path", said(b"x", line("linkpath", "/etc/passwd")))
headed("sparse-map", said(b"x", line("GNU.sparse.map", "0,1")))
headed("no-keyword", said(b"x", line("SUN.devmajor", 1)))
headed("said-twice", said(b"x", other + line("path", name.decode())))
headed("said-nothing", said(b"x", line("path", "")))
headed("said-too-little", said(b"x", other + b"99 path=x\n"))
headed("said-again", said(b"x", other) + said(b"x", line("path", name.decode())))
headed("said-two-ways", said(b"L", name[:-4] + b"\0") + said(b"x", line("path", name.decode())))
headed("name-and-more", said(b"L", name + b"\0more\0"))
headed("said-of-nothing", said(b"x", other), STOP)
headed("other-size", said(b"x", line("size", 512)))
for kind in b"VMNXSK7z":
    headed(f"kind-{chr(kind)}", tar_header("more", bytes([kind])))
headed("sized-folder", tar_header(f"{TOP}/data/inputs", b"5", 512))
headed("file-or-folder", tar_header(f"{TOP}/data/", b"0"))
headed("behind-the-end", bytes(512) + tar_header(f"{TOP}/more", b"0"), STOP)
headed("behind-the-blocks", bytes(1024) + b"more", STOP, len(blocks))
headed("part-of-a-block", b"more", STOP, len(blocks))
headed("file-and-link", changed_header(page, 157, b"/etc/passwd"), behind=place + 512)
headed("behind-a-name", changed_header(page, 99, b"x"), behind=place + 512)
headed("dates-or-name", changed_header(page, 257, b"ustar  \0" + bytes(80) + b"path"), behind=place + 512)
headed("star-or-posix", changed_header(page, 508, b"tar\0"), behind=place + 512)
headed("negative", changed_header(page, 124, b"\xff" * 12), behind=place + 512)
headed("size-and-more", changed_header(page, 135, b"x"), behind=place + 512)

# A file with holes whose name or whose parts are told in two ways.
hollow = {"major": 1, "minor": 0, "name": f"{TOP}/data/index.html", "realsize": 9}
for variant, said_of_it, size, parts in (
    ("two-names", {}, 512, b"1\n0\n0\n"),
    ("other-form", {"major": 9}, 512, b"1\n0\n0\n"),
    ("parts-too-many", {"path": f"{TOP}/GNUSparseFile.0/x"}, 512, b"1\n9\n9\n"),
    ("parts-twice", {"path": f"{TOP}/GNUSparseFile.0/x"}, 516, b"2\n3\n2\n2\n2\n"),
    ("parts-without-end", {"path": f"{TOP}/GNUSparseFile.0/x"}, 512, b"8" * 512),
):
    keywords = {f"GNU.sparse.{key}": said_of_it.get(key, value) for key, value in hollow.items()}
    if "path" in said_of_it:
        keywords["path"] = said_of_it["path"]
    more = said(b"x", b"".join(line(*pair) for pair in keywords.items()))
    more += tar_header("x", b"0", size) + parts.ljust(size + 511 & ~511, b"\0")
    headed(f"hollow-{variant}", more)
headed("hollow-older", changed_header(
    tar_header("x", b"S", 512), 257, b"ustar  \0" + bytes(121) + b"00000000777\0" * 2 + bytes(73) + b"00000000777\0"
), behind=place + 512)

# A file that the list does not name, for who reads from the beginning.
data = good_zip.read_bytes()
listed = int.from_bytes(data[-6:-2], "little")
other = io.BytesIO()
with zipfile.ZipFile(other, "w") as z:
    z.writestr(f"{TOP}/data/index.html", "x")
hidden = other.getvalue()[: other.getvalue().index(b"PK\x01\x02")]
(folder / "unlisted.zip").write_bytes(
    data[:listed] + hidden + data[listed:-6] + (listed + len(hidden)).to_bytes(4, "little") + data[-2:]
)

# A file of a pebibyte that is a hole.
sparse = member(f"{TOP}/data/evidence/hole", size=512)
sparse.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": sparse.name,
                      "GNU.sparse.realsize": str(1 << 50)}
with tarfile.open(good_tar) as old, tarfile.open(folder / "hole.tar.gz", "w:gz", format=tarfile.PAX_FORMAT) as new:
    for entry in old:
        new.addfile(entry, old.extractfile(entry))
    new.addfile(sparse, io.BytesIO(b"1\n0\n0\n".ljust(512, b"\0")))

# Very many entries of nothing.
with tarfile.open(folder / "crowd.tar.gz", "w:gz") as new:
    for number in range(20_000):
        new.addfile(member(f"{TOP}/data/%d" % number))

# A thousand times nothing: 128 MiB of zeros.
with gzip.open(folder / "bomb.tar.gz", "wb", 9) as out:
    size = 1 << 27
    out.write(member(f"{TOP}/data/evidence/zeros", size=size).tobuf())
    for _ in range(size >> 20):
        out.write(bytes(1 << 20))
    out.write(bytes(1024))

# Many entries that all point at the same compressed bytes.
kernel = io.BytesIO()
with zipfile.ZipFile(kernel, "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr(f"{TOP}/data/zeros", bytes(1 << 24))
data = kernel.getvalue()
local_end = data.index(b"PK\x01\x02")
central = data[local_end : data.index(b"PK\x05\x06")]
copies = [central.replace(DATA + b"zeros", DATA + b"z%04d" % i) for i in range(4000)]
body = b"".join(copies)
end = b"PK\x05\x06" + bytes(4) + (4000).to_bytes(2, "little") * 2
end += len(body).to_bytes(4, "little") + local_end.to_bytes(4, "little") + bytes(2)
(folder / "overlap.zip").write_bytes(data[:local_end] + body + end)
