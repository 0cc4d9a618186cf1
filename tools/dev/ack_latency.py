#!/usr/bin/env python3
"""Measures how long an ack takes with one message in flight, against a bare append + fdatasync on the same disk.

Usage: tools/dev/ack_latency.py [build/release/hongyan] [--messages 1000] [--folder DIR]

Starts a server of its own in a new folder below DIR (default: the current one), lets one person write to another over a
WebSocket, and takes turns: a block of sends, a block of bare appends of the same size, so that both meet the same minute
of the disk. Checks that every message reaches the other socket. Fails when the median ack is more than 1 ms above the
median append. Loopback only.
"""
import argparse
import base64
import json
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ALLOWED_MS = 1.0
BLOCK = 50
PASSWORD = "a long enough password"


class Socket:
    """A WebSocket client of the smallest kind: text frames below 64 KiB, one thread."""

    def __init__(self, host: str, port: int, token: str):
        self._socket = socket.create_connection((host, port), timeout=10)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall((
            f"GET /ws HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: hongyan.v1.json\r\n\r\n"
        ).encode())
        self._file = self._socket.makefile("rb")
        if b" 101 " not in self._file.readline():
            raise RuntimeError("the upgrade was refused")
        while self._file.readline() not in (b"\r\n", b""):
            pass
        self.send({"type": "auth", "id": "auth", "data": {"token": token}})
        self.receive("ready")

    def send(self, frame: dict) -> None:
        payload = json.dumps(frame).encode()
        size = len(payload)
        length = bytes([0x80 | size]) if size < 126 else bytes([0x80 | 126]) + size.to_bytes(2, "big")
        # A mask of zeros is a mask, and leaves the payload as it is.
        self._socket.sendall(b"\x81" + length + b"\0\0\0\0" + payload)

    def receive(self, kind: str) -> dict:
        """The next frame of this type; others are passed over."""
        while True:
            first, second = self._file.read(2)
            size = second & 0x7F
            if size == 126:
                size = int.from_bytes(self._file.read(2), "big")
            payload = self._file.read(size)
            if first & 0x0F == 1 and (frame := json.loads(payload))["type"] in (kind, "error"):
                if frame["type"] != kind:
                    raise RuntimeError(f"the server answered {frame}")
                return frame


def call(url: str, body: dict, token: str | None = None) -> dict:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def register(url: str, name: str) -> dict:
    device = {"name": "ack_latency", "platform": "cli"}
    return call(f"{url}/v1/auth/register", {"username": name, "password": PASSWORD, "device": device, "session": "token"})


def fsyncs(metrics_url: str) -> int:
    with urllib.request.urlopen(f"{metrics_url}/metrics", timeout=10) as answer:
        return int(float(re.search(rb"^hongyan_store_fsyncs_total (\S+)", answer.read(), re.MULTILINE)[1]))


def append(file: int, record: bytes) -> float:
    began = time.perf_counter()
    os.write(file, record)
    os.fdatasync(file)
    return (time.perf_counter() - began) * 1000


def percentile(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def measure(url: str, metrics_url: str, folder: pathlib.Path, messages: int) -> int:
    host, port = re.fullmatch(r"http://([^:/]+):(\d+)", url).groups()
    alice, bob = register(url, "alice"), register(url, "bobby")
    opened = call(f"{url}/v1/conversations", {"user_id": bob["user"]["user_id"]}, alice["access_token"])
    conversation = opened["conversation"]["conversation_id"]
    sender = Socket(host, int(port), alice["access_token"])
    reader = Socket(host, int(port), bob["access_token"])
    bare = os.open(folder / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    acks, appends, before = [], [], fsyncs(metrics_url)
    for number in range(messages):
        data = {"conversation_id": conversation, "client_msg_id": f"m{number}", "content": {"text": {"text": "x" * 100}}}
        began = time.perf_counter()
        sender.send({"type": "message.send", "id": str(number), "data": data})
        seq = sender.receive("ok")["data"]["seq"]
        acks.append((time.perf_counter() - began) * 1000)
        if seq != number + 1 or reader.receive("message")["data"]["seq"] != seq:
            print(f"message {number} has seq {seq} or did not arrive as that")
            return 1
        if number % BLOCK == BLOCK - 1:
            appends += [append(bare, os.urandom(400)) for _ in range(BLOCK)]
    count = fsyncs(metrics_url) - before
    for name, values in (("ack", acks), ("append + fdatasync", appends)):
        print(f"{name:20} p50 {statistics.median(values):6.2f} ms   p99 {percentile(values, 0.99):6.2f} ms   n {len(values)}")
    above = statistics.median(acks) - statistics.median(appends)
    print(f"ack above append: {above:.2f} ms at p50 (allowed {ALLOWED_MS:.2f}); {count} fsyncs for {messages} messages; all delivered")
    return 0 if above <= ALLOWED_MS and count >= messages else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", nargs="?", default="build/release/hongyan")
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--folder", default=".")
    arguments = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="hongyan-latency-", dir=arguments.folder))
    command = [arguments.binary, "serve", "--data", str(folder / "data"), "--http-port", "0", "--metrics-port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        for line in server.stdout:
            if ready := re.match(r"ready http=(\S+) metrics=(\S+)", line):
                return measure(ready[1], ready[2], folder, arguments.messages)
        print(f"{arguments.binary} did not come up")
        return 1
    finally:
        server.terminate()
        server.wait(timeout=20)
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
