#!/usr/bin/env python3
"""The public API is documented: the table "Built today" of docs/protocol.md lists exactly the rpcs of proto/hongyan/v1
with their routes and access levels, every rpc has these and a row in the access test unless it is public, and every
service, rpc, message, field and enum value has a comment above it.
"""
import pathlib
import re

from tree import files, line_of, read, run_main

DOCUMENT = "docs/protocol.md"
ACCESS_TEST = "tests/e2e/access.test.ts"

_SERVICE = re.compile(r"^service (\w+)Service \{(.*?)^\}", re.MULTILINE | re.DOTALL)
_RPC = re.compile(r"^  rpc (\w+)\([^\n]*(?:;$|\{.*?^  \})", re.MULTILINE | re.DOTALL)
_OPTIONS = re.compile(r'\(hongyan\.v1\.rpc\) = \{ http: "([A-Z]+ /[^"]+)", access: (PUBLIC|USER|API_KEY)(?:, api_key: true)? \}')
_TEST_ROW = re.compile(r"^  '([a-z_]+\.[a-z_]+)': \{", re.MULTILINE)
_ROW = re.compile(r"^\| `([a-z_]+\.[a-z_]+)` \| `([^`]+)` \| (\w+) \|", re.MULTILINE)
_DECLARATION = re.compile(r"^\s*(?:(?:service|message|enum|oneof|rpc) \w+|(?:optional |repeated )?[\w.<>, ]+ \w+ = \d+|[A-Z][A-Z0-9_]* = \d+)")


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def declared(root: pathlib.Path) -> dict[str, tuple[str, str] | None]:
    """Route and access level of each rpc; None for one that lacks them."""
    rpcs = {}
    for path in files(root, "proto/hongyan/v1/*.proto"):
        for service in _SERVICE.finditer(read(path)):
            for rpc in _RPC.finditer(service[2]):
                options = _OPTIONS.search(rpc[0])
                rpcs[f"{snake(service[1])}.{snake(rpc[1])}"] = (options[1], options[2].lower()) if options else None
    return rpcs


def access(root: pathlib.Path) -> list[str]:
    rpcs = declared(root)
    found = [f"proto/hongyan/v1:1: {name} has no route or no access level" for name, options in rpcs.items() if options is None]
    tested = set(_TEST_ROW.findall(read(root / ACCESS_TEST)))
    guarded = [name for name, options in rpcs.items() if options is not None and options[1] != "public"]
    return found + [f"{ACCESS_TEST}:1: {name} has no row" for name in guarded if name not in tested]


def table(root: pathlib.Path) -> list[str]:
    rpcs, text = declared(root), read(root / DOCUMENT)
    found, listed = [], set()
    for row in _ROW.finditer(text):
        where = f"{DOCUMENT}:{line_of(text, row.start())}:"
        listed.add(row[1])
        if row[1] not in rpcs:
            found.append(f"{where} {row[1]} is not declared in proto/hongyan/v1")
        elif (options := rpcs[row[1]]) and options != (row[2], row[3]):
            found.append(f"{where} {row[1]} is declared as {' '.join(options)}")
    return found + [f"{DOCUMENT}:1: {name} is not listed" for name in rpcs if name not in listed]


def comments(root: pathlib.Path) -> list[str]:
    found = []
    for path in files(root, "proto/hongyan/v1/*.proto"):
        lines = read(path).splitlines()
        for number, line in enumerate(lines):
            if _DECLARATION.match(line) and not line.startswith("option ") and not lines[number - 1].strip().startswith("//"):
                found.append(f"{path.relative_to(root).as_posix()}:{number + 1}: no comment: {line.strip()}")
    return found


def check(root: pathlib.Path) -> list[str]:
    return table(root) + access(root) + comments(root)


if __name__ == "__main__":
    run_main(check)
