#!/usr/bin/env python3
"""Measures the server beside the reference and prints a table: `make bench` (--quick) and `make bench-full` (--full).

Every scenario is run against the reference and the server in turns, within a minute or so: what this machine does to one it does to
the other, so the paired ratios can be compared from day to day, which absolute figures of a shared machine cannot. Everything
runs in a temporary folder on free ports, and ends with this program.
"""
from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import pathlib
import sys
import tempfile
import time
from collections.abc import Iterator

from runner import ack, crash, table
from runner.processes import Program, reference, server
from runner.scenarios import Row, Scenario, Target, command_of, run
from runner.towns import Shape, Town, seed

ROOT = pathlib.Path(__file__).resolve().parents[1]
# Controls in the order of how much they promise.
BARE, DURABLE, SERVER = "bare", "durable", "server"
# Clients that come back at once.
HERD = 10_000
# What can be asked for alone.
PARTS = ("direct", "rate-search", "pipelined", "group", "connect", "history", "rest", "crash")


@dataclasses.dataclass
class Bench:
    """The programs of one town, what was measured so far, and whether all of it was as promised."""

    build: pathlib.Path
    folder: pathlib.Path
    rounds: int
    # The names of the scenarios that are run at all; all of them when it is empty.
    only: frozenset[str]
    rows: list[Row] = dataclasses.field(default_factory=list)
    commands: list[str] = dataclasses.field(default_factory=list)
    # The same in Markdown, as docs/benchmarks.md has it.
    document: list[str] = dataclasses.field(default_factory=list)
    failed: bool = False

    def wants(self, *names: str) -> bool:
        return not self.only or not self.only.isdisjoint(names)

    def tell(self, *lines: str) -> None:
        if not lines:
            return
        print("\n".join(lines), flush=True)
        items = "".join(f"- {line}\n" for line in lines)
        if self.document and self.document[-1].startswith("- "):
            self.document[-1] += items
        else:
            self.document.append(items)

    def measure(self, scenario: Scenario, targets: list[Target], rounds: int | None = None, fresh: bool = False) -> list[Row]:
        """The targets in turns, then the table of these rows. `fresh` starts each program anew: one that has grown before
        takes no memory for a connection."""
        if not self.wants(scenario.name):
            return []
        rows: list[Row] = []
        for _ in range(self.rounds if rounds is None else rounds):
            for target in targets:
                if fresh:
                    target.program.stop()
                    target.program.start()
                rows += run(self.build, scenario, target)
        command = command_of(self.build, scenario, targets[-1])
        self.commands.append(" ".join(part.replace(f"{ROOT}/", "") for part in command))
        print(f"\n{scenario.title}\n{table.table(rows)}")
        self.document.append(f"`hongyan-bench {scenario.name} {' '.join(scenario.options)}`\n\n{table.markdown(rows)}\n")
        self.tell(*(line for target in targets[:-1] for line in table.paired(rows, target.who)))
        self.rows += rows
        self.failed |= any(row["verdict"] == "failed" for row in rows if row["who"] == SERVER)
        return rows

    def price_of_an_ack(self, seconds: float, pair: list[Target]) -> None:
        """One message in flight, so that each needs a sync of its own, beside append + fdatasync."""
        rows = self.measure(scenario("pipelined", seconds, "--writers", "1", "--outstanding", "1"), pair)
        if rows:
            good, line = ack.judge(rows, DURABLE)
            self.tell(line)
            self.failed |= not good

    @contextlib.contextmanager
    def programs(self, town: Town, durable: bool = True, bare: bool = True) -> Iterator[dict[str, Target]]:
        """Those that were asked for, and the server last."""
        with contextlib.ExitStack() as stack:
            def start(who: str, program: Program) -> Target:
                return Target(who, stack.enter_context(program), town.people)

            targets: dict[str, Target] = {}
            if bare:
                targets[BARE] = start(BARE, reference(self.build, town.people, self.folder, durable=False))
            if durable:
                targets[DURABLE] = start(DURABLE, reference(self.build, town.people, self.folder, durable=True))
            targets[SERVER] = start(SERVER, server(self.build, town.data, self.folder))
            yield targets

    def crash(self, target: Target, town: Town, rate: int, after_s: float) -> None:
        """Leaves the server stopped."""
        if not self.wants("crash"):
            return
        good, lines = crash.check(self.build, target, town.data, self.folder, rate, after_s)
        print()
        self.tell(*lines)
        self.failed |= not good


def scenario(name: str, seconds: float, *options: str) -> Scenario:
    warmup = min(2.0, seconds / 5)
    timed = ("--warmup", f"{warmup:g}", "--seconds", f"{seconds:g}")
    return Scenario(name, (*options, *timed), warmup + seconds)


def quick(bench: Bench, options: argparse.Namespace) -> None:
    """Some of everything, in two minutes."""
    town = seed(bench.build, Shape(users=2000, groups=4, messages=options.messages or 100_000), bench.folder, "town")
    seconds = options.seconds or 2.5
    with bench.programs(town) as target:
        pair = [target[DURABLE], target[SERVER]]
        bench.price_of_an_ack(seconds, pair)
        bench.measure(scenario("direct", seconds, "--rate", "1000"), pair)
        bench.measure(scenario("direct", seconds, "--rate", "10000"), [target[BARE], *pair])
        for form in ("json", "proto"):
            bench.measure(scenario("pipelined", seconds, "--format", form), pair)
        bench.measure(scenario("group", seconds, "--members", "500"), pair)
        held = Scenario("connect", ("--connections", str(options.connections or 2000), "--hold", "0.5"), 5)
        bench.measure(held, pair, fresh=True)
        for concurrency in ("1", "32"):
            pages = ("--connections", "200", "--concurrency", concurrency)
            bench.measure(scenario("history", seconds, *pages), [target[SERVER]], rounds=1)
        bench.measure(scenario("rest", seconds, "--connections", "64"), [target[SERVER]], rounds=1)
        bench.crash(target[SERVER], town, rate=3000, after_s=2.5)


def full(bench: Bench, options: argparse.Namespace) -> None:
    """Everything, at sizes that are options."""
    seconds = options.seconds or 10
    if bench.wants("direct", "rate-search", "pipelined", "group", "rest", "crash"):
        messages(bench, seconds)
    if bench.wants("connect"):
        connect(bench, options.connections or 15_000)
    if bench.wants("history"):
        history(bench, options.messages or 1_000_000, seconds)


def messages(bench: Bench, seconds: float) -> None:
    """All that sends."""
    town = seed(bench.build, Shape(users=1000, groups=8), bench.folder, "town")
    with bench.programs(town) as target:
        every = [target[BARE], target[DURABLE], target[SERVER]]
        bench.price_of_an_ack(seconds, every[1:])
        for rate in ("1000", "10000", "20000", "50000"):
            bench.measure(scenario("direct", seconds, "--rate", rate), every)
        search = ("--p99-ms", "5", "--from", "4000", "--to", "100000", "--precision", "0.1")
        bench.measure(scenario("rate-search", 4, *search), every[1:], rounds=1)
        for form in ("json", "proto"):
            bench.measure(scenario("pipelined", seconds, "--format", form), every)
        for in_flight in ("1", "4"):
            bench.measure(scenario("group", seconds, "--members", "500", "--in-flight", in_flight), every)
        bench.measure(scenario("rest", seconds, "--connections", "64"), [target[SERVER]])
        bench.crash(target[SERVER], town, rate=5000, after_s=5)


def connect(bench: Bench, people: int) -> None:
    """People who are in nothing, and people with 20 1:1s and 20 groups each."""
    for name, shape in (("alone", Shape(people, 0)), ("among-friends", Shape(people, 10, people // 5, 100))):
        town = seed(bench.build, shape, bench.folder, name)
        with bench.programs(town, durable=False) as target:
            held = Scenario("connect", ("--connections", str(people), "--hold", "3"), 60)
            bench.measure(held, [target[BARE], target[SERVER]], fresh=True)
            # Everybody in the same moment, as after a crash.
            crowd = str(min(people, HERD))
            herd = Scenario("connect", ("--connections", crowd, "--width", crowd, "--hold", "1"), 60)
            bench.measure(herd, [target[BARE], target[SERVER]], fresh=True)


def history(bench: Bench, messages: int, seconds: float) -> None:
    """Pages out of many messages, and how soon a server with so many is there again."""
    town = seed(bench.build, Shape(users=max(messages // 2000, 100), directs=20, messages=messages), bench.folder, "archive")
    with bench.programs(town, durable=False, bare=False) as target:
        for form in ("json", "proto"):
            for concurrency in ("1", "32"):
                options = ("--connections", "100", "--concurrency", concurrency, "--format", form)
                bench.measure(scenario("history", seconds, *options), [target[SERVER]], rounds=1)
        target[SERVER].program.kill9()
        target[SERVER].program.start()
        print()
        bench.tell(f"start: ready {target[SERVER].program.ready_after_s:.2f} s after kill -9, with {messages} messages")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", dest="what", action="store_const", const=quick, help="some of everything (default)")
    size.add_argument("--full", dest="what", action="store_const", const=full, help="everything; takes half an hour")
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME", choices=PARTS,
                        help=f"of {', '.join(PARTS)}")
    parser.add_argument("--rounds", type=int, default=2, help="how often the programs take turns (default: 2)")
    parser.add_argument("--seconds", type=float, help="that count of each run")
    parser.add_argument("--connections", type=int, help="of the scenario `connect`")
    parser.add_argument("--messages", type=int, help="in the history")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release", help="where the programs are")
    parser.add_argument("--json", type=pathlib.Path, help="file to write all rows to")
    parser.add_argument("--markdown", type=pathlib.Path, help="file to write the tables of docs/benchmarks.md to")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    began = time.monotonic()
    build = options.build.resolve()
    # Beside the programs: a folder for temporary files may be in memory, where a sync costs nothing.
    with tempfile.TemporaryDirectory(prefix="bench-", dir=build) as folder:
        bench = Bench(build, pathlib.Path(folder), options.rounds, frozenset(options.only))
        (options.what or quick)(bench, options)
    print("\ncommands (rate limits raised by HONGYAN_LIMITS_*=0, storage embedded, durability as always):")
    for command in bench.commands:
        print(f"  {command}")
    if options.json:
        options.json.write_text("\n".join(json.dumps(row) for row in bench.rows) + "\n", encoding="utf-8")
    if options.markdown:
        options.markdown.write_text("\n".join(bench.document), encoding="utf-8")
    print(f"bench: {len(bench.rows)} rows in {time.monotonic() - began:.0f} s, {'failed' if bench.failed else 'ok'}")
    return 1 if bench.failed else 0


if __name__ == "__main__":
    sys.exit(main())
