"""Training of layers other than LSTM in PyTorch, timed as scripts/bench times it in Stapes.

scripts/reference/peers runs it: WORK --threads N --case CASE prints one line of JSON,

    {"work", "case", "peer", "threads", "median_ms", "best_ms"}

A repetition is forward, log-softmax over 29 classes, CTC with labels of 40, and backward to the
gradient of every parameter; equal lengths, 32-bit floats, no step of an optimiser.
"""

import argparse
import json
import statistics
import time

import torch

CLASSES, LABELS = 29, 40


class Recurrent(torch.nn.Module):
    def __init__(self, kind, inputs, hidden, layers, **options):
        super().__init__()
        self.layers = kind(inputs, hidden, layers, **options)
        self.outputs = hidden * (2 if options.get("bidirectional") else 1)

    def forward(self, x):
        return self.layers(x)[0]


class DeepSpeech2(torch.nn.Module):
    """The two convolutions of Deep Speech 2 over frames x frequencies, and layers behind them."""

    def __init__(self, inputs, layers):
        super().__init__()
        self.convolutions = torch.nn.Sequential(
            torch.nn.Conv2d(1, 32, (11, 41), (2, 2), (5, 20)), torch.nn.ReLU(),
            torch.nn.Conv2d(32, 32, (11, 21), (1, 2), (5, 10)), torch.nn.ReLU(),
        )
        self.layers = layers(32 * -(-inputs // 4))
        self.outputs = self.layers.outputs

    def forward(self, x):
        images = self.convolutions(x.transpose(0, 1).unsqueeze(1))
        return self.layers(images.permute(2, 0, 3, 1).flatten(2))


class Dense(torch.nn.Module):
    def __init__(self, inputs, size):
        super().__init__()
        self.linear, self.outputs = torch.nn.Linear(inputs, size), size

    def forward(self, x):
        return self.linear(x).relu()


def gru(inputs, hidden, layers, both=False):
    return Recurrent(torch.nn.GRU, inputs, hidden, layers, bidirectional=both)


def elman(inputs, f):
    return Recurrent(torch.nn.RNN, inputs, 256, 2, nonlinearity=f)


# For each case its network, and batch x frames x inputs.
WORKS = {
    "gru-train": {
        "2x256": (lambda: gru(39, 256, 2), (16, 400, 39)),
        "3x320-bi": (lambda: gru(120, 320, 3, both=True), (32, 300, 120)),
    },
    "elman-train": {
        "2x256-tanh": (lambda: elman(39, "tanh"), (16, 400, 39)),
        "2x256-relu": (lambda: elman(39, "relu"), (16, 400, 39)),
    },
    "conv-train": {
        "conv2-512-dense": (lambda: DeepSpeech2(80, lambda n: Dense(n, 512)), (16, 300, 80)),
        "conv2-3x320-gru-bi": (
            lambda: DeepSpeech2(80, lambda n: gru(n, 320, 3, both=True)), (16, 300, 80),
        ),
    },
}


def timed(step, seconds=4.0):
    step(), step()
    times, end = [], time.perf_counter() + seconds
    while len(times) < 5 or (time.perf_counter() < end and len(times) < 200):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return times


parser = argparse.ArgumentParser()
parser.add_argument("work", choices=list(WORKS))
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--case", required=True)
arguments = parser.parse_args()
torch.set_num_threads(arguments.threads)
torch.manual_seed(0)
make, (batch, frames, inputs) = WORKS[arguments.work][arguments.case]
network = make()
linear = torch.nn.Linear(network.outputs, CLASSES)
x = torch.randn(frames, batch, inputs)
labels = torch.randint(1, CLASSES, (batch, LABELS))


def step():
    for module in (network, linear):
        module.zero_grad()
    outputs = linear(network(x)).log_softmax(-1)
    lengths = torch.full((batch,), len(outputs)), torch.full((batch,), LABELS)
    torch.nn.functional.ctc_loss(outputs, labels, *lengths).backward()


times = timed(step)
print(json.dumps({
    "work": arguments.work, "case": arguments.case, "peer": "torch-" + torch.__version__,
    "threads": arguments.threads, "median_ms": round(statistics.median(times) * 1e3, 4),
    "best_ms": round(min(times) * 1e3, 4),
}))
