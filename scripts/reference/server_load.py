#!/usr/bin/env python3
"""Many clients at a time, good and bad, for long: what `scripts/server-test --load` runs.

    server_load.py HTTP_PORT PROCESS CLIP COUNT

Sends COUNT requests over 200 connections, every twentieth with the clip twelve times, while others stall, send garbage,
leave in the middle, or send a header a byte at a time. Every request must be answered with the clip's text, or
refused with 503 and Retry-After; the server's memory at the end may be a tenth more than after a tenth of them.
At last the server is told to end, with requests on their way: those that it took must be answered.
"""
import asyncio
import io
import os
import random
import signal
import sys
import time
import wave

port, process, clip, count = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
short, long = 1, 12
random.seed(1)
taken = done = refused = 0
memories = {}
times = {short: [], long: []}
expected = {}
ends = asyncio.Event()


def memory():
    with open(f"/proc/{process}/status", encoding="ascii") as lines:
        return int(next(line.split()[1] for line in lines if line.startswith("VmRSS")))


def request(times):
    """The request for so many times the clip."""
    made = io.BytesIO()
    with wave.open(clip) as sound, wave.open(made, "wb") as other:
        other.setparams(sound.getparams())
        other.writeframes(sound.readframes(sound.getnframes()) * times)
    data = made.getvalue()
    body = (b'--b\r\nContent-Disposition: form-data; name="model"\r\n\r\ndigits\r\n--b\r\n'
            b'Content-Disposition: form-data; name="response_format"\r\n\r\ntext\r\n--b\r\n'
            b'Content-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n' + data + b"\r\n--b--\r\n")
    return (b"POST /v1/audio/transcriptions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: "
            + str(len(body)).encode() + b"\r\n\r\n" + body)


requests = {times: request(times) for times in (short, long)}


async def answer(length):
    """The status, the headers and the body of a request's answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(requests[length])
        await writer.drain()
        head, _, body = (await asyncio.wait_for(reader.read(-1), 300)).partition(b"\r\n\r\n")
    finally:
        writer.close()
    return int(head.split()[1]), head.lower(), body.decode()


async def good(limit):
    global taken, done, refused
    while taken < limit:
        taken += 1
        length = long if taken % 20 == 0 else short
        while True:
            began = time.monotonic()
            status, head, body = await answer(length)
            if status == 200:
                break
            if status != 503 or b"retry-after:" not in head:
                sys.exit(f"failed: status {status}: {body}")
            refused += 1
            await asyncio.sleep(0.5)
        times[length].append(time.monotonic() - began)
        if expected.setdefault(length, body) != body:
            sys.exit(f"failed: {length} gave {body!r}, and before {expected[length]!r}")
        done += 1


async def bad():
    """One client after another that does not behave."""
    while not ends.is_set():
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.2)
            continue
        data = requests[random.choice([short, long])]
        try:
            match random.randrange(5):
                case 0:  # stalls in the middle of the body
                    writer.write(data[:len(data) // 2])
                    await asyncio.wait_for(ends.wait(), 20)
                case 1:  # leaves in the middle
                    writer.write(data[:random.randrange(len(data))])
                    await writer.drain()
                case 2:  # garbage
                    writer.write(random.randbytes(random.randrange(1, 100_000)))
                    await asyncio.wait_for(reader.read(-1), 20)
                case 3:  # a header a byte at a time
                    for place in range(200):
                        writer.write(data[place:place + 1])
                        await asyncio.wait_for(ends.wait(), 0.2)
                case 4:  # leaves before the answer
                    writer.write(data)
                    await writer.drain()
                    await asyncio.sleep(random.random() * 0.1)
        except (OSError, asyncio.TimeoutError):
            pass
        writer.close()
        await asyncio.sleep(0.05)


async def last(length):
    """A request while the server ends: nothing is wrong with one that it did not take."""
    try:
        status, _, body = await answer(length)
    except ConnectionRefusedError:
        return False
    if status == 503:
        return False
    if status != 200 or body != expected[length]:
        sys.exit(f"failed: a request that was taken got status {status}: {body!r}")
    return True


async def main():
    for length in [long, short] * 4:  # so that memory is what such work takes from the beginning
        _, _, expected[length] = await answer(length)
    began = time.monotonic()
    for limit in count // 10, count:
        ends.clear()
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(good(limit)) for _ in range(180)]
            for _ in range(20):
                group.create_task(bad())
            await asyncio.gather(*tasks)
            ends.set()
        memories[limit] = memory()
        print(f"after {done} requests: {memories[limit]} kB", flush=True)
    seconds = time.monotonic() - began
    for length, name in (short, "short"), (long, "long"):
        values = sorted(times[length])
        print(f"{name} clips: median {values[len(values) // 2]:.2f} s, p99 {values[len(values) * 99 // 100]:.2f} s")
    print(f"{done} requests in {seconds:.0f} s, {refused} refusals that were tried again")
    first, end = memories[count // 10], memories[count]
    if end > first * 1.1:
        sys.exit(f"failed: memory grew from {first} to {end} kB")
    waiting = [asyncio.create_task(last(short)) for _ in range(100)]
    await asyncio.sleep(0.2)
    os.kill(process, signal.SIGTERM)
    answered = sum(await asyncio.gather(*waiting))
    print(f"told to end with 100 requests on their way, the server answered {answered}")


asyncio.run(main())
