"""Writes Fixtures/golden/model/small.safetensors with Hugging Face's own writer.

Needs numpy and safetensors: python3 scripts/reference/safetensors_golden.py
"""

import pathlib

import numpy
from safetensors.numpy import save_file

root = pathlib.Path(__file__).resolve().parents[2]
tensors = {
    "weights": numpy.array([[1.5, -2.25, 3.0], [0.0, -0.0, 1e-40]], dtype=numpy.float32),
    "bias": numpy.array([0.1, 16777216.0], dtype=numpy.float32),
    "empty": numpy.zeros((0, 4), dtype=numpy.float32),
    "scalar": numpy.array(7.0, dtype=numpy.float32),
}
metadata = {"note": "a \"quoted\" line\nand ünïcode", "version": "1"}
save_file(tensors, root / "Fixtures/golden/model/small.safetensors", metadata=metadata)
