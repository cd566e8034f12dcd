#!/usr/bin/env python3
"""Golden scores of an n-gram model by KenLM.

    pip install kenlm && python scripts/reference/ngram_golden.py

reads Fixtures/golden/language/small.arpa, which `stapes lm train small.txt --order 3` made of the
text beside it, and writes scores.json: [{"sentence", "score"}], natural logarithms with the end of
the sentence included, of sentences with and without unknown words.

    python scripts/reference/ngram_golden.py MODEL.arpa TEXT

prints the perplexity of a text under any ARPA file, as `stapes lm perplexity --as-is` does.
"""
import json
import math
import pathlib
import random
import sys

import kenlm

FOLDER = pathlib.Path(__file__).parents[2] / "Fixtures/golden/language"


def golden():
    chance = random.Random(1)
    lines = (FOLDER / "small.txt").read_text(encoding="utf-8").splitlines()
    words = sorted({word for line in lines for word in line.split()}) + ["zyx"]
    sentences = lines[:10] + ["", "zyx", "zyx zyx zyx"]
    sentences += [" ".join(chance.choices(words, k=chance.randint(1, 9))) for _ in range(60)]
    model = kenlm.Model(str(FOLDER / "small.arpa"))
    return [{"sentence": s, "score": model.score(s) * math.log(10)} for s in sentences]


def perplexity(arpa, path):
    model = kenlm.Model(arpa)
    known, unknown, count, missing = 0.0, 0.0, 0, 0
    with open(path, encoding="utf-8") as lines:
        for line in filter(str.strip, lines):
            for score, _, is_unknown in model.full_scores(line.strip()):
                count += 1
                missing += is_unknown
                if is_unknown:
                    unknown += score
                else:
                    known += score
    print("with unknown words   ", 10 ** (-(known + unknown) / count))
    print("without unknown words", 10 ** (-known / (count - missing)))
    print("unknown words        ", missing)


if len(sys.argv) == 3:
    perplexity(sys.argv[1], sys.argv[2])
else:
    text = json.dumps(golden(), indent=1)
    (FOLDER / "scores.json").write_text(text + "\n", encoding="utf-8")
