"""The programs that are measured: started on free ports, awaited, and ended by their process id."""
from __future__ import annotations

import os
import pathlib
import re
import subprocess
import time

READY_WITHIN_S = 60.0
STOP_WITHIN_S = 20.0

# Rate limits off: what the generator does is no client's everyday.
RAISED = {
    f"HONGYAN_LIMITS_{limit}_PER_SECOND": "0"
    for limit in ("USER_SENDS", "USER_REQUESTS", "DEVICE_REQUESTS", "IP_REQUESTS", "ANONYMOUS_REQUESTS", "IP_SOCKETS",
                  "SOCKET_FRAMES")
} | {
    # A day: tokens are made once, when people are seeded.
    "HONGYAN_AUTH_ACCESS_TOKEN_MS": "86400000",
}


class Program:
    """One process with a log file; ends with the `with` that it is used in. Its ready line tells its ports."""

    def __init__(self, command: list[str], ready: str, log: pathlib.Path) -> None:
        self.command = command
        self._ready = re.compile(ready, re.MULTILINE)
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self.ports: tuple[int, ...] = ()
        # From the start of the process to its ready line.
        self.ready_after_s = 0.0

    def __enter__(self) -> "Program":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        assert self._process is not None, "it does not run"
        return self._process.pid

    def start(self) -> None:
        began = time.monotonic()
        with open(self._log, "ab") as log:
            at = log.tell()
            self._process = subprocess.Popen(self.command, stdout=log, stderr=log, env=os.environ | RAISED)
        while time.monotonic() - began < READY_WITHIN_S:
            with open(self._log, "rb") as log:
                log.seek(at)
                found = self._ready.search(log.read().decode(errors="replace"))
            if found:
                self.ready_after_s = time.monotonic() - began
                self.ports = tuple(int(port) for port in found.groups())
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.005)
        self.kill9()
        raise RuntimeError(f"{self.command[0]} did not become ready:\n{self._log.read_text()[-2000:]}")

    def kill9(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


def server(build: pathlib.Path, data: pathlib.Path, folder: pathlib.Path) -> Program:
    """The release binary on embedded storage; its ports are HTTP and metrics."""
    command = [str(build / "hongyan"), "serve", "--data", str(data), "--http-port", "0", "--metrics-port", "0",
               "--grpc-port", "0"]
    ready = r"^ready http=http://[^ ]*:(\d+) metrics=http://[^ ]*:(\d+) .*\n"
    return Program(command, ready, folder / "server.log")


def reference(build: pathlib.Path, people: pathlib.Path, folder: pathlib.Path, durable: bool) -> Program:
    """The bare relay, with append + fdatasync when it is to be durable; its port is that of WebSocket."""
    name = "durable" if durable else "bare"
    command = [str(build / "hongyan-reference"), "--people", str(people)]
    if durable:
        command += ["--durable", str(folder / "reference.journal")]
    return Program(command, r"^listening on 127\.0\.0\.1:(\d+)\n", folder / f"reference-{name}.log")
