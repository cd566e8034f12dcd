#!/usr/bin/env python3
"""Reads transcripts in every format with readers that others wrote, and compares them.

    pip install pysrt webvtt-py praatio textgrid
    stapes batch CLIPS --output OUT --format txt,json,jsonl,csv,tsv,srt,vtt,ctm,textgrid,audacity
    python3 scripts/reference/formats.py OUT

For each clip: pysrt and webvtt-py find the same subtitles, within their limits and with every word
of the text once; praatio and textgrid find the words of the JSON object at their times; Python's csv
and json read the tables and objects; time-marked words keep the rules of NIST's sclite (six fields,
in order of time, confidences in 0...1).
"""

import csv
import html
import json
import sys
from pathlib import Path

import pysrt
import textgrid
import webvtt
from praatio import textgrid as praat

FORMATS = "json jsonl csv tsv srt vtt ctm TextGrid labels.txt".split()
NEAR = 0.0011


def near(a, b):
    return all(abs(x - y) <= NEAR for x, y in zip(a, b, strict=True))


def seconds(clock):
    hours, minutes, rest = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


def check_subtitles(stem, words):
    cues = [
        (cue.start.ordinal, cue.end.ordinal, cue.text)
        for cue in pysrt.open(f"{stem}.srt", encoding="utf-8", error_handling=pysrt.ERROR_RAISE)
    ]
    web = [
        (seconds(cue.start), seconds(cue.end), html.unescape("\n".join(cue.lines)))
        for cue in webvtt.read(f"{stem}.vtt")
    ]
    assert [text for *_, text in web] == [text for *_, text in cues], "srt and vtt differ"
    for (start, end, text), (web_start, web_end, _) in zip(cues, web):
        assert near((start / 1000, end / 1000), (web_start, web_end)), "times of srt and vtt"
        assert 1000 <= end - start <= 7000, f"{end - start} ms"
        assert len(text.split("\n")) <= 2 and all(len(x) <= 42 for x in text.split("\n")), text
    for (_, end, _), (start, _, _) in zip(cues, cues[1:]):
        assert start - end >= 83, "subtitles too near"
    assert "".join(text for *_, text in cues).split() or not words
    assert "".join("".join(text.split()) for *_, text in cues) == "".join(
        "".join(word["text"].split()) for word in words), "words of subtitles"
    return len(cues)


def check_grid(stem, words):
    path = f"{stem}.TextGrid"
    spans = [(word["start"], word["end"]) for word in words]
    grid = praat.openTextgrid(path, includeEmptyIntervals=True, reportingMode="error")
    assert list(grid.tierNames) == ["words", "characters"]
    said = [entry for entry in grid.getTier("words").entries if entry.label]
    assert [entry.label for entry in said] == [word["text"] for word in words], "praatio"
    for entry, span in zip(said, spans):
        assert near((entry.start, entry.end), span), "times of praatio"
    letters = [entry.label for entry in grid.getTier("characters").entries if entry.label]
    assert "".join(letters) == "".join(word["text"] for word in words)
    other = textgrid.TextGrid.fromFile(path)
    assert [x.mark for x in other.getFirst("words") if x.mark] == [word["text"] for word in words]


def check_words(stem, words):
    lines = [line.split(" ") for line in Path(f"{stem}.ctm").read_text().split("\n")[:-1]]
    assert all(len(line) == 6 and not line[0].startswith(";;") for line in lines), "ctm fields"
    assert [line[4] for line in lines] == [word["text"] for word in words], "ctm words"
    for line, word in zip(lines, words):
        start, duration, confidence = (float(line[index]) for index in (2, 3, 5))
        assert near((start, start + duration), (word["start"], word["end"])), "ctm times"
        assert near((confidence,), (word["confidence"],)) and 0 <= confidence <= 1
    starts = [float(line[2]) for line in lines]
    assert starts == sorted(starts)
    labels = [line.split("\t") for line in Path(f"{stem}.labels.txt").read_text().split("\n")[:-1]]
    assert [label for _, _, label in labels] == [word["text"] for word in words], "labels"


def check_tables(stem, record):
    with open(f"{stem}.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, strict=True))
    with open(f"{stem}.tsv", newline="", encoding="utf-8") as file:
        assert rows == list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)), "tsv"
    for rank, (row, reading) in enumerate(zip(rows, record["hypotheses"], strict=True), 1):
        assert int(row["rank"]) == rank and row["text"] == reading["text"]
        assert near((float(row["confidence"]),), (reading["confidence"],))


def check(stem):
    record = json.loads(Path(f"{stem}.json").read_text())
    line = json.loads(Path(f"{stem}.jsonl").read_text().split("\n")[0])
    words = record["words"]
    assert " ".join(word["text"] for word in words) == record["text"]
    for word in words:
        assert "".join(letter["text"] for letter in word.pop("characters")) == word["text"]
    assert line == record, "json and jsonl differ"
    assert Path(f"{stem}.txt").read_text().split("\n")[0] == record["text"]
    check_grid(stem, words)
    check_words(stem, words)
    check_tables(stem, record)
    return check_subtitles(stem, words), len(words)


stems = sorted(str(path)[: -len(".json")] for path in Path(sys.argv[1]).rglob("*.json"))
assert stems, "no .json"
counts = [check(stem) for stem in stems]
print(
    f"{len(stems)} clips, {sum(cues for cues, _ in counts)} subtitles, "
    f"{sum(words for _, words in counts)} words: every reader agrees"
)
