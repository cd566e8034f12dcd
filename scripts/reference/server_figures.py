#!/usr/bin/env python3
"""How fast a server is: what `scripts/server-test --figures` prints.

    server_figures.py TOOL SERVER FOLDER

FOLDER holds WAV files of 16 kHz, one channel. Prints the time from the start to ready, the time of a
Wyoming answer after the end of three seconds of speech, the time after which a word is on the screen, the
throughput of the HTTP interface beside that of `stapes batch` on the same clips and cores, and the memory
with both English models. Needs wyoming and websockets.
"""
import asyncio
import base64
import concurrent.futures
import http.client
import json
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
import websockets

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


def form(clip, model="english"):
    with open(clip, "rb") as sound:
        data = sound.read()
    return (b"--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n" + model.encode()
            + b"\r\n--b\r\nContent-Disposition: form-data; name=\"response_format\"\r\n\r\ntext\r\n--b\r\n"
            b"Content-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n" + data
            + b"\r\n--b--\r\n")


def post(body):
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


def serve(forms):
    with concurrent.futures.ThreadPoolExecutor(cores * 2) as pool:
        list(pool.map(post, forms))


def batch(_):
    with tempfile.TemporaryDirectory() as output:
        subprocess.run([tool, "batch", folder, "--output", output, "--jobs", str(cores), "--quiet"], check=True)


async def screen(clip):
    """For each word that stays, the seconds from its end in the sound until it is on the screen."""
    lines = subprocess.run([tool, "listen", "--json", clip], stdout=subprocess.PIPE, check=True,
                           stderr=subprocess.DEVNULL).stdout.splitlines()
    words = [word for line in map(json.loads, lines) if line["type"] == "final" for word in line["words"]]
    with wave.open(clip) as sound:
        samples = sound.readframes(sound.getnframes())
    ended, open_, grey, shown = [], "", "", {}
    async with websockets.connect("ws://127.0.0.1:8579/v1/realtime?model=english-streaming") as connection:
        await connection.recv()
        await connection.send(json.dumps({"type": "session.update", "session": {
            "type": "transcription", "include": ["item.input_audio_transcription.partial"],
            "audio": {"input": {"format": {"type": "audio/pcm", "rate": 16000},
                                "turn_detection": {"type": "server_vad", "silence_duration_ms": 700}}}}}))
        await connection.recv()
        began = time.perf_counter()

        async def read():
            nonlocal open_, grey
            async for text in connection:
                message = json.loads(text)
                kind = message["type"].rsplit(".", 1)[-1]
                if kind == "delta":
                    open_ += message["delta"]
                elif kind == "partial":
                    grey = message["transcript"]
                elif kind == "completed":
                    ended.extend(message["transcript"].split())
                    open_ = grey = ""
                else:
                    continue
                now = time.perf_counter() - began
                for place, word in enumerate(ended + (open_ + grey).split()):
                    shown.setdefault((place, word), now)
        reader = asyncio.create_task(read())
        for number in range(len(samples) // 3200):
            # A microphone has a tenth of a second when it is over.
            await asyncio.sleep(max(0, began + (number + 1) / 10 - time.perf_counter()))
            piece = base64.b64encode(samples[number * 3200:number * 3200 + 3200]).decode()
            await connection.send(json.dumps({"type": "input_audio_buffer.append", "audio": piece}))
        await connection.send(json.dumps({"type": "input_audio_buffer.commit"}))
        await asyncio.sleep(1)
        reader.cancel()
    return [shown[place, word["text"]] - word["end"] for place, word in enumerate(words)
            if (place, word["text"]) in shown]


async def screens(clips):
    return sorted([time for clip in clips for time in await screen(clip)])


def throughput(pairs=7):
    """Pairs of server and batch, either first in turn, as a machine differs less within a pair."""
    forms = [form(clip) for clip in clips]
    ratios = []
    for number in range(pairs):
        taken = {}
        for run in (serve, batch) if number % 2 else (batch, serve):
            began = time.perf_counter()
            run(forms)
            taken[run] = time.perf_counter() - began
        served, batched = taken[serve], taken[batch]
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
post(form(clip))
times = asyncio.run(wyoming(clip, 60))
print(f"Wyoming, 3 s of speech, after audio-stop: median {times[30] * 1000:.0f} ms, "
      f"p95 {times[57] * 1000:.0f} ms")
post(form(clip, "english-streaming"))
with open(f"/proc/{process.pid}/status", encoding="ascii") as lines:
    memory = next(line.split()[1] for line in lines if line.startswith("VmRSS"))
print(f"memory with both English models: {int(memory) // 1024} MB")
times = asyncio.run(screens(clips[:30]))
print(f"words on the screen after they are said, {len(times)} words: median {times[len(times) // 2]:.2f} s, "
      f"p95 {times[len(times) * 95 // 100]:.2f} s")
total = sum(map(seconds, clips))
print(f"throughput against batch, {len(clips)} clips of {total:.0f} s: {throughput():.3f}")
process.send_signal(signal.SIGTERM)
process.wait()
