#!/usr/bin/env python3
"""docs/dependencies.md lists every Debian package of tools/dev/deps and every npm package of the package.json files, the
latter with its version, and nothing else.
"""
import json
import pathlib
import re

from tree import files, line_of, read, run_main

DOCUMENT = "docs/dependencies.md"
# Installed by tools/dev/deps only where no newer Node is there.
ALWAYS = {"nodejs", "npm"}

_ROW = re.compile(r"^\| ([^|]+?) \| ([^|]+?) \|", re.MULTILINE)
_PACKAGE_LIST = re.compile(r"^\w+_packages=\((.*?)\)", re.MULTILINE | re.DOTALL)


def debian(root: pathlib.Path) -> set[str]:
    return {name for found in _PACKAGE_LIST.finditer(read(root / "tools/dev/deps")) for name in found[1].split()}


def npm(root: pathlib.Path) -> dict[str, str]:
    wanted: dict[str, str] = {}
    for path in files(root, "*package.json"):
        package = json.loads(read(path))
        for group in ("dependencies", "devDependencies"):
            wanted |= {name: version for name, version in package.get(group, {}).items() if not name.startswith("@hongyan/")}
    return wanted


def check(root: pathlib.Path) -> list[str]:
    packages, wanted = debian(root) | ALWAYS, npm(root)
    text = read(root / DOCUMENT)
    found, listed = [], set()
    for row in _ROW.finditer(text):
        names, versions = row[1].split(", "), row[2].split(", ")
        if names == ["package"] or set(row[1]) == {"-"}:
            continue
        for index, name in enumerate(names):
            listed.add(name)
            where = f"{DOCUMENT}:{line_of(text, row.start())}:"
            version = versions[min(index, len(versions) - 1)]
            if name in wanted and version != wanted[name]:
                found.append(f"{where} {name} is pinned to {wanted[name]}, not {version}")
            elif name not in wanted and name not in packages:
                found.append(f"{where} {name} is used nowhere")
    return found + [f"{DOCUMENT}:1: {name} is not listed" for name in sorted((packages | set(wanted)) - listed)]


if __name__ == "__main__":
    run_main(check)
