#!/usr/bin/env python3
"""The documents name nothing that does not exist: links, paths of the repository, make targets, npm scripts."""
import glob
import itertools
import json
import pathlib
import re

from tree import files, line_of, read, run_main

# What is told of the past or of generated texts may name what is gone.
SKIPPED = {"CHANGELOG.md"}
TOPS = "src|docs|tools|web|tests|proto|db|cmake|conf|bench|deploy|\\.ci"
# Made by a build or by running the server.
MADE = re.compile(r"^(build|data|node_modules|dist|web/[^ ]*/(dist|results|screenshots))(/|$)")

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(rf"(?<![\w/.-])(?:{TOPS})/[\w{{}},*./-]*")
_MAKE = re.compile(r"(?:^|[`\s])make ((?:[a-z][a-z0-9-]*|[A-Z]+=\S+)(?: (?:[a-z][a-z0-9-]*|[A-Z]+=\S+))*)")
_NPM = re.compile(r"\bnpm run ([a-z0-9:]+)")
# "`e2e NAME`": one file of the end-to-end tests, as docs/verify.md calls it.
_E2E = re.compile(r"`e2e ([a-z.]+)`")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def braces(text: str) -> list[str]:
    """`a/{b,c}.h` as a/b.h and a/c.h, also nested side by side."""
    parts = re.split(r"\{([^{}]*)\}", text)
    choices = [part.split(",") if index % 2 else [part] for index, part in enumerate(parts)]
    return ["".join(choice) for choice in itertools.product(*choices)]


def exists(root: pathlib.Path, path: str) -> bool:
    return bool(MADE.match(path)) or any(True for _ in glob.iglob(path, root_dir=root, recursive=True, include_hidden=True))


def missing_paths(root: pathlib.Path, folder: pathlib.Path, text: str) -> list[tuple[int, str]]:
    found = []
    for match in _LINK.finditer(text):
        target = match[1].split("#")[0]
        if target and "://" not in target and not target.startswith("mailto:") and not (folder / target).exists():
            found.append((match.start(), f"no such file: {target}"))
    for match in _E2E.finditer(text):
        if not exists(root, f"tests/e2e/{match[1]}*.test.ts"):
            found.append((match.start(), f"no such end-to-end test: {match[1]}"))
    for code in itertools.chain(_CODE.finditer(text), _FENCE.finditer(text)):
        for match in _PATH.finditer(code[0]):
            for path in braces(match[0].rstrip(".,:")):
                if not exists(root, path.rstrip("/")):
                    found.append((code.start() + match.start(), f"no such file: {path}"))
    return found


def missing_commands(text: str, targets: set[str], scripts: set[str]) -> list[tuple[int, str]]:
    found = []
    for code in itertools.chain(_CODE.finditer(text), _FENCE.finditer(text)):
        for match in _MAKE.finditer(code[0].replace("`", " ")):
            # Only the first: what follows may be the output of it.
            word = next((word for word in match[1].split() if "=" not in word), None)
            if word and word not in targets:
                found.append((code.start() + match.start(), f"no such make target: {word}"))
        for match in _NPM.finditer(code[0]):
            if match[1] not in scripts:
                found.append((code.start() + match.start(), f"no such npm script: {match[1]}"))
    return found


def make_targets(root: pathlib.Path) -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+):(?!=)", read(root / "Makefile"), re.MULTILINE))


def npm_scripts(root: pathlib.Path) -> set[str]:
    return {name for path in files(root, "*package.json") for name in json.loads(read(path)).get("scripts", {})}


def check(root: pathlib.Path) -> list[str]:
    targets, scripts = make_targets(root), npm_scripts(root)
    found = []
    for path in files(root, "*.md"):
        name, text = path.relative_to(root).as_posix(), read(path)
        if name in SKIPPED:
            continue
        for offset, what in missing_paths(root, path.parent, text) + missing_commands(text, targets, scripts):
            found.append(f"{name}:{line_of(text, offset)}: {what}")
    return found


if __name__ == "__main__":
    run_main(check)
