#!/usr/bin/env python3
"""Words and idioms that have no place here: marks of unfinished work, paths and hosts of somebody's machine, names that
say nothing, sleeps and skips in tests, detached work, swallowed exceptions.
"""
import dataclasses
import pathlib
import re

from tree import blank_noise, files, line_of, read, run_main

TEXT = ("*.h", "*.cc", "*.ts", "*.vue", "*.js", "*.py", "*.sh", "*.sql", "*.proto", "*.toml", "*.md", "*.cmake", "*.json",
        "*CMakeLists.txt", "Makefile", ".ci/*", "tools/dev/*")
CPP = ("src/*.h", "src/*.cc", "bench/*.h", "bench/*.cc")
TYPESCRIPT = ("web/*.ts", "web/*.vue", "tests/*.ts")
TESTS = ("src/*_test.cc", "src/*/testing/*", "web/*.test.ts", "web/*.spec.ts", "web/e2e/*.ts", "tests/*.ts")


@dataclasses.dataclass(frozen=True)
class Rule:
    pattern: re.Pattern[str]
    where: tuple[str, ...]
    why: str
    # Whether comments and string literals count too.
    whole: bool = False


def _rule(pattern: str, where: tuple[str, ...], why: str, whole: bool = False) -> Rule:
    return Rule(re.compile(pattern, re.MULTILINE), where, why, whole)


RULES = (
    _rule(r"\b(?:TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b", TEXT, "mark of unfinished work", whole=True),
    _rule(r"/w[o]rk/[a-z.]|/ho[m]e/\w|/Us[e]rs/\w|/ro[o]t/\w", TEXT, "path of somebody's machine", whole=True),
    _rule(r"registry\.n[p]mjs|de[b]\.debian\.org|security\.debian\.o[r]g|py[p]i\.org|crates\.i[o]\b", (*TEXT, ".npmrc"),
          "host of a package registry", whole=True),
    _rule(r"\b(?:class|struct)\s+\w*(?:Manager|Helper|Utils?)\b", CPP, "the name says nothing: what does it do?"),
    _rule(r"\b(?:class|interface|type)\s+\w*(?:Manager|Helper|Utils?)\b", TYPESCRIPT, "the name says nothing: what does it do?"),
    _rule(r"\bsleep_(?:for|until)\b|(?<!\w)::sleep\s*\(|\b(?:u|nano)sleep\s*\(", CPP, "no sleeping: wait for the thing itself"),
    _rule(r"setTimeout\(\s*(?:resolve|done|r|ok)\s*,\s*\d|waitForTimeout\(|\bsleep\(", TESTS, "no sleep in a test: wait for the thing itself"),
    _rule(r"GTEST_[S]KIP|\.s[k]ip\(|\b(?:it|test|describe)\.o[n]ly\(", TESTS, "no test is left out"),
    _rule(r"\bdetached\b|\.detach\(\)", CPP, "nothing is detached: spawn it in a Scope"),
    _rule(r"catch\s*\(\.\.\.\)\s*\{\s*\}", CPP, "an exception is swallowed"),
    _rule(r"\[[^\]\n]+\]\s*\([^()]*\)\s*(?:mutable\s*)?->\s*(?:\w+::)*(?:Task|awaitable)\s*<", CPP,
          "a lambda coroutine that captures dies before its frame: pass parameters"),
    _rule(r"\busing\s+namespace\s+(?!.*literals)[\w:]+;", CPP, "name what is used"),
    _rule(r"^#ifndef \w+_H_?$", CPP, "use #pragma once"),
)


def check(root: pathlib.Path) -> list[str]:
    found = []
    for rule in RULES:
        for path in files(root, *rule.where):
            text = read(path)
            if not rule.whole and path.suffix in (".h", ".cc"):
                text = blank_noise(text)
            for match in rule.pattern.finditer(text):
                name = path.relative_to(root).as_posix()
                found.append(f"{name}:{line_of(text, match.start())}: {rule.why}: {match[0].strip()}")
    for path in files(root, "src/*", "web/*"):
        name = path.relative_to(root).as_posix()
        if re.search(r"(?:^|/)(?:common|utils?|helpers?)(?:/|\.\w+$)", name):
            found.append(f"{name}:1: the name says nothing: what is in it?")
    return found


if __name__ == "__main__":
    run_main(check)
