#!/usr/bin/env python3
"""Real clients, unmodified, against a running server: OpenAI's, Wyoming's, and Vosk's protocol.

    server_clients.py HTTP_PORT VOSK_PORT WYOMING_PORT WAKE_WORDS CLIP.wav…

WAKE_WORDS is the list that the server was started with. What is expected is what the tool says of the same sound, which STAPES names. The clips are WAV of 16 kHz,
one channel. Needs openai, wyoming, websockets, webvtt-py and srt; scripts/server-test brings them.
"""
import asyncio
import base64
import io
import json
import os
import socket
import subprocess
import sys
import threading
import urllib.request
import wave

import openai
import srt
import webvtt
from openai import OpenAI
from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.event import async_read_event, async_write_event
from wyoming.info import Describe, Info
from wyoming.ping import Ping, Pong
from wyoming.wake import Detect, Detection, NotDetected
import websockets

http, vosk, wyoming = map(int, sys.argv[1:4])
wake_words, clips = sys.argv[4], sys.argv[5:]
tool = os.environ["STAPES"]


def said(*arguments, sound=None):
    """What the tool prints, in one line."""
    run = subprocess.run([tool, *arguments], input=sound, stdout=subprocess.PIPE, check=True,
                         stderr=subprocess.DEVNULL)
    return " ".join(run.stdout.decode().split())


expected = {clip: said("transcribe", clip) for clip in clips}
streamed = {clip: said("listen", clip) for clip in clips}
base = f"http://127.0.0.1:{http}/v1"
client = OpenAI(base_url=base, api_key="none", max_retries=0)
checks = 0


def check(condition, what):
    global checks
    checks += 1
    if not condition:
        sys.exit(f"failed: {what}")


def refused(kind, status, code=None, **arguments):
    try:
        client.audio.transcriptions.create(**arguments)
    except kind as error:
        body = error.body
        check(error.status_code == status, f"status {error.status_code} instead of {status}")
        check(set(body) == {"message", "type", "param", "code"}, f"error body {body}")
        check(code is None or body["code"] == code, f"code {body['code']} instead of {code}")
        return
    sys.exit(f"failed: {arguments} was not refused with {status}")


def transcriptions():
    for clip in clips:
        with open(clip, "rb") as sound:
            answer = client.audio.transcriptions.create(file=sound, model="english")
        check(answer.text == expected[clip], f"{clip}: {answer.text}")
    clip = clips[0]
    words = expected[clip].split()
    for form in ["text", "srt", "vtt", "json", "verbose_json", "diarized_json"]:
        with open(clip, "rb") as sound:
            answer = client.audio.transcriptions.create(
                file=sound, model="english", response_format=form)
        if form == "text":
            check(answer.strip() == expected[clip], f"text: {answer}")
        elif form == "srt":
            spoken = " ".join(cue.content for cue in srt.parse(answer)).split()
            check(spoken == words, f"srt: {spoken}")
        elif form == "vtt":
            spoken = " ".join(c.text for c in webvtt.from_buffer(io.StringIO(answer))).split()
            check(spoken == words, f"vtt: {spoken}")
        else:
            check(answer.text == expected[clip], f"{form}: {answer.text}")
        if form == "diarized_json":
            check([s.speaker for s in answer.segments] == ["A"], f"{answer.segments}")
    with open(clip, "rb") as sound:
        answer = client.audio.transcriptions.create(
            file=sound, model="english", response_format="verbose_json",
            timestamp_granularities=["word", "segment"])
    check([word.word for word in answer.words] == words, f"{answer.words}")
    check(all(a.end <= b.start for a, b in zip(answer.words, answer.words[1:])), "order of words")
    check(0 <= answer.words[0].start and answer.words[-1].end <= answer.duration, "times")
    check(" ".join(s.text for s in answer.segments).split() == words, "segments")
    with open(clip, "rb") as sound:
        events = list(client.audio.transcriptions.create(
            file=sound, model="english-streaming", stream=True))
    deltas = "".join(e.delta for e in events if e.type == "transcript.text.delta")
    check(events[-1].type == "transcript.text.done", f"{events[-1]}")
    check(events[-1].text == deltas == streamed[clip], f"streamed: {deltas}")
    with open(clip, "rb") as sound:
        answer = client.audio.transcriptions.create(
            file=sound, model="english", extra_body={"phrases": "yes\nno", "lm": "false"})
    check(answer.text in ["yes", "no", ""], f"phrases: {answer.text}")


def errors():
    refused(openai.BadRequestError, 400, "invalid_audio", file=("a.wav", b"no sound"), model="english")
    refused(openai.BadRequestError, 400, file=("a.wav", b""), model="english")
    with open(clips[0], "rb") as sound:
        data = sound.read()
    sound = ("../../etc/passwd", data)
    refused(openai.NotFoundError, 404, "model_not_found", file=sound, model="nobody")
    refused(openai.BadRequestError, 400, file=sound, model="english", language="fr")
    refused(openai.BadRequestError, 400, "invalid_value", file=sound, model="english",
            response_format="xml")
    refused(openai.APIStatusError, 413, file=("a.wav", b"\0" * (3 << 20)), model="english")
    try:
        client.models.retrieve("nobody")
        sys.exit("failed: a model that is not there was found")
    except openai.NotFoundError:
        check(True, "")
    check([m.id for m in client.models.list()][0] == "english", "models")


def pcm(clip, rate):
    """The samples of a clip of 16 kHz, by linear interpolation where another rate is wanted."""
    with wave.open(clip) as sound:
        check(sound.getframerate() == 16000 and sound.getnchannels() == 1, f"{clip}: 16 kHz, mono")
        frames = sound.readframes(sound.getnframes())
    if rate == 16000:
        return frames
    samples = memoryview(frames).cast("h")
    out = bytearray()
    for i in range(len(samples) * rate // 16000):
        place = i * 16000 / rate
        j = int(place)
        k = min(j + 1, len(samples) - 1)
        value = samples[j] + (samples[k] - samples[j]) * (place - j)
        out += int(round(value)).to_bytes(2, "little", signed=True)
    return bytes(out)


async def realtime():
    client = openai.AsyncOpenAI(base_url=base, api_key="none")
    async with client.realtime.connect(model="english-streaming") as connection:
        first = await connection.recv()
        check(first.type == "session.created", first.type)
        await connection.session.update(session={
            "type": "transcription",
            "audio": {"input": {"format": {"type": "audio/pcm", "rate": 24000},
                                "turn_detection": None}}})
        check((await connection.recv()).type == "session.updated", "session.updated")
        for clip in clips[:2]:
            sound = pcm(clip, 24000)
            for start in range(0, len(sound), 9600):
                piece = base64.b64encode(sound[start:start + 9600]).decode()
                await connection.input_audio_buffer.append(audio=piece)
            await connection.input_audio_buffer.commit()
            deltas = ""
            while True:
                event = await connection.recv()
                if event.type == "conversation.item.input_audio_transcription.delta":
                    deltas += event.delta
                if event.type == "conversation.item.input_audio_transcription.completed":
                    break
            check(event.transcript == deltas, "deltas are the transcript")
            listened = said("listen", "--raw", "s16le:24000:1", "-", sound=sound)
            check(event.transcript == listened, f"realtime: {event.transcript}, not {listened}")


async def vosk_stream():
    for size in [3200, 8000, 31]:
        clip = clips[0]
        sound = pcm(clip, 16000)
        async with websockets.connect(f"ws://127.0.0.1:{vosk}") as connection:
            await connection.send(json.dumps({"config": {"sample_rate": 16000, "words": 1}}))
            final = []
            for start in range(0, len(sound) if size > 31 else 3100, size):
                await connection.send(sound[start:start + size])
                answer = json.loads(await connection.recv())
                check(set(answer) <= {"partial", "text", "result"}, f"vosk: {answer}")
                if "text" in answer:
                    final.append(answer["text"])
            await connection.send('{"eof" : 1}')
            answer = json.loads(await connection.recv())
            final.append(answer["text"])
            if size > 31:
                check(" ".join(filter(None, final)) == streamed[clip], f"vosk: {final}")


async def wyoming_transcripts(write, read):
    """Talks Wyoming by functions that write and read an event."""
    await write(Describe().event())
    info = Info.from_event(await read())
    check("english" in [model.name for model in info.asr[0].models], "wyoming info")
    await write(Ping(text="hello").event())
    check(Pong.from_event(await read()).text == "hello", "wyoming ping")
    for clip in clips:
        await write(Transcribe(language="en").event())
        await write(AudioStart(rate=16000, width=2, channels=1).event())
        sound = pcm(clip, 16000)
        for start in range(0, len(sound), 2048):
            await write(AudioChunk(
                rate=16000, width=2, channels=1, audio=sound[start:start + 2048]).event())
        await write(AudioStop().event())
        while True:
            event = await read()
            if Transcript.is_type(event.type):
                break
        check(Transcript.from_event(event).text == expected[clip], f"wyoming: {clip}")


async def wyoming_wake_words():
    """The wake words of the list, as the tool finds them in the same sound."""
    with open(wake_words, encoding="utf-8") as lines:
        phrases = [line.strip() for line in lines]
    found = 0
    for clip in clips:
        sound = pcm(clip, 16000) + bytes(32000)
        lines = subprocess.run(
            [tool, "listen", "--spot", "--phrases", wake_words, "--raw", "s16le:16000:1", "-", "--json"],
            input=sound, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout.splitlines()
        hits = [(hit["phrase"], hit["end"]) for hit in map(json.loads, lines)]
        for size in 2048, 3001:
            async with AsyncTcpClient("127.0.0.1", wyoming) as connection:
                await connection.write_event(Describe().event())
                info = Info.from_event(await connection.read_event())
                check([model.phrase for model in info.wake[0].models] == phrases, "wake words are offered")
                await connection.write_event(Detect(names=phrases if size == 2048 else None).event())
                await connection.write_event(
                    AudioStart(rate=16000, width=2, channels=1, timestamp=7000).event())
                for start in range(0, len(sound), size):
                    await connection.write_event(AudioChunk(
                        rate=16000, width=2, channels=1, audio=sound[start:start + size]).event())
                await connection.write_event(AudioStop().event())
                await connection.write_event(Ping(text="end").event())
                told = []
                while not Pong.is_type((event := await connection.read_event()).type):
                    told.append(event)
            if not hits:
                check([NotDetected.is_type(event.type) for event in told] == [True], f"not detected: {told}")
            detections = [Detection.from_event(event) for event in told if Detection.is_type(event.type)]
            check([d.name for d in detections] == [phrase for phrase, _ in hits], f"{clip}: {detections}")
            check(all(abs(d.timestamp - 7000 - end * 1000) <= 10 for d, (_, end) in zip(detections, hits)),
                  f"{clip}: {detections}, not at {hits}")
        found += len(hits)
    check(0 < found, "some wake words are said")


async def wyoming_stream():
    async with AsyncTcpClient("127.0.0.1", wyoming) as connection:
        await wyoming_transcripts(connection.write_event, connection.read_event)
    process = await asyncio.create_subprocess_exec(
        tool, "serve", "--uri", "stdio://", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    await wyoming_transcripts(
        lambda event: async_write_event(event, process.stdin), lambda: async_read_event(process.stdout))
    process.stdin.close()
    check(await process.wait() == 0, "the end of standard input ends the server")


def garbage():
    """Whatever a connection sends or leaves out, others are served."""
    for port in [http, vosk, wyoming]:
        for data in [b"\0" * 100000, b"GET / HTTP/1.1\r\nHost: x\r\n", b"POST /v1/audio/transcriptions "
                     b"HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc", b"{}\n", b"[" * 70000]:
            with socket.create_connection(("127.0.0.1", port)) as connection:
                try:
                    connection.sendall(data)
                except OSError:
                    pass
    def one():
        with open(clips[0], "rb") as sound:
            answer = client.audio.transcriptions.create(file=sound, model="english")
        check(answer.text == expected[clips[0]], "in parallel")
    threads = [threading.Thread(target=one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


transcriptions()
errors()
asyncio.run(realtime())
asyncio.run(vosk_stream())
asyncio.run(wyoming_stream())
asyncio.run(wyoming_wake_words())
garbage()
health = urllib.request.urlopen(f"http://127.0.0.1:{http}/health").read()
check(health == b"ok\n", "health")
print(f"{checks} checks passed")
