#!/usr/bin/env python3
"""Golden values of the network: PyTorch's LSTM, and a whole recipe with CTC, with all gradients.

    pip install torch && python scripts/reference/lstm.py

writes Fixtures/golden/network/{unidirectional,bidirectional,batch,recipe}.json. Inputs and
parameters are exactly representable as 32-bit floats; PyTorch computes in 64 bits; results are
written with nine significant digits. Initial states are zero.

A MATRIX is {"rows": R, "columns": C, "values": [R * C numbers, row by row]}. Rows of sequences are
time. NAMED is a MATRIX with a "name". Gate order is i f g o, H rows each; one bias a gate, which is
the sum of PyTorch's two. For layer k and direction d, "forward" or "backward", the parameters are

    layer<k>.<d>.input      [4H x columns of the layer's input]
    layer<k>.<d>.recurrent  [4H x H]
    layer<k>.<d>.bias       [1 x 4H]
    output.weight           [classes x columns of the last layer's output]   only in the recipe
    output.bias             [1 x classes]                                    only in the recipe

and a bidirectional layer's output has the forward direction's H columns first. Every file:

    layerCount, hiddenSize, inputSize (columns of "inputs"), isBidirectional
    parameters              [NAMED]   in forward order: layers, in each forward, then backward
    inputs                  [MATRIX]  one a sequence; lengths differ and are not sorted
    outputs                 [MATRIX]  of the last layer; in the recipe: the logits
    loss                    number
    parameterGradients      [NAMED]   of the loss, named and ordered as the parameters
    inputGradients          [MATRIX]  of the loss

unidirectional, bidirectional and batch have loss = the sum over all sequences and elements of
outputs * outputWeights, with

    outputWeights           [MATRIX]

recipe joins `stackCount` frames, one such row each `stride` frames, then runs the LSTM, the linear
output and CTC (class 0 is blank); its loss is the sum of "losses", and it has besides

    stackCount, stride, classCount
    labels                  [[class]]  one list a sequence
    logProbabilities        [MATRIX]   log-softmax of the logits
    losses                  [number]   negative log-likelihood of each sequence
    logitGradients          [MATRIX]
"""

import json
from pathlib import Path

import torch
from torch.nn import functional
from torch.nn.utils.rnn import pack_sequence, unpack_sequence

FOLDER = Path(__file__).resolve().parents[2] / "Fixtures" / "golden" / "network"
PARTS = {"input": "weight_ih", "recurrent": "weight_hh", "bias": "bias_ih"}


def random(*shape):
    """Uniform in -1...1, exact in 32 bits, and a leaf that gathers its gradient."""
    return (2 * torch.rand(*shape, dtype=torch.float32) - 1).double().requires_grad_()


def number(value):
    return float(f"{value.item():.9g}")


def matrix(tensor):
    tensor = torch.atleast_2d(tensor.detach())
    rows, columns = tensor.shape
    return {"rows": rows, "columns": columns, "values": [number(x) for x in tensor.flatten()]}


def named(tensors):
    return [{"name": name} | matrix(tensor) for name, tensor in tensors.items()]


class Reference:
    """An LSTM with parameters of its own making, the biases being one a gate."""

    def __init__(self, input_size, hidden_size, layer_count, bidirectional):
        self.lstm = torch.nn.LSTM(
            input_size, hidden_size, layer_count, bidirectional=bidirectional
        ).double()
        self.parameters = {}
        for layer in range(layer_count):
            for direction in ["forward", "backward"][: 1 + bidirectional]:
                suffix = f"_l{layer}" + ("_reverse" if direction == "backward" else "")
                for part, theirs in PARTS.items():
                    parameter = getattr(self.lstm, theirs + suffix)
                    parameter.data = random(*parameter.shape).detach()
                    self.parameters[f"layer{layer}.{direction}.{part}"] = parameter
                torch.nn.init.zeros_(getattr(self.lstm, "bias_hh" + suffix))

    def outputs(self, sequences):
        packed, _ = self.lstm(pack_sequence(sequences, enforce_sorted=False))
        return unpack_sequence(packed)

    def facts(self, inputs):
        return {
            "layerCount": self.lstm.num_layers,
            "hiddenSize": self.lstm.hidden_size,
            "inputSize": inputs[0].shape[1],
            "isBidirectional": self.lstm.bidirectional,
            "parameters": named(self.parameters),
            "inputs": [matrix(x) for x in inputs],
        }

    def gradients(self, inputs):
        return {
            "parameterGradients": named({n: p.grad for n, p in self.parameters.items()}),
            "inputGradients": [matrix(x.grad) for x in inputs],
        }


def plain(lengths, input_size, hidden_size, bidirectional):
    reference = Reference(input_size, hidden_size, 2, bidirectional)
    inputs = [random(length, input_size) for length in lengths]
    outputs = reference.outputs(inputs)
    weights = [random(*output.shape) for output in outputs]
    loss = sum((output * weight).sum() for output, weight in zip(outputs, weights))
    loss.backward()
    return (
        reference.facts(inputs)
        | {"outputs": [matrix(x) for x in outputs], "outputWeights": [matrix(x) for x in weights]}
        | {"loss": number(loss)}
        | reference.gradients(inputs)
    )


def recipe(lengths, labels, input_size=3, hidden_size=4, class_count=5, stack_count=3, stride=3):
    reference = Reference(input_size * stack_count, hidden_size, 2, bidirectional=True)
    weight, bias = random(class_count, 2 * hidden_size), random(class_count)
    reference.parameters |= {"output.weight": weight, "output.bias": bias}
    inputs = [random(length, input_size) for length in lengths]
    # unfold gives [rows x features x stack]; a stacked row is frame after frame.
    stacked = [x.unfold(0, stack_count, stride).transpose(1, 2).flatten(1) for x in inputs]
    logits = [functional.linear(x, weight, bias) for x in reference.outputs(stacked)]
    for x in logits:
        x.retain_grad()
    scores = [functional.log_softmax(x, dim=1) for x in logits]
    losses = [
        functional.ctc_loss(
            score[:, None], torch.tensor([label]), [len(score)], [len(label)], reduction="sum"
        )
        for score, label in zip(scores, labels)
    ]
    sum(losses).backward()
    return (
        reference.facts(inputs)
        | {"stackCount": stack_count, "stride": stride, "classCount": class_count}
        | {"labels": labels, "outputs": [matrix(x) for x in logits]}
        | {"logProbabilities": [matrix(x) for x in scores]}
        | {"losses": [number(x) for x in losses], "loss": number(sum(losses))}
        | {"logitGradients": [matrix(x.grad) for x in logits]}
        | reference.gradients(inputs)
    )


def lines(values):
    """JSON with one line for each matrix, so that differences can be read."""
    items = []
    for key, value in values.items():
        text = json.dumps(value)
        if isinstance(value, list) and isinstance(value[0], dict):
            text = "[\n" + ",\n".join(f"    {json.dumps(x)}" for x in value) + "\n  ]"
        items.append(f'  "{key}": {text}')
    return "{\n" + ",\n".join(items) + "\n}\n"


def write(name, seed, make):
    torch.manual_seed(seed)
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.json").write_text(lines(make()))


write("unidirectional", 1, lambda: plain([6], 3, 4, bidirectional=False))
write("bidirectional", 2, lambda: plain([5], 4, 3, bidirectional=True))
write("batch", 3, lambda: plain([4, 7, 1], 5, 6, bidirectional=True))
write("recipe", 4, lambda: recipe([15, 9, 12], [[1, 2, 2], [4], [3, 1]]))
