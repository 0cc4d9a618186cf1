"""Data folders full of people, made by `hongyan seed`."""
from __future__ import annotations

import dataclasses
import os
import pathlib
import subprocess
import time

from runner.processes import RAISED

SEED_WITHIN_S = 3600.0


@dataclasses.dataclass(frozen=True)
class Shape:
    """What is in a folder; `directs` are 1:1s, so many times the people."""

    users: int
    directs: int = 2
    groups: int = 0
    group_size: int = 500
    messages: int = 0


@dataclasses.dataclass(frozen=True)
class Town:
    """A seeded folder and the list of its people."""

    data: pathlib.Path
    people: pathlib.Path


def seed(build: pathlib.Path, shape: Shape, folder: pathlib.Path, name: str) -> Town:
    """Prints how long it took."""
    town = Town(folder / name, folder / f"{name}.people")
    command = [str(build / "hongyan"), "seed", "--data", str(town.data), "--tokens", str(town.people), "--users",
               str(shape.users), "--directs", str(shape.directs), "--groups", str(shape.groups), "--messages",
               str(shape.messages), "--password", "geese fly south"]
    if shape.groups:
        command += ["--group-size", str(shape.group_size)]
    began = time.monotonic()
    ended = subprocess.run(command, capture_output=True, text=True, timeout=SEED_WITHIN_S, check=False,
                           env=os.environ | RAISED)
    if ended.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {ended.stderr}")
    print(f"seeded {name}: {shape.users} people, {shape.users * shape.directs} 1:1s, {shape.groups} groups, "
          f"{shape.messages} messages in {time.monotonic() - began:.0f} s", flush=True)
    return town
