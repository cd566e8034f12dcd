#!/usr/bin/env python3
"""Golden values of CTC: PyTorch's ctc_loss on log_softmax, with the gradient of the logits.

    pip install torch && python scripts/reference/ctc.py

writes Fixtures/golden/ctc/losses.json, a list of cases, each with

    name
    labels     [class]              class 0 is blank
    logits     [[frame] of classes] multiples of 1/64, so exact as 32-bit floats
    loss       number               negative natural log-probability of the labels
    gradient   like logits

PyTorch computes in 64 bits; results are written with nine significant digits.
"""

import json
from pathlib import Path

import torch
from torch.nn import functional

FILE = Path(__file__).resolve().parents[2] / "Fixtures" / "golden" / "ctc" / "losses.json"


def number(value):
    return float(f"{value:.9g}")


def case(name, frame_count, class_count, labels, scale=1.0, favoured=None):
    """Random logits; `favoured` is an alignment whose classes are raised by 12."""
    logits = (64 * scale * torch.randn(frame_count, class_count)).round().double() / 64
    for frame, label in enumerate(favoured or []):
        logits[frame, label] += 12
    logits.requires_grad_()
    loss = functional.ctc_loss(
        functional.log_softmax(logits, dim=1)[:, None],
        torch.tensor([labels]),
        [frame_count],
        [len(labels)],
        reduction="sum",
    )
    loss.backward()
    return {
        "name": name,
        "labels": labels,
        "logits": logits.tolist(),
        "loss": number(loss.item()),
        "gradient": [[number(x) for x in row] for row in logits.grad.tolist()],
    }


torch.manual_seed(1)
cases = [
    case("one frame", 1, 3, [2]),
    case("no labels", 5, 4, []),
    case("repeats", 8, 4, [1, 1, 3, 3, 3]),
    case("as many frames as needed", 7, 5, [4, 2, 2, 1, 1]),
    case("a sentence", 60, 13, [torch.randint(1, 13, ()).item() for _ in range(20)]),
    case("wide", 12, 70, [69, 3, 3, 64, 15, 16], scale=2),
    case("sure of itself", 15, 6, [5, 1, 1, 2], favoured=[0, 5, 5, 0, 1, 0, 0, 1, 1, 1, 2, 2, 0, 0, 0]),
    case("sure of another", 15, 6, [3, 4, 2, 4], favoured=[0, 5, 5, 0, 1, 0, 0, 1, 1, 1, 2, 2, 0, 0, 0]),
]
FILE.parent.mkdir(parents=True, exist_ok=True)
FILE.write_text("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
