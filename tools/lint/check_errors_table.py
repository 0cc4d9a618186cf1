#!/usr/bin/env python3
"""proto/errors.toml is the one table of error codes: the generated files agree with it, every code that C++ names is in
it, and docs/protocol.md lists each code with the status of the table.
"""
import pathlib
import re
import subprocess
import sys
import tomllib

from tree import blank_noise, files, line_of, read, run_main

_USED = re.compile(r"\bErrorCode::(\w+)")
# "`weak_password 400`" in the list of codes of docs/protocol.md.
_LISTED = re.compile(r"`([a-z_]+) (\d{3})`")


def stale_files(root: pathlib.Path) -> list[str]:
    command = [sys.executable, str(root / "tools/gen/errors.py"), "--check"]
    ended = subprocess.run(command, capture_output=True, text=True)
    return [f"proto/errors.toml:1: {ended.stderr.strip()}"] if ended.returncode else []


def unknown_codes(root: pathlib.Path, table: dict[str, dict]) -> list[str]:
    found = []
    for path in files(root, "src/*.h", "src/*.cc"):
        code = blank_noise(read(path))
        for match in _USED.finditer(code):
            if match[1] not in table:
                name = path.relative_to(root).as_posix()
                found.append(f"{name}:{line_of(code, match.start())}: no such code in proto/errors.toml: {match[1]}")
    return found


def documentation(root: pathlib.Path, table: dict[str, dict]) -> list[str]:
    name = "docs/protocol.md"
    text = read(root / name)
    found, listed = [], set()
    for match in _LISTED.finditer(text):
        code, status = match[1], int(match[2])
        listed.add(code)
        if code not in table:
            found.append(f"{name}:{line_of(text, match.start())}: {code} is not in proto/errors.toml")
        elif table[code]["status"] != status:
            found.append(f"{name}:{line_of(text, match.start())}: {code} has status {table[code]['status']}, not {status}")
    return found + [f"{name}:1: code {code} is not documented" for code in table if code not in listed]


def check(root: pathlib.Path) -> list[str]:
    with open(root / "proto/errors.toml", "rb") as file:
        table = tomllib.load(file)
    return stale_files(root) + unknown_codes(root, table) + documentation(root, table)


if __name__ == "__main__":
    run_main(check)
