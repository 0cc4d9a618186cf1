"""Runs one scenario of hongyan-bench against one program and gives its row."""
from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import statistics
import subprocess
import time
from collections.abc import Callable
from typing import Any

from runner.processes import Program

Row = dict[str, Any]
# A number of a row that rows are compared by; not every scenario has it.
Figure = Callable[[Row], float | None]

# Longer than any scenario's patience: only a hanging program takes it.
SLACK_S = 120.0
QUIET_CORES = 0.1
QUIET_WITHIN_S = 15.0
LOOK_S = 0.25


@dataclasses.dataclass(frozen=True)
class Scenario:
    """A subcommand of hongyan-bench with its own options, and how long it may take."""

    name: str
    options: tuple[str, ...]
    lasts_s: float

    @property
    def title(self) -> str:
        return " ".join((self.name, *(option.removeprefix("--") for option in self.options)))


@dataclasses.dataclass
class Target:
    """What a scenario is run against."""

    # `server`, `durable` or `bare`.
    who: str
    program: Program
    people: pathlib.Path


def _busy_ticks() -> int:
    with open("/proc/stat", encoding="ascii") as stat:
        user, nice, system, _idle, _waiting, *rest = (int(field) for field in stat.readline().split()[1:9])
    return user + nice + system + sum(rest)


def settle() -> None:
    """Waits until nobody is busy any more, compaction of a program that was measured before included; not for ever.

    What others have written is on the disk then: the kernel would write what was compiled or copied half a minute later,
    and every sync waits for it.
    """
    _wait_for_quiet()
    os.sync()


def _wait_for_quiet() -> None:
    ticks_a_second = os.sysconf("SC_CLK_TCK")
    end = time.monotonic() + QUIET_WITHIN_S
    while time.monotonic() < end:
        before = _busy_ticks()
        time.sleep(LOOK_S)
        if (_busy_ticks() - before) / ticks_a_second / LOOK_S < QUIET_CORES:
            return


def command_of(build: pathlib.Path, scenario: Scenario, target: Target) -> list[str]:
    command = [str(build / "hongyan-bench"), scenario.name, "--port", str(target.program.ports[0]), "--people",
               str(target.people), "--server-pid", str(target.program.pid), *scenario.options]
    if target.who == "server":
        command += ["--metrics", str(target.program.ports[1])]
    return command


def run(build: pathlib.Path, scenario: Scenario, target: Target) -> list[Row]:
    """All rows the scenario prints: one, but for a search. What it says on stderr is the problem of the last one."""
    command = [*command_of(build, scenario, target), "--json"]
    settle()
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=scenario.lasts_s + SLACK_S, check=False)
        rows = [json.loads(line) for line in ended.stdout.splitlines()]
        problem = ended.stderr.strip()
    except subprocess.TimeoutExpired:
        rows, problem = [], "it did not end in time"
    if not rows:
        rows = [{"scenario": scenario.name, "verdict": "failed"}]
    if problem:
        rows[-1]["problem"] = problem
    return [{"who": target.who, "title": scenario.title, **row} for row in rows]


def cpu_of(row: Row) -> float | None:
    """CPU microseconds of the measured program for whatever the scenario counts."""
    return next((value for name, value in row.items() if name.startswith("server_us_per_")), None)


def p99_of(row: Row) -> float | None:
    """Milliseconds; of what the scenario waits for."""
    return next((row[name]["p99"] for name in ("ack_ms", "ready_ms", "page_ms") if name in row), None)


def ratios(ours: list[Row], theirs: list[Row], figure: Figure) -> tuple[float, list[float]] | None:
    """The median of the paired ratios and all of them; nothing when a row has no such figure."""
    pairs = [(figure(one), figure(other)) for one, other in zip(ours, theirs)]
    found = [one / other for one, other in pairs if one is not None and other]
    return (statistics.median(found), found) if found else None
