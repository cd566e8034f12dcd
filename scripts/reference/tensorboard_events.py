"""Compares the events that `stapes train --tensorboard` writes with TensorBoard's own reader.

    pip install tensorboard
    python scripts/reference/tensorboard_events.py Fixtures/golden/training/events.tfevents
    python scripts/reference/tensorboard_events.py --check EVENTS RUN

Without --check it writes, with TensorBoard's own writer, the events that the tests of Stapes make
too. With it, it reads the folder EVENTS of `--tensorboard`, and compares every curve with the lines
of `log.jsonl` in the folder RUN of `--report`.
"""

import json
import struct
import sys
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

MEMBERS = {
    "loss/training": "loss",
    "loss/validation": "validationLoss",
    "error/characters": "characterErrorRate",
    "error/words": "wordErrorRate",
    "error/clips": "wordErrorRate",
    "learning_rate": "learningRate",
    "gradient_norm/median": "gradientNorm",
    "gradient_norm/largest": "largestGradientNorm",
    "speed/hours_a_second": "hoursPerSecond",
}


def write(path):
    def scalars(pairs):
        return Summary(value=[Summary.Value(tag=tag, simple_value=value) for tag, value in pairs])

    events = [
        Event(wall_time=1700000000.25, file_version="brain.Event:2"),
        Event(wall_time=1700000001.5, step=1, session_log=SessionLog(status=SessionLog.START)),
        Event(wall_time=1700000002, step=1, summary=scalars([("loss/training", 2.5), ("zero", 0)])),
        Event(
            wall_time=1700000003.125, step=300, summary=scalars([("Höhe" * 40, -1e-3)])),
    ]
    with open(path, "wb") as file:
        writer = RecordWriter(file)
        for event in events:
            writer.write(event.SerializeToString(deterministic=True))
        writer.flush()


def check(folder, run):
    accumulator = EventAccumulator(folder, size_guidance={"scalars": 0})
    accumulator.Reload()
    lines = [json.loads(line) for line in (Path(run) / "log.jsonl").read_text().splitlines()]
    epochs = {line["epoch"]: line for line in lines if line["event"] == "epoch"}
    tags = accumulator.Tags()["scalars"]
    assert epochs and len(tags) >= 7, tags
    for tag in tags:
        curve = {event.step: event.value for event in accumulator.Scalars(tag)}
        assert len(curve) == len(accumulator.Scalars(tag)), f"{tag}: a step stands there twice"
        wanted = {step: line[MEMBERS[tag]] for step, line in epochs.items()}
        rounded = {
            step: struct.unpack("f", struct.pack("f", value))[0] for step, value in wanted.items()}
        assert curve == rounded, f"{tag}: {curve} instead of {rounded}"
    print(f"{len(tags)} curves of {len(epochs)} epochs are those of the log")


if __name__ == "__main__":
    if sys.argv[1] == "--check":
        check(*sys.argv[2:])
    else:
        write(sys.argv[1])
