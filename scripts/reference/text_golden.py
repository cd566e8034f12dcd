#!/usr/bin/env python3
"""Golden text: error rates by jiwer, numbers by num2words, Normalization Forms by Python.

    pip install jiwer num2words && python scripts/reference/text_golden.py

writes Fixtures/golden/text/*.json:

    errors.json       {"pairs": [{"reference", "hypothesis", "wordErrors", "characterErrors"}],
                       "wer", "cer" over all pairs, "exact": how many pairs are alike}
    numbers.json      [{"digits", "cardinal", "ordinal"}] without "and", commas and hyphens
    composition.json  [[text, text in Form C]]
    forms.json        [[text, text in Form KC], of full-width and half-width characters, Latin
                       ligatures and Arabic letters as they stand in a word]
"""
import json
import pathlib
import random
import unicodedata

import jiwer
import num2words

TARGET = pathlib.Path(__file__).parents[2] / "Fixtures/golden/text"
WORDS = "a b the cat can sat hat on mat at one two tool two's été straße".split()


def errors(chance):
    pairs = []
    for _ in range(120):
        reference = chance.choices(WORDS, k=chance.randint(1, 12))
        hypothesis = []
        for word in reference:
            draw = chance.random()
            if draw < 0.12:
                continue
            hypothesis.append(chance.choice(WORDS) if draw < 0.3 else word)
            if draw > 0.9:
                hypothesis.append(chance.choice(WORDS))
        pairs.append((" ".join(reference), " ".join(hypothesis)))
    references, hypotheses = zip(*pairs)

    def count(output):
        return output.substitutions + output.insertions + output.deletions

    return {
        "pairs": [
            {
                "reference": reference,
                "hypothesis": hypothesis,
                "wordErrors": count(jiwer.process_words(reference, hypothesis)),
                "characterErrors": count(jiwer.process_characters(reference, hypothesis)),
            }
            for reference, hypothesis in pairs
        ],
        "wer": jiwer.wer(list(references), list(hypotheses)),
        "cer": jiwer.cer(list(references), list(hypotheses)),
        "exact": sum(reference == hypothesis for reference, hypothesis in pairs),
    }


def words(value, **options):
    spoken = num2words.num2words(value, lang="en", **options)
    plain = spoken.replace(",", "").replace("-", " ").split()
    return " ".join(word for word in plain if word != "and")


def numbers(chance):
    values = [*range(0, 131, 3), 200, 999, 1000, 1001, 1010, 1100, 10_000, 12_345, 10**6, 10**9 + 1]
    values += [chance.randrange(10**k, 10 ** (k + 1)) for k in range(2, 34) for _ in range(2)]
    return [
        {"digits": str(value), "cardinal": words(value), "ordinal": words(value, to="ordinal")}
        for value in values
    ]


def composition(chance):
    blocks = [(0x41, 0x5B), (0xC0, 0x250), (0x391, 0x3CA), (0x410, 0x450), (0x1EA0, 0x1EF9),
              (0xAC00, 0xAC80), (0x212B, 0x212C)]
    codes = [code for first, end in blocks for code in range(first, end)]
    letters = [chr(code) for code in codes if unicodedata.category(chr(code)).startswith("L")]
    marks = [chr(code) for code in [*range(0x300, 0x30D), 0x323, 0x327, 0x328, 0x345]]
    texts = [
        unicodedata.normalize("NFD", chance.choice(letters) + "".join(chance.choices(marks, k=k)))
        for k in (1, 2, 3)
        for _ in range(50)
    ]
    texts += ["\U00010041\u0301", "\u1100\u1161\u11A8", "\u0F73"]
    return [[text, unicodedata.normalize("NFC", text)] for text in texts]


def forms(chance):
    blocks = [(0xFF10, 0xFF9E), (0xFFA0, 0xFFDD), (0xFB00, 0xFB07), (0xFB50, 0xFBB2),
              (0xFBFC, 0xFC00), (0xFE80, 0xFEFD)]
    codes = [code for first, end in blocks for code in range(first, end)]
    texts = [chr(code) for code in codes if unicodedata.category(chr(code))[0] in "LN"]
    texts += ["".join(chance.choices(texts, k=4)) for _ in range(50)] + ["ｶﾞﾊﾟｳﾞｱ", "ＡＢＣ１２"]
    return [[text, unicodedata.normalize("NFKC", text)] for text in texts]


TARGET.mkdir(parents=True, exist_ok=True)
for make in (errors, numbers, composition, forms):
    content = json.dumps(make(random.Random(1)), indent=1)
    (TARGET / f"{make.__name__}.json").write_text(content + "\n", encoding="utf-8")
