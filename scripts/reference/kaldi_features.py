#!/usr/bin/env python3
"""Golden features: Kaldi's definitions as kaldi-native-fbank implements them.

    pip install numpy kaldi-native-fbank && python scripts/reference/kaldi_features.py

writes Fixtures/golden/features/kaldi.json:

    samples   [integer]  a quarter of a second of a gliding voice-like tone in noise, 16 bits
    cases     [{"name", "rows", "columns", "values" row by row}]

Each case takes the same samples; what its options are is written once more, in this project's
terms, in the test that reads it. Values are written with seven significant digits.
"""
import json
import pathlib

import kaldi_native_fbank as knf
import numpy as np

TARGET = pathlib.Path(__file__).parents[2] / "Fixtures/golden/features/kaldi.json"


def make_samples(count=4_000):
    random = np.random.default_rng(1)
    n = np.arange(count)
    phase = 2 * np.pi * np.cumsum(120 + 60 * n / count) / 16_000
    tone = sum(np.sin(k * phase) / k for k in range(1, 30))
    swell = 0.2 + np.sin(np.pi * n / count) ** 2
    return np.round(3_000 * swell * tone + random.normal(0, 100, count) + 200).astype(int)


def frame_options(options, **settings):
    options.frame_opts.dither = 0
    options.energy_floor = 0
    for name, value in settings.items():
        setattr(options.frame_opts, name, value)


def compute(computer, rate, samples):
    computer.accept_waveform(rate, samples.astype(np.float32).tolist())
    computer.input_finished()
    return np.array([computer.get_frame(i) for i in range(computer.num_frames_ready)])


def fbank_default(samples):
    options = knf.FbankOptions()
    frame_options(options)
    options.mel_opts.num_bins = 23
    return compute(knf.OnlineFbank(options), 16_000, samples)


def mfcc_default(samples):
    options = knf.MfccOptions()
    frame_options(options)
    return compute(knf.OnlineMfcc(options), 16_000, samples)


def fbank_magnitude(samples):
    options = knf.FbankOptions()
    frame_options(
        options, window_type="hanning", remove_dc_offset=False, preemph_coeff=0.9,
        frame_length_ms=20, frame_shift_ms=8)
    options.mel_opts.num_bins = 30
    options.mel_opts.low_freq = 60
    options.mel_opts.high_freq = 7_000
    options.use_power = False
    options.use_energy = True
    options.raw_energy = False
    return compute(knf.OnlineFbank(options), 16_000, samples)


def mfcc_telephone(samples):
    options = knf.MfccOptions()
    frame_options(options, samp_freq=8_000, window_type="hamming", snip_edges=False)
    options.mel_opts.num_bins = 15
    options.mel_opts.low_freq = 100
    options.mel_opts.high_freq = 3_800
    options.num_ceps = 12
    options.cepstral_lifter = 0
    options.use_energy = False
    return compute(knf.OnlineMfcc(options), 8_000, samples)


def mfcc_c0_last(samples):
    options = knf.MfccOptions()
    frame_options(options, window_type="rectangular", preemph_coeff=0)
    options.htk_compat = True
    options.use_energy = False
    return compute(knf.OnlineMfcc(options), 16_000, samples)


def main():
    samples = make_samples()
    cases = []
    for case in (fbank_default, mfcc_default, fbank_magnitude, mfcc_telephone, mfcc_c0_last):
        features = case(samples)
        cases.append({
            "name": case.__name__, "rows": features.shape[0], "columns": features.shape[1],
            "values": [float(f"{value:.7g}") for value in features.ravel()]})
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    samples = json.dumps(samples.tolist(), separators=(",", ":"))
    TARGET.write_text(f'{{"samples":{samples},\n"cases":[\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
