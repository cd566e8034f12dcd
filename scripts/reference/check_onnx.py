"""Compares exported models in ONNX Runtime with the tool on real clips.

    pip install numpy onnx onnxruntime
    STAPES_DATA=... python scripts/reference/check_onnx.py .build/release/stapes

For each kind of layer it trains a model for a few steps on spoken digits, exports it with what the
tool itself makes of some clips, checks the file with onnx's checker, and runs it. Weights are drawn
and learned in full: the largest difference of any log-probability is to stay below 1e-4.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy
import onnx
import onnxruntime
from onnx import numpy_helper

ARCHITECTURES = [
    "stack 3 stride 3, 2x24 lstm both",
    "24 lstm",
    "2x24 lstm peepholes both",
    "24 lstm peepholes",
    "24 lstm project 12 both",
    "24 lstm peepholes project 12",
    "2x24 gru both",
    "24 gru reset-before",
    "2x24 gru reset-before both",
    "24 elman tanh both",
    "24 elman relu",
    "24 elman clipped 0.7 both",
    "48 dense relu, 24 dense tanh, 24 dense clipped 2",
    "conv2 stride 2, 24 gru both",
    "conv 4 kernel 4x5 stride 3x2 tanh norm, conv 3 kernel 3x2 stride 1x3 clipped 1, 24 lstm both",
    "stack 4 stride 2, 24 lstm, look-ahead 5 norm",
    "24 lstm both, 48 gru norm residual, 24 elman both norm residual",
]
NORMALIZATIONS = ["global", "per-clip", "smoothed", "sliding", "none"]
QUANTIZED = ["2x24 gru both", "2x24 lstm peepholes both"]
LARGEST_DIFFERENCE = 1e-4


def run(*arguments):
    subprocess.run([TOOL, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)


def difference(model, clips, folder):
    """The largest over some clips; the file is checked, too."""
    path = folder / "model.onnx"
    largest = 0
    for clip in clips:
        run("export", model, "--onnx", "--output", path, "--example", clip)
        given, expected = (
            numpy_helper.to_array(onnx.load_tensor(str(path.with_suffix(suffix))))
            for suffix in (".input.pb", ".output.pb")
        )
        onnx.checker.check_model(str(path), full_check=True)
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        found = session.run(["log_probabilities"], {"features": given})[0]
        assert found.shape == expected.shape, (found.shape, expected.shape)
        largest = max(largest, float(numpy.abs(found - expected).max()))
    return largest


TOOL = os.path.abspath(sys.argv[1])
DATA = Path(os.environ["STAPES_DATA"]) / "fsdd"
worst = 0
with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    (folder / "clips").mkdir()
    recordings = sorted(DATA.glob("*_1[0-2].wav"))
    for clip in recordings:
        (folder / "clips" / clip.name).symlink_to(clip)
    examples = recordings[:: len(recordings) // 3]

    def check(what, model):
        global worst
        found = difference(model, examples, folder)
        worst = max(worst, found)
        print(f"{found:.1e}  {what}", flush=True)

    for index, words in enumerate(ARCHITECTURES):
        model = folder / "model.safetensors"
        normalization = NORMALIZATIONS[index % len(NORMALIZATIONS)]
        recipe = folder / "recipe.json"
        recipe.write_text(json.dumps({"normalization": normalization}))
        run("train", folder / "clips", "--output", model, "--config", recipe, "--network", words,
            "--epochs", 3, "--learning-rate", 0.02, "--quiet")
        check(f"{words} ({normalization})", model)
        for precision in ["int8", "bf16"] if words in QUANTIZED else []:
            small = folder / "small.safetensors"
            run("quantize", model, "--output", small, "--precision", precision)
            check(f"{words} in {precision}", small)
print(f"{worst:.1e}  the largest; {LARGEST_DIFFERENCE:.0e} is allowed")
sys.exit(worst > LARGEST_DIFFERENCE)
