#!/usr/bin/env python3
"""How fast a server is: what `scripts/server-test --figures` prints.

    server_figures.py TOOL SERVER FOLDER

FOLDER holds WAV files of 16 kHz, one channel. Prints the time from the start to ready, the time of a
Wyoming answer after the end of three seconds of speech, the throughput of the HTTP interface beside that
of `stapes batch` on the same clips and cores, and the memory with both English models. Needs wyoming.
"""
import asyncio
import concurrent.futures
import http.client
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import wave

from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient

tool, server, folder = sys.argv[1:4]
clips = sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".wav"))
cores = os.cpu_count()


def get(path):
    connection = http.client.HTTPConnection("127.0.0.1", 8579, timeout=60)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def post(clip, model="english"):
    with open(clip, "rb") as sound:
        data = sound.read()
    body = (b"--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n" + model.encode()
            + b"\r\n--b\r\nContent-Disposition: form-data; name=\"response_format\"\r\n\r\ntext\r\n--b\r\n"
            b"Content-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n" + data
            + b"\r\n--b--\r\n")
    connection = http.client.HTTPConnection("127.0.0.1", 8579, timeout=600)
    connection.request("POST", "/v1/audio/transcriptions", body,
                       {"Content-Type": "multipart/form-data; boundary=b"})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    if answer.status != 200:
        sys.exit(text)
    return text


def seconds(clip):
    with wave.open(clip) as sound:
        return sound.getnframes() / sound.getframerate()


async def wyoming(clip, count):
    with wave.open(clip) as sound:
        samples = sound.readframes(3 * 16000)
    times = []
    for _ in range(count):
        async with AsyncTcpClient("127.0.0.1", 8578) as connection:
            await connection.write_event(Transcribe().event())
            await connection.write_event(AudioStart(rate=16000, width=2, channels=1).event())
            for start in range(0, len(samples), 2048):
                await connection.write_event(AudioChunk(
                    rate=16000, width=2, channels=1, audio=samples[start:start + 2048]).event())
            began = time.perf_counter()
            await connection.write_event(AudioStop().event())
            while not Transcript.is_type((await connection.read_event()).type):
                pass
            times.append(time.perf_counter() - began)
    return sorted(times)


def throughput(process):
    """Pairs of server and batch in turn, as hours differ less within a pair."""
    ratios = []
    for _ in range(5):
        began = time.perf_counter()
        with concurrent.futures.ThreadPoolExecutor(cores * 2) as pool:
            list(pool.map(post, clips))
        served = time.perf_counter() - began
        with tempfile.TemporaryDirectory() as output:
            began = time.perf_counter()
            subprocess.run([tool, "batch", folder, "--output", output, "--jobs", str(cores), "--quiet"],
                           check=True)
            batched = time.perf_counter() - began
        ratios.append(batched / served)
        print(f"server {served:.2f} s, batch {batched:.2f} s: ratio {ratios[-1]:.3f}", flush=True)
    return statistics.median(ratios)


starts = []
for _ in range(5):
    began = time.perf_counter()
    process = subprocess.Popen([server, "--port", "8579", "--wyoming-port", "8578", "--quiet"])
    while get("/ready") != 200:
        time.sleep(0.005)
    starts.append(time.perf_counter() - began)
    if len(starts) < 5:
        process.send_signal(signal.SIGTERM)
        process.wait()
print(f"start to ready: median {statistics.median(starts):.3f} s of {len(starts)}")
clip = max(clips, key=seconds)
post(clip)
times = asyncio.run(wyoming(clip, 60))
print(f"Wyoming, 3 s of speech, after audio-stop: median {times[30] * 1000:.0f} ms, "
      f"p95 {times[57] * 1000:.0f} ms")
post(clip, "english-streaming")
with open(f"/proc/{process.pid}/status", encoding="ascii") as lines:
    memory = next(line.split()[1] for line in lines if line.startswith("VmRSS"))
print(f"memory with both English models: {int(memory) // 1024} MB")
total = sum(map(seconds, clips))
print(f"throughput against batch, {len(clips)} clips of {total:.0f} s: {throughput(process):.3f}")
process.send_signal(signal.SIGTERM)
process.wait()
