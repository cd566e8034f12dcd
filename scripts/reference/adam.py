#!/usr/bin/env python3
"""Golden values of the optimiser: PyTorch's AdamW on two matrices.

    pip install torch && python scripts/reference/adam.py

writes Fixtures/golden/training/adam.json. Weights and gradients are exactly representable as 32-bit
floats; PyTorch computes in 64 bits; results are written with nine significant digits.

    firstDecay, secondDecay, epsilon, weightDecay
    tensors    [TENSOR]   a matrix that decays, and a bias (one row) that does not:
        rows, columns
        start       [number]     the weights before the first step
        gradients   [[number]]   one a step
        weights     [[number]]   after each step
    learningRates   [number]   one a step
"""

import json
from pathlib import Path

import torch

FILE = Path(__file__).resolve().parents[2] / "Fixtures" / "golden" / "training" / "adam.json"
SHAPES = [(4, 2), (1, 4)]
RATES = [1e-3, 3e-3, 1e-2, 1e-2, 5e-3, 2e-3, 1e-3, 5e-4]
BETAS, EPSILON, DECAY = (0.9, 0.98), 1e-6, 0.1


def exact(*shape):
    """Uniform in -1...1, exact in 32 bits."""
    return (2 * torch.rand(*shape, dtype=torch.float32) - 1).double()


def numbers(tensor):
    return [float(f"{x:.9g}") for x in tensor.detach().flatten().tolist()]


torch.manual_seed(7)
weights = [exact(*shape).requires_grad_() for shape in SHAPES]
optimizer = torch.optim.AdamW(
    [
        {"params": [w], "weight_decay": DECAY if w.shape[0] > 1 else 0.0}
        for w in weights
    ],
    betas=BETAS,
    eps=EPSILON,
)
tensors = [
    {"rows": w.shape[0], "columns": w.shape[1], "start": numbers(w), "gradients": [], "weights": []}
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

FILE.parent.mkdir(parents=True, exist_ok=True)
golden = {
    "firstDecay": BETAS[0],
    "secondDecay": BETAS[1],
    "epsilon": EPSILON,
    "weightDecay": DECAY,
    "learningRates": RATES,
    "tensors": tensors,
}
FILE.write_text(json.dumps(golden, indent=1) + "\n")
