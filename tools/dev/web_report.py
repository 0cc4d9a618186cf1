#!/usr/bin/env python3
"""Says which test shows each line of web/checklist.toml: `make web-report`.

A test shows a line by the id in its title; `GR-2 to GR-6` names all of them. Exits non-zero when a title names an id
that the checklist lacks or calls absent, or when less than 90 % of what is expected is shown.
"""
import dataclasses
import pathlib
import re
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHECKLIST = "web/checklist.toml"
TESTS = ("web/e2e/specs/*.spec.ts", "web/packages/**/*.test.ts", "web/apps/**/*.test.ts", "tests/e2e/**/*.test.ts")
WANTED_SHARE = 0.9

# The first argument of test(), it(), describe() and their like; of each() the one of the second call.
_TITLE = re.compile(r"(?:\b(?:test|it|describe)(?:\.\w+)*\(|\]\)\()\s*(['\"`])(.*?)(?<!\\)\1", re.DOTALL)


@dataclasses.dataclass(frozen=True)
class Checklist:
    lines: dict[str, str]
    absent: dict[str, str]

    @property
    def areas(self) -> set[str]:
        return {name.partition("-")[0] for name in self.lines}


@dataclasses.dataclass(frozen=True)
class Report:
    text: str
    problems: list[str]


def read_checklist(text: str) -> Checklist:
    tables = tomllib.loads(text)
    absent = tables.pop("absent", {})
    return Checklist({name: line for table in tables.values() for name, line in table.items()}, absent)


def titles_in(source: str) -> list[str]:
    return [found[2] for found in _TITLE.finditer(source)]


def ids_in(title: str, areas: set[str]) -> list[str]:
    """The ids in a title, those between the ends of a range included."""
    one = rf"({'|'.join(sorted(areas))})-(\d+)"
    ids = []
    for found in re.finditer(rf"\b{one}\b(?: to {one}\b)?", title):
        area, low, other, high = found.groups()
        last = int(high) if other == area else int(low)
        ids += [f"{area}-{number}" for number in range(int(low), last + 1)]
    return ids


def find_shown(files: dict[str, str], areas: set[str]) -> dict[str, list[str]]:
    """By id, the tests that name it, as `file: title`."""
    shown: dict[str, list[str]] = {}
    for path, source in files.items():
        for title in titles_in(source):
            for name in ids_in(title, areas):
                shown.setdefault(name, []).append(f"{path}: {title}")
    return shown


def report(checklist: Checklist, shown: dict[str, list[str]]) -> Report:
    rows = []
    for name, line in checklist.lines.items():
        rows.append(f"{name:7}{line}")
        if name in shown:
            rows += [f"         {test}" for test in dict.fromkeys(shown[name])]
        else:
            rows.append(f"         absent: {checklist.absent[name]}" if name in checklist.absent else "         MISSING")
    expected = [name for name in checklist.lines if name not in checklist.absent]
    missing = [name for name in expected if name not in shown]
    share = 1 - len(missing) / len(expected) if expected else 0
    rows.append(
        f"{len(expected)} expected, {len(expected) - len(missing)} shown ({share:.0%}), {len(checklist.absent)} absent; "
        f"missing: {', '.join(missing) or 'none'}"
    )
    problems = [f"{name} is not in {CHECKLIST}: {shown[name][0]}" for name in shown if name not in checklist.lines]
    problems += [f"{name} is absent, but shown: {shown[name][0]}" for name in checklist.absent if name in shown]
    problems += [f"{name} is absent, but not a line" for name in checklist.absent if name not in checklist.lines]
    if share < WANTED_SHARE:
        problems.append(f"{share:.0%} is shown, and {WANTED_SHARE:.0%} is wanted")
    return Report("\n".join(rows), problems)


def report_of_tree(root: pathlib.Path) -> Report:
    checklist = read_checklist((root / CHECKLIST).read_text())
    paths = sorted(path for pattern in TESTS for path in root.glob(pattern) if "node_modules" not in path.parts)
    files = {str(path.relative_to(root)): path.read_text() for path in paths}
    return report(checklist, find_shown(files, checklist.areas))


def main() -> int:
    result = report_of_tree(ROOT)
    print(result.text)
    for problem in result.problems:
        print(f"web-report: {problem}", file=sys.stderr)
    return 1 if result.problems else 0


if __name__ == "__main__":
    sys.exit(main())
