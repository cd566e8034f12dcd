"""Opens a model with Hugging Face's safetensors and recomputes its checksum.

Needs numpy and safetensors: python3 scripts/reference/check_model.py MODEL
"""

import json
import struct
import sys

import numpy
from safetensors import safe_open

PRIME = 0x100000001B3
MASK = (1 << 64) - 1


def checksum(metadata, tensors):
    """FNV-1a of 64 bits over words, as Sources/StapesFiles/Checksum.swift describes it."""
    words = []
    for key in sorted(set(metadata) - {"checksum"}):
        for text in (key.encode(), metadata[key].encode()):
            words += [len(text), *text]
    for name, shape, raw in tensors:
        words += [len(name.encode()), *name.encode(), *shape]
        raw += bytes(-len(raw) % 8)
        words += struct.unpack(f"<{len(raw) // 8}Q", raw)
    state = 0xCBF29CE484222325
    for word in words:
        state = ((state ^ word) * PRIME) & MASK
    return f"fnv1a64-words:{state:016x}"


path = sys.argv[1]
with open(path, "rb") as file:
    header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
    content = file.read()
TYPES = {"F32": numpy.float32, "I8": numpy.int8}
tensors = []
with safe_open(path, framework="numpy") as model:
    metadata = model.metadata()
    for key in sorted(metadata):
        print(f"{key}: {metadata[key][:70]}")
    for name in sorted(model.keys(), key=lambda name: header[name]["data_offsets"]):
        part = model.get_slice(name)
        start, end = header[name]["data_offsets"]
        tensors.append((name, part.get_shape(), content[start:end]))
        print(f"{name}: {part.get_dtype()} {part.get_shape()}")
        # numpy has no bfloat16.
        if part.get_dtype() != "BF16":
            values = model.get_tensor(name)
            assert values.dtype == TYPES[part.get_dtype()], name
            assert numpy.isfinite(values).all(), name
            assert values.tobytes() == content[start:end], name
assert metadata["checksum"] == checksum(metadata, tensors), "the checksum differs"
print("the checksum is right")
