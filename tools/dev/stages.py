#!/usr/bin/env python3
"""Runs make targets as stages: what `make test` and .ci/run do.

Usage: tools/dev/stages.py test [lint]

Prints each stage's output as it comes, then a table with durations, then the plain line `N passed, N failed` (with
`, N skipped` when there are any). The exit code is not 0 when a stage failed, or when no test ran at all. A stage goes
on after another failed, unless it needs that one; a stage that dies, hangs or runs no test counts as one failure. A stage
that only compiles may run beside those after it, on what they leave of the processors; who needs it waits for it.
"""
import concurrent.futures
import dataclasses
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


@dataclasses.dataclass(frozen=True)
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        text = f"{self.passed} passed, {self.failed} failed"
        return f"{text}, {self.skipped} skipped" if self.skipped else text


# A stage is a session, and where sessions are scheduled as groups a priority counts only within one: sched(7).
_AT_IDLE = ["sh", "-c", 'echo 19 2>/dev/null >/proc/self/autogroup; exec chrt --idle 0 "$@"', "sh"]


@dataclasses.dataclass(frozen=True)
class Stage:
    target: str
    limit_s: int
    needs: tuple[str, ...] = ()
    # Whether it runs tests; one that claims so and ran none has failed.
    counts: bool = True
    variables: tuple[str, ...] = ()
    # Whether the stages after it go on while it runs, at idle priority. Its output is shown when it is waited for.
    beside: bool = False

    @property
    def command(self) -> list[str]:
        command = ["make", self.target, *self.variables]
        return _AT_IDLE + command if self.beside else command


@dataclasses.dataclass(frozen=True)
class Ended:
    code: int
    output: str
    took_s: float


GROUPS = {
    "test": (
        Stage("web", 600, counts=False),
        Stage("server", 2400, needs=("web",), counts=False),
        Stage("asan-build", 3600, needs=("web",), counts=False, beside=True),
        Stage("unit-web", 600, needs=("web",)),
        Stage("e2e", 2100, needs=("server",)),
        Stage("journey", 2400, needs=("server",)),
        Stage("crash", 900, needs=("server",), variables=("ROUNDS=20",)),
        # All unit tests: without sanitizers (make unit) they would show less.
        Stage("asan", 2400, needs=("asan-build",)),
        Stage("fuzz", 900, needs=("asan",), variables=("SECONDS=10",)),
    ),
    "lint": (Stage("lint", 900),),
}

_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_PLAIN = re.compile(r"^(?:\w+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$")
_VITEST = re.compile(r"^\s*Tests\s+(?=\d)(.+?)\s+\(\d+\)$")
_PLAYWRIGHT = re.compile(r"^\s{2}(\d+) (passed|failed|flaky|skipped|did not run|interrupted)\b")
_UNITTEST_RAN = re.compile(r"^Ran (\d+) tests? in ")
_UNITTEST_END = re.compile(r"^(OK|FAILED)(?: \((.*)\))?$")


def _vitest(summary: str) -> Counts:
    found = {word: int(number) for number, word in re.findall(r"(\d+) (\w+)", summary)}
    return Counts(found.get("passed", 0), found.get("failed", 0), found.get("skipped", 0) + found.get("todo", 0))


def _playwright(number: int, word: str) -> Counts:
    if word == "passed":
        return Counts(passed=number)
    # A test that passed only when tried again has failed.
    return Counts(skipped=number) if word == "skipped" else Counts(failed=number)


def count(output: str) -> Counts:
    """What the runners' closing lines in `output` add up to."""
    total = Counts()
    ran = 0
    for raw in output.splitlines():
        line = _COLOUR.sub("", raw).rstrip()
        if found := _PLAIN.match(line):
            total += Counts(int(found[1]), int(found[2]), int(found[3] or 0))
        elif found := _VITEST.match(line):
            total += _vitest(found[1])
        elif found := _PLAYWRIGHT.match(line):
            total += _playwright(int(found[1]), found[2])
        elif found := _UNITTEST_RAN.match(line):
            ran = int(found[1])
        elif ran and (found := _UNITTEST_END.match(line)):
            words = {word: int(number) for word, number in re.findall(r"(\w+)=(\d+)", found[2] or "")}
            failed = words.get("failures", 0) + words.get("errors", 0)
            skipped = words.get("skipped", 0)
            total += Counts(ran - failed - skipped, failed, skipped)
            ran = 0
    return total


def judge(stage: Stage, code: int, output: str) -> Counts:
    """Counts of a stage that ended with `code`: never without a failure when it failed or ran nothing."""
    seen = count(output) if stage.counts else Counts()
    ran_nothing = stage.counts and seen.passed + seen.failed == 0
    if (code != 0 and seen.failed == 0) or ran_nothing:
        seen += Counts(failed=1)
    return seen


def run_command(command: list[str], limit_s: int, echo: bool = True) -> tuple[int, str]:
    """Runs a command in a process group of its own, which is ended as a whole when the time is up; echoes it as it goes."""
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace", start_new_session=True, env=os.environ | {"NO_COLOR": "1"},
    )
    lines = []

    def take(line: str) -> None:
        lines.append(line)
        if echo:
            print(line, end="", flush=True)

    def expire() -> None:
        take(f"stages: {' '.join(command)} took longer than {limit_s} s and is ended\n")
        os.killpg(process.pid, signal.SIGKILL)

    guard = threading.Timer(limit_s, expire)
    guard.start()
    with process:
        for line in process.stdout or ():
            take(line)
    guard.cancel()
    return process.returncode, "".join(lines)


def run_stage(stage: Stage) -> Ended:
    began = time.monotonic()
    code, output = run_command(stage.command, stage.limit_s, echo=not stage.beside)
    return Ended(code, output, time.monotonic() - began)


class Run:
    """One run of stages, from the first to the summary."""

    def __init__(self) -> None:
        self.total = Counts()
        self.failed: set[str] = set()
        self.table: list[str] = []
        self.beside: dict[Stage, concurrent.futures.Future[Ended]] = {}

    def take(self, stage: Stage, ended: Ended) -> None:
        seen = judge(stage, ended.code, ended.output)
        if seen.failed:
            self.failed.add(stage.target)
        self.total += seen
        note = str(seen) if stage.counts or seen.failed else "done"
        beside = " (beside others)" if stage.beside else ""
        self.table.append(f"{stage.target:10} {ended.took_s:5.0f} s  {note}{beside}")

    def await_beside(self, targets: tuple[str, ...]) -> None:
        for stage in [stage for stage in self.beside if stage.target in targets]:
            ended = self.beside.pop(stage).result()
            print(f"\n== {stage.target}\n{ended.output}", end="", flush=True)
            self.take(stage, ended)

    def run(self, stages: list[Stage]) -> None:
        with concurrent.futures.ThreadPoolExecutor() as threads:
            for stage in stages:
                self.await_beside(stage.needs)
                blocked = [need for need in stage.needs if need in self.failed]
                if blocked:
                    self.failed.add(stage.target)
                    self.total += Counts(failed=1)
                    self.table.append(f"{stage.target:10} {'-':>6}    not run: {', '.join(blocked)} failed")
                elif stage.beside:
                    print(f"\n== {stage.target} begins beside what follows", flush=True)
                    self.beside[stage] = threads.submit(run_stage, stage)
                else:
                    print(f"\n== {stage.target}", flush=True)
                    self.take(stage, run_stage(stage))
            self.await_beside(tuple(stage.target for stage in self.beside))


def run(stages: list[Stage]) -> int:
    this = Run()
    this.run(stages)
    print("\n== summary")
    print("\n".join(this.table))
    print()
    print(this.total, flush=True)
    return 1 if this.total.failed or this.total.passed == 0 else 0


def main() -> int:
    names = sys.argv[1:]
    if not names or any(name not in GROUPS for name in names):
        print(__doc__, file=sys.stderr)
        return 2
    return run([stage for name in names for stage in GROUPS[name]])


if __name__ == "__main__":
    sys.exit(main())
