#!/usr/bin/env python3
"""Sizes that keep code readable: lines of a file and of a function, methods of an interface, collaborators of a
constructor, files of a folder. `--warn` also lists what is above the aim but below the hard limit.
"""
import collections
import dataclasses
import pathlib
import re
import sys

from tree import ROOT, blank_noise, files, line_of, read, run_main

FILE_AIM, FILE_LIMIT = 400, 600
FUNCTION_LIMIT = 50
INTERFACE_LIMIT = 12
COLLABORATOR_LIMIT = 6
FOLDER_LIMIT = 30

CPP = ("src/*.h", "src/*.cc", "bench/*.h", "bench/*.cc")
OTHER = ("web/*.ts", "web/*.vue", "tests/*.ts", "tools/*", "bench/*.py", "proto/*.proto", "Makefile", ".ci/run", "cmake/*")
GENERATED = re.compile(r"/generated/|^src/base/error_code\.|\.profdata$")

_SCOPE = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b")
# What stands before a definition without being part of it.
_BEFORE = re.compile(r"(?:\s|\b(?:public|private|protected)\s*:(?!:))*")
_NAME = re.compile(r"\b(?:class|struct)\s+(?:alignas\([^)]*\)\s*)?(\w+)[^;{]*$")
_PURE = re.compile(r"\bvirtual\b[^;{}]*=\s*0\s*;")
# Values that are handed over, not things to work with.
_PLAIN = re.compile(r"\b(string_view|string|path|chrono|span|function|move_only_function|optional)\b")


@dataclasses.dataclass
class Block:
    """One { } of a file: where the statement before it began, that statement, and where it opens and closes."""

    start: int
    head: str
    open: int
    close: int
    kind: str  # "scope" for namespaces and types, "function", or "inner" for everything within a function


def blocks(code: str) -> list[Block]:
    """All blocks of C++ whose comments and literals are blanked."""
    found: list[Block] = []
    stack: list[Block] = []
    statement = parentheses = 0
    for offset, letter in enumerate(code):
        if letter in "()":
            parentheses += 1 if letter == "(" else -1
        elif letter == "{":
            head = code[statement:offset]
            start = statement + _BEFORE.match(head).end()
            block = Block(start, head.strip(), offset, offset, kind_of(head, stack, parentheses))
            stack.append(block)
            if block.kind != "inner":
                statement = offset + 1
        elif letter == "}" and stack:
            block = stack.pop()
            block.close = offset
            found.append(block)
            if block.kind != "inner":
                statement = offset + 1
        elif letter == ";" and parentheses == 0 and (not stack or stack[-1].kind == "scope"):
            statement = offset + 1
        elif letter == "\n" and code[statement:offset].lstrip().startswith("#") and code[offset - 1] != "\\":
            statement = offset + 1
    return found


def kind_of(head: str, stack: list[Block], parentheses: int) -> str:
    if parentheses > 0 or (stack and stack[-1].kind != "scope"):
        return "inner"
    # Access labels and template heads stand before the words that matter.
    words = re.sub(r"template\s*<[^{}]*?>\s*(?=\w)", " ", head[_BEFORE.match(head).end() :])
    before_parameters = words.split("(", 1)[0]
    if _SCOPE.search(before_parameters) and "(" not in re.sub(r"alignas\s*\([^)]*\)|\[\[[^\]]*\]\]", "", words):
        return "scope"
    if "(" in words and "=" not in re.sub(r"operator\s*[=!<>]+", "", before_parameters):
        # An initialiser such as `: a_{1}` is not yet the body: the next block of this statement is.
        initialiser = re.search(r"\)[^()]*(?<!:):(?!:).*\w\s*$", words, re.DOTALL)
        return "inner" if initialiser and not re.search(r"\b(const|noexcept|override|final|mutable)\s*$", words) else "function"
    return "inner"


def function_name(head: str) -> str:
    found = re.search(r"(?!requires\b|alignas\b)\b((?:[\w:]+::)?(?:operator[^\s(]+|~?\w+))\s*\(", head)
    return found[1] if found else "function"


def long_functions(name: str, code: str, found_blocks: list[Block]) -> list[str]:
    found = []
    for block in found_blocks:
        lines = code.count("\n", block.start, block.close) + 1
        if block.kind == "function" and lines > FUNCTION_LIMIT:
            where = line_of(code, block.start)
            found.append(f"{name}:{where}: {function_name(block.head)} has {lines} lines, limit {FUNCTION_LIMIT}")
    return found


def parameters(text: str) -> list[str]:
    """Splits `a, b<c, d>, e)…` at the commas of the outermost level, up to the closing parenthesis."""
    parts, depth, current = [], 0, ""
    for letter in text:
        if letter == ")" and depth == 0:
            break
        depth += (letter in "(<[{") - (letter in ")>]}")
        if letter == "," and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += letter
    return [part.strip() for part in [*parts, current] if part.strip()]


def is_collaborator(parameter: str) -> bool:
    held = "&" in parameter or "*" in parameter or "_ptr<" in parameter
    return held and "&&" not in parameter and not _PLAIN.search(parameter)


def large_types(name: str, code: str, found_blocks: list[Block]) -> list[str]:
    found = []
    for block in found_blocks:
        type_name = _NAME.search(block.head) if block.kind == "scope" else None
        if not type_name:
            continue
        body = code[block.open + 1 : block.close]
        where = line_of(code, block.start)
        methods = len(_PURE.findall(body))
        if methods > INTERFACE_LIMIT:
            found.append(f"{name}:{where}: {type_name[1]} has {methods} pure virtual methods, limit {INTERFACE_LIMIT}")
        for constructor in re.finditer(rf"(?<![\w~:.>])(?:explicit\s+)?{type_name[1]}\s*\(", body):
            count = sum(is_collaborator(part) for part in parameters(body[constructor.end() :]))
            if count > COLLABORATOR_LIMIT:
                found.append(f"{name}:{where}: {type_name[1]} takes {count} collaborators, limit {COLLABORATOR_LIMIT}")
    return found


def large_folders(root: pathlib.Path) -> list[str]:
    folders = collections.Counter(path.parent.relative_to(root) for path in files(root, *CPP, *OTHER, "docs/*", "db/*"))
    return [f"{folder}:1: {count} files, limit {FOLDER_LIMIT}" for folder, count in folders.items() if count > FOLDER_LIMIT]


def long_files(root: pathlib.Path, limit: int) -> list[str]:
    found = []
    for path in files(root, *CPP, *OTHER):
        name, lines = path.relative_to(root).as_posix(), read(path).count("\n")
        if lines > limit and not GENERATED.search(name):
            found.append(f"{name}:1: {lines} lines, limit {limit}")
    return found


def check(root: pathlib.Path) -> list[str]:
    found = long_files(root, FILE_LIMIT) + large_folders(root)
    for path in files(root, *CPP):
        name, code = path.relative_to(root).as_posix(), blank_noise(read(path))
        if not GENERATED.search(name):
            found_blocks = blocks(code)
            found += long_functions(name, code, found_blocks) + large_types(name, code, found_blocks)
    return found


if __name__ == "__main__":
    if "--warn" in sys.argv[1:]:
        print("\n".join(f"aim: {line}" for line in long_files(ROOT, FILE_AIM)))
    run_main(check)
