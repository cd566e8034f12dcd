#!/usr/bin/env python3
"""Golden values of every kind of layer: outputs and all gradients by PyTorch's autograd.

    pip install torch && python scripts/reference/layers.py

writes Fixtures/golden/network/layers.json, a list of cases. The cells are written out step by step
from their equations, each sequence alone; where PyTorch has the same layer as a module (GRU, RNN,
LSTM with projection, layer normalisation, convolution) the script checks itself against it.
Inputs and parameters are exactly representable as 32-bit floats, PyTorch computes in 64 bits,
results are written with seven significant digits. A MATRIX is {"rows", "columns", "values"}, rows
of sequences are time. A case:

    architecture        the text form of the network
    featureCount, classCount
    parameters          [MATRIX]   in the network's order
    inputs              [MATRIX]   one a sequence; lengths differ and are not sorted
    outputs             [MATRIX]   the logits
    outputWeights       [MATRIX]   loss = sum over sequences and elements of outputs * outputWeights
    parameterGradients  [MATRIX]   of the loss
    inputGradients      [MATRIX]
"""

import json
from pathlib import Path

import torch
from torch.nn import functional

FILE = Path(__file__).resolve().parents[2] / "Fixtures" / "golden" / "network" / "layers.json"


def random(*shape, scale=1.0):
    """Uniform in ±scale, exact in 32 bits, and a leaf that gathers its gradient."""
    return (scale * (2 * torch.rand(*shape, dtype=torch.float32) - 1)).double().requires_grad_()


def matrix(tensor):
    tensor = torch.atleast_2d(tensor.detach())
    rows, columns = tensor.shape
    values = [float(f"{x.item():.9g}") for x in tensor.flatten()]
    return {"rows": rows, "columns": columns, "values": values}


class Cell:
    """One direction of a recurrent layer; `step` gives h and the state after a step."""

    def __init__(self, inputs, size, gates):
        self.size = size
        self.input = random(gates * size, inputs)
        self.bias = random(1, gates * size)

    def run(self, x, backward, truncation):
        order = range(len(x) - 1, -1, -1) if backward else range(len(x))
        h, state, outputs = torch.zeros(self.outputs).double(), None, [None] * len(x)
        for index, t in enumerate(order):
            before = t + 1 if backward else t - 1
            if truncation and index and max(t, before) % truncation == 0:
                h = h.detach()
                state = None if state is None else state.detach()
            h, state = self.step(self.input @ x[t] + self.bias[0], h, state)
            outputs[t] = h
        return torch.stack(outputs)


class Elman(Cell):
    def __init__(self, inputs, size, f=torch.tanh):
        super().__init__(inputs, size, 1)
        self.f, self.outputs = f, size
        self.recurrent = random(size, size)
        self.tensors = [self.input, self.recurrent, self.bias]

    def step(self, a, h, _):
        return self.f(a + self.recurrent @ h), None


class LSTM(Cell):
    def __init__(self, inputs, size, peepholes=False, project=None):
        super().__init__(inputs, size, 4)
        self.outputs = project or size
        self.recurrent = random(4 * size, self.outputs)
        self.tensors = [self.input, self.recurrent, self.bias]
        self.peepholes = random(3, size) if peepholes else None
        self.projection = random(project, size) if project else None
        self.tensors += [x for x in [self.peepholes, self.projection] if x is not None]

    def step(self, a, h, c):
        c = torch.zeros(self.size).double() if c is None else c
        i, f, g, o = (a + self.recurrent @ h).split(self.size)
        p = self.peepholes
        if p is not None:
            i, f = i + p[0] * c, f + p[1] * c
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        m = torch.sigmoid(o if p is None else o + p[2] * c) * torch.tanh(c)
        return (m if self.projection is None else self.projection @ m), c


class GRU(Cell):
    def __init__(self, inputs, size, before=False):
        super().__init__(inputs, size, 3)
        self.outputs, self.before = size, before
        self.recurrent, self.candidate = random(2 * size, size), random(size, size)
        self.tensors = [self.input, self.recurrent, self.bias, self.candidate]
        if not before:
            self.candidate_bias = random(1, size)
            self.tensors.append(self.candidate_bias)

    def step(self, a, h, _):
        H = self.size
        r, z = torch.sigmoid(a[: 2 * H] + self.recurrent @ h).split(H)
        if self.before:
            n = torch.tanh(a[2 * H :] + self.candidate @ (r * h))
        else:
            n = torch.tanh(a[2 * H :] + r * (self.candidate @ h + self.candidate_bias[0]))
        return (1 - z) * n + z * h, None


class Recurrent:
    def __init__(self, inputs, make, both=False, truncation=None):
        self.cells = [make(inputs) for _ in range(1 + both)]
        self.outputs = sum(cell.outputs for cell in self.cells)
        self.tensors = [tensor for cell in self.cells for tensor in cell.tensors]
        self.truncation = truncation

    def __call__(self, x):
        return torch.cat(
            [cell.run(x, i == 1, self.truncation) for i, cell in enumerate(self.cells)], dim=1
        )


class Dense:
    def __init__(self, inputs, size, f):
        self.weights, self.bias, self.f, self.outputs = random(size, inputs), random(1, size), f, size
        self.tensors = [self.weights, self.bias]

    def __call__(self, x):
        return self.f(functional.linear(x, self.weights, self.bias[0]))


class LookAhead:
    def __init__(self, inputs, count):
        self.taps, self.outputs = random(count + 1, inputs), inputs
        self.tensors = [self.taps]

    def __call__(self, x):
        padded = functional.pad(x, (0, 0, 0, len(self.taps) - 1))
        return sum(tap * padded[k : k + len(x)] for k, tap in enumerate(self.taps))


class Wrapped:
    """A layer with normalisation and residual."""

    def __init__(self, inner, norm=False, residual=False):
        self.inner, self.outputs, self.residual = inner, inner.outputs, residual
        self.gain, self.bias = random(1, inner.outputs), random(1, inner.outputs)
        self.norm = norm
        self.tensors = inner.tensors + ([self.gain, self.bias] if norm else [])

    def __call__(self, x):
        y = self.inner(x)
        if self.norm:
            y = functional.layer_norm(y, [self.outputs], self.gain[0], self.bias[0], 1e-5)
        return y + x if self.residual else y


class Convolution:
    """Frames are [T, frequencies * channels], channels fastest."""

    def __init__(self, frequencies, channels, count, kernel, stride, f, norm=False):
        self.frequencies, self.channels, self.kernel, self.stride = frequencies, channels, kernel, stride
        self.weights, self.bias, self.f = random(count, kernel[0] * kernel[1] * channels), random(1, count), f
        self.output_frequencies = -(-frequencies // stride[1])
        self.outputs, self.count, self.norm = self.output_frequencies * count, count, norm
        self.gain, self.shift = random(1, self.outputs), random(1, self.outputs)
        self.tensors = [self.weights, self.bias] + ([self.gain, self.shift] if norm else [])

    def __call__(self, x):
        image = x.view(1, len(x), self.frequencies, self.channels).permute(0, 3, 1, 2)
        pads = []
        for size, kernel, stride in [
            (self.frequencies, self.kernel[1], self.stride[1]), (len(x), self.kernel[0], self.stride[0])
        ]:
            before = (kernel - 1) // 2
            outputs = -(-size // stride)
            pads += [before, max((outputs - 1) * stride + kernel - before - size, 0)]
        weights = self.weights.view(self.count, *self.kernel, self.channels).permute(0, 3, 1, 2)
        y = functional.conv2d(functional.pad(image, pads), weights, self.bias[0], self.stride)
        y = self.f(y[0, :, : -(-len(x) // self.stride[0]), : self.output_frequencies])
        y = y.permute(1, 2, 0).flatten(1)
        return functional.layer_norm(y, [self.outputs], self.gain[0], self.shift[0], 1e-5) if self.norm else y


class Stack:
    def __init__(self, inputs, count, stride):
        self.outputs, self.count, self.stride, self.tensors = inputs * count, count, stride, []

    def __call__(self, x):
        padded = functional.pad(x, (0, 0, 0, self.count))
        return torch.stack(
            [padded[t : t + self.count].flatten() for t in range(0, len(x), self.stride)]
        )


def check_against_modules():
    x = torch.randn(6, 3).double()
    for make, module in [
        (lambda n: GRU(n, 4), torch.nn.GRU(3, 4, bidirectional=True)),
        (lambda n: Elman(n, 4), torch.nn.RNN(3, 4, bidirectional=True)),
        (lambda n: LSTM(n, 4, project=2), torch.nn.LSTM(3, 4, proj_size=2, bidirectional=True)),
    ]:
        ours, module = Recurrent(3, make, both=True), module.double()
        for suffix, cell in zip(["", "_reverse"], ours.cells):
            def put(name, value):
                getattr(module, f"{name}_l0{suffix}").data = value.detach()
            put("weight_ih", cell.input)
            put("bias_ih", cell.bias[0])
            put("bias_hh", torch.zeros_like(cell.bias[0]))
            if isinstance(cell, GRU):
                put("weight_hh", torch.cat([cell.recurrent, cell.candidate]))
                put("bias_hh", torch.cat([torch.zeros(8).double(), cell.candidate_bias[0]]))
            else:
                put("weight_hh", cell.recurrent)
            if isinstance(cell, LSTM):
                put("weight_hr", cell.projection)
        assert torch.allclose(ours(x), module(x)[0], atol=1e-12)


def case(text, features, make, lengths=(4, 7, 1)):
    layers, width = [], features
    for build in make:
        layers.append(build(width))
        width = layers[-1].outputs
    output = Dense(width, 3, lambda y: y)
    inputs = [random(length, features) for length in lengths]
    outputs = []
    for x in inputs:
        for layer in layers + [output]:
            x = layer(x)
        outputs.append(x)
    weights = [random(*y.shape) for y in outputs]
    sum((y * w).sum() for y, w in zip(outputs, weights)).backward()
    parameters = [tensor for layer in layers + [output] for tensor in layer.tensors]
    return {
        "architecture": text, "featureCount": features, "classCount": 3,
        "parameters": [matrix(p) for p in parameters],
        "inputs": [matrix(x) for x in inputs],
        "outputs": [matrix(y) for y in outputs],
        "outputWeights": [matrix(w) for w in weights],
        "parameterGradients": [matrix(p.grad) for p in parameters],
        "inputGradients": [matrix(x.grad) for x in inputs],
    }


def clipped(x):
    return x.clamp(0, 0.5)


relu, tanh = torch.relu, torch.tanh
torch.manual_seed(5)
check_against_modules()
CASES = [
    case("5 dense relu, 4 dense tanh", 3, [lambda n: Dense(n, 5, relu), lambda n: Dense(n, 4, tanh)]),
    case("5 dense clipped 0.5", 3, [lambda n: Dense(n, 5, clipped)]),
    case("2x4 elman tanh both", 3, [lambda n: Recurrent(n, lambda m: Elman(m, 4), both=True)] * 2),
    case("4 elman relu", 3, [lambda n: Recurrent(n, lambda m: Elman(m, 4, relu))]),
    case("2x4 lstm peepholes both", 3,
         [lambda n: Recurrent(n, lambda m: LSTM(m, 4, peepholes=True), both=True)] * 2),
    case("5 lstm project 2 both", 3,
         [lambda n: Recurrent(n, lambda m: LSTM(m, 5, project=2), both=True)]),
    case("5 lstm peepholes project 3", 3,
         [lambda n: Recurrent(n, lambda m: LSTM(m, 5, peepholes=True, project=3))]),
    case("2x4 gru both", 3, [lambda n: Recurrent(n, lambda m: GRU(m, 4), both=True)] * 2),
    case("2x4 gru reset-before both", 3,
         [lambda n: Recurrent(n, lambda m: GRU(m, 4, before=True), both=True)] * 2),
    case("4 gru, look-ahead 2 norm", 3,
         [lambda n: Recurrent(n, lambda m: GRU(m, 4)), lambda n: Wrapped(LookAhead(n, 2), norm=True)]),
    case("stack 2 stride 1, 6 lstm norm residual", 3,
         [lambda n: Stack(n, 2, 1),
          lambda n: Wrapped(Recurrent(n, lambda m: LSTM(m, 6)), norm=True, residual=True)]),
    case("3 lstm both, truncate 3", 2,
         [lambda n: Recurrent(n, lambda m: LSTM(m, 3), both=True, truncation=3)], lengths=(8, 10)),
    case("3 gru both, truncate 3", 2,
         [lambda n: Recurrent(n, lambda m: GRU(m, 3), both=True, truncation=3)], lengths=(8, 10)),
    case("3 gru reset-before, truncate 2", 2,
         [lambda n: Recurrent(n, lambda m: GRU(m, 3, before=True), truncation=2)], lengths=(8, 10)),
    case("conv 2 kernel 3x3 stride 2x2 tanh, conv 3 kernel 4x2 stride 1x2 relu norm, 3 elman", 7,
         [lambda n: Convolution(7, 1, 2, (3, 3), (2, 2), tanh),
          lambda n: Convolution(4, 2, 3, (4, 2), (1, 2), relu, norm=True),
          lambda n: Recurrent(n, lambda m: Elman(m, 3))], lengths=(5, 9, 1)),
    case("conv 2 kernel 2x5 stride 3x1 clipped 0.5, stack 2 stride 2, 3 gru", 4,
         [lambda n: Convolution(4, 1, 2, (2, 5), (3, 1), clipped), lambda n: Stack(n, 2, 2),
          lambda n: Recurrent(n, lambda m: GRU(m, 3))], lengths=(5, 13)),
]
FILE.write_text("[\n" + ",\n".join(json.dumps(x) for x in CASES) + "\n]\n")
