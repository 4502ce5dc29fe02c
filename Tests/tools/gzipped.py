"""Writes gzipped files of many kinds into a folder, and beside each what zlib finds in it: the text, or nothing
where it finds the file damaged.

    gzipped.py FOLDER
"""

import pathlib
import random
import struct
import sys
import zlib

MARK = b"\0\0\xff\xff"


def texts(chance):
    words = b"".join(chance.choice([b"backup ", b"restore ", b"queue ", b"42\n"]) for _ in range(90_000))
    noise = chance.randbytes(400_000)
    marked = b"".join(chance.randbytes(chance.randrange(2_000)) + MARK for _ in range(300))
    return {"nothing": b"", "one": b"x", "words": words, "noise": noise, "marked": marked,
            "mixed": words[:200_000] + noise[:100_000] + marked[:150_000] + words[:70_000] + bytes(300_000)}


def flushed(text, flush, portion, level=6):
    """A stream that is brought to a whole byte now and then."""
    deflating = zlib.compressobj(level, zlib.DEFLATED, -15)
    parts = [deflating.compress(text[place:place + portion]) + deflating.flush(flush)
             for place in range(0, len(text), portion)]
    return b"".join(parts) + deflating.flush()


def stored(text):
    """Blocks that are stored, with bits that mean nothing before each, and empty ones among them."""
    parts = []
    for place in range(0, len(text), 50_000):
        part = text[place:place + 50_000]
        for block in (part, b""):
            parts.append(b"\xa8" + struct.pack("<HH", len(block), 0xFFFF ^ len(block)) + block)
    return b"".join(parts) + b"\x01\0\0\xff\xff"


def gzip(stream, text, flags=0):
    head = b"\x1f\x8b\x08" + bytes([flags]) + b"\1\2\3\4\0\3"
    if flags & 4:
        head += struct.pack("<H", 300) + bytes(300)
    if flags & 8:
        head += b"name of the file\0"
    if flags & 16:
        head += b"x" * 600_000 + b"\0"
    if flags & 2:
        head += struct.pack("<H", zlib.crc32(head) & 0xFFFF)
    return head + stream + struct.pack("<II", zlib.crc32(text), len(text) & 0xFFFFFFFF)


def judged(data):
    """What zlib finds; None where that is damaged or not gzipped."""
    found = []
    while data[:2] == b"\x1f\x8b":
        inflating = zlib.decompressobj(31)
        try:
            found.append(inflating.decompress(data))
        except zlib.error:
            return None
        if not inflating.eof:
            return None
        data = inflating.unused_data
    return b"".join(found) if found else None


def main():
    chance = random.Random(7)
    whole = {}
    for name, text in texts(chance).items():
        streams = {
            "one-stream": flushed(text, zlib.Z_NO_FLUSH, 1 << 20),
            "alone": flushed(text, zlib.Z_FULL_FLUSH, 100_000),
            "tiny": flushed(text, zlib.Z_FULL_FLUSH, 500),
            "too-long": flushed(text, zlib.Z_FULL_FLUSH, 300_000),
            "going-on": flushed(text, zlib.Z_SYNC_FLUSH, 40_000),
            "unpacked": flushed(text, zlib.Z_FULL_FLUSH, 70_000, level=0),
            "stored": stored(text),
        }
        for kind, stream in streams.items():
            whole[f"{name}-{kind}"] = gzip(stream, text)
        whole[f"{name}-headed"] = gzip(streams["alone"], text, flags=2 | 4 | 8 | 16)
    whole["members"] = (whole["words-alone"] + whole["nothing-stored"] + whole["words-going-on"]
                        + whole["mixed-tiny"])
    whole["zeros"] = gzip(flushed(bytes(20_000_000), zlib.Z_FULL_FLUSH, 5_000_000), bytes(20_000_000))
    files = dict(whole)
    for name in ["words-alone", "marked-unpacked", "mixed-going-on", "mixed-stored", "members", "words-headed"]:
        data = whole[name]
        for number in range(25):
            # What is at the ends is told from the rest more often.
            place = chance.choice([chance.randrange(len(data)), chance.randrange(20), -1 - chance.randrange(20)])
            files[f"{name}-cut-{number}"] = data[:place]
            flipped = bytearray(data)
            flipped[place] ^= 1 << chance.randrange(8)
            files[f"{name}-flipped-{number}"] = bytes(flipped)
    folder = pathlib.Path(sys.argv[1])
    for name, data in files.items():
        (folder / f"{name}.gz").write_bytes(data)
        text = judged(data)
        if text is not None:
            (folder / name).write_bytes(text)
    print(len(files))


if __name__ == "__main__":
    main()
