#!/usr/bin/env python3
"""Golden values of the optimisers: PyTorch's AdamW, Adam and SGD on two matrices.

    pip install torch && python scripts/reference/optimizers.py

writes Fixtures/golden/training/optimizers.json. Weights and gradients are exactly representable as
32-bit floats; PyTorch computes in 64 bits; results are written with nine significant digits.

    [CASE]   one an optimiser:
        options         the members of OptimizerOptions
        weightDecay
        learningRates   [number]   one a step
        tensors         [TENSOR]   a matrix that decays, and a bias (one row) that does not:
            rows, columns
            start       [number]     the weights before the first step
            gradients   [[number]]   one a step
            weights     [[number]]   after each step
"""

import json
from pathlib import Path

import torch

FILE = Path(__file__).resolve().parents[2] / "Fixtures" / "golden" / "training" / "optimizers.json"
SHAPES = [(4, 2), (1, 4)]
RATES = [1e-3, 3e-3, 1e-2, 1e-2, 5e-3, 2e-3, 1e-3, 5e-4]
BETAS, EPSILON, DECAY, MOMENTUM = (0.9, 0.98), 1e-6, 0.1, 0.8
OPTIONS = {
    "momentum": MOMENTUM,
    "firstDecay": BETAS[0],
    "secondDecay": BETAS[1],
    "epsilon": EPSILON,
}
CASES = [
    ("adamw", True, lambda groups: torch.optim.AdamW(groups, betas=BETAS, eps=EPSILON)),
    ("adam", True, lambda groups: torch.optim.Adam(groups, betas=BETAS, eps=EPSILON)),
    ("sgd", False, lambda groups: torch.optim.SGD(groups, lr=1, momentum=MOMENTUM)),
    ("sgd", True, lambda groups: torch.optim.SGD(groups, lr=1, momentum=MOMENTUM, nesterov=True)),
]


def exact(*shape):
    """Uniform in -1...1, exact in 32 bits."""
    return (2 * torch.rand(*shape, dtype=torch.float32) - 1).double()


def numbers(tensor):
    return [float(f"{x:.9g}") for x in tensor.detach().flatten().tolist()]


def case(method, looks_ahead, make):
    torch.manual_seed(7)
    weights = [exact(*shape).requires_grad_() for shape in SHAPES]
    optimizer = make(
        [{"params": [w], "weight_decay": DECAY if w.shape[0] > 1 else 0.0} for w in weights]
    )
    tensors = [
        {
            "rows": w.shape[0],
            "columns": w.shape[1],
            "start": numbers(w),
            "gradients": [],
            "weights": [],
        }
        for w in weights
    ]
    for step, rate in enumerate(RATES):
        for group in optimizer.param_groups:
            group["lr"] = rate
        for tensor, w in zip(tensors, weights):
            # Gradients of very different sizes, and a step of zeros.
            w.grad = exact(*w.shape) * 4.0 ** (-step) if step != 4 else torch.zeros_like(w)
            tensor["gradients"].append(numbers(w.grad))
        optimizer.step()
        for tensor, w in zip(tensors, weights):
            tensor["weights"].append(numbers(w))
    return {
        "options": {"method": method, "looksAhead": looks_ahead} | OPTIONS,
        "weightDecay": DECAY,
        "learningRates": RATES,
        "tensors": tensors,
    }


FILE.parent.mkdir(parents=True, exist_ok=True)
FILE.write_text(json.dumps([case(*arguments) for arguments in CASES], indent=1) + "\n")
