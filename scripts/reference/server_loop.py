#!/usr/bin/env python3
"""From mistakes to a better model, through the server's interface: what `scripts/server-test --loop` prints.

    server_loop.py SERVER FOLDER [MODEL] [REPLAYED]

FOLDER holds clips of one voice with their texts (clip.wav and clip.txt), at least 200. A hundred of them, drawn
at random, are corrected as the page does it, and learnt from; the word error rate on a hundred others, of other
texts where there are enough, is that of the model before and after, with its language model. Ends with status 1
where it does not fall by a third, or that takes five minutes.
"""
import http.client
import json
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

server, folder = sys.argv[1], pathlib.Path(sys.argv[2])
model = sys.argv[3] if len(sys.argv) > 3 else "english"
replayed = sys.argv[4:5]
port = 8577


def ask(method, path, body=None, kind="application/json"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request(method, path, body, {"Content-Type": kind} if body is not None else {})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    if answer.status != 200:
        sys.exit(f"{path}: {text}")
    return text


def post(path, value):
    return json.loads(ask("POST", path, json.dumps(value)))


def transcribed(clip, name):
    fields = {"model": name, "response_format": "text"}
    parts = [f'--b\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
             for field, value in fields.items()]
    body = ("".join(parts) + '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n').encode()
    body += clip.read_bytes() + b"\r\n--b--\r\n"
    return ask("POST", "/v1/audio/transcriptions", body, "multipart/form-data; boundary=b")


def words(text):
    return re.sub(r"[^\w' ]+", " ", text.lower()).split()


def edits(said, recognised):
    row = list(range(len(recognised) + 1))
    for i, word in enumerate(said, 1):
        before, row = row, [i]
        for j, other in enumerate(recognised, 1):
            row.append(min(before[j - 1] + (word != other), before[j] + 1, row[-1] + 1))
    return row[-1]


def rate(clips, name):
    errors = count = 0
    for clip in clips:
        said = words(text_of(clip))
        errors += edits(said, words(transcribed(clip, name)))
        count += len(said)
    return errors / count, errors, count


def text_of(clip):
    return clip.with_suffix(".txt").read_text(encoding="utf-8").strip()


clips = sorted(clip for clip in folder.iterdir()
               if clip.suffix in (".wav", ".opus", ".flac") and clip.with_suffix(".txt").exists())
random.Random(1).shuffle(clips)
learnt, rest = clips[:100], clips[100:]
texts = {text_of(clip) for clip in learnt}
others = ([clip for clip in rest if text_of(clip) not in texts] + [c for c in rest if text_of(c) in texts])[:100]
if len(others) < 100:
    sys.exit(f"{folder}: {len(clips)} clips with texts; 200 are needed")

with tempfile.TemporaryDirectory() as work:
    work = pathlib.Path(work)
    for clip in learnt:
        shutil.copy(clip, work)
    options = ["--replay", replayed[0]] if replayed else []
    process = subprocess.Popen([server, "--port", str(port), "--quiet", "--label", str(work), *options])
    try:
        while True:
            try:
                ask("GET", "/ready")
                break
            except OSError:
                time.sleep(0.1)
        before = rate(others, model)
        began = time.monotonic()
        listing = json.loads(ask("GET", "/label/clips"))
        for clip in listing["clips"]:
            post(f"/label/clips/{clip['id']}", {"text": text_of(folder / clip["name"]), "shown": None})
        corrected = time.monotonic()
        post("/learn", {"model": model, "epochs": 12})
        while (state := json.loads(ask("GET", "/learn"))["report"])["state"] in ("training", "measuring"):
            time.sleep(0.2)
        taken = time.monotonic() - corrected
        if state["state"] != "done":
            sys.exit(f"the training failed: {state.get('problem')}")
        facts = state["facts"]
        after = rate(others, facts["name"])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()

print(f"corrected {len(learnt)} clips in {corrected - began:.1f} s, learnt in {taken:.0f} s")
print("on the page's {} held-out clips: word error rate {:.1%} before, {:.1%} after".format(
    facts["heldOutCount"], facts["before"]["wer"]["value"], facts["after"]["wer"]["value"]))
for name, (value, errors, count) in (("before", before), ("after", after)):
    print(f"on 100 others, {name}: word error rate {value:.1%} ({errors} errors in {count} words)")
falls = after[0] <= before[0] * 2 / 3 and taken < 300
print("falls by a third within five minutes" if falls else "does not fall by a third within five minutes")
sys.exit(0 if falls else 1)
