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
    """FNV-1a of 64 bits over words, as Sources/StapesModel/Checksum.swift describes it."""
    words = []
    for key in sorted(set(metadata) - {"checksum"}):
        for text in (key.encode(), metadata[key].encode()):
            words += [len(text), *text]
    for name, values in tensors:
        words += [len(name.encode()), *name.encode(), *values.shape]
        raw = values.tobytes()
        whole = len(raw) // 8 * 8
        words += struct.unpack(f"<{whole // 8}Q", raw[:whole])
        if whole < len(raw):
            words += struct.unpack("<I", raw[whole:])
    state = 0xCBF29CE484222325
    for word in words:
        state = ((state ^ word) * PRIME) & MASK
    return f"fnv1a64-words:{state:016x}"


path = sys.argv[1]
with open(path, "rb") as file:
    header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
with safe_open(path, framework="numpy") as model:
    metadata = model.metadata()
    names = sorted(model.keys(), key=lambda name: header[name]["data_offsets"])
    tensors = [(name, model.get_tensor(name)) for name in names]

for key in sorted(metadata):
    print(f"{key}: {metadata[key][:70]}")
for name, values in tensors:
    assert values.dtype == numpy.float32 and numpy.isfinite(values).all(), name
    print(f"{name}: {list(values.shape)}")
assert metadata["checksum"] == checksum(metadata, tensors), "the checksum differs"
print("the checksum is right")
