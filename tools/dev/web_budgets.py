#!/usr/bin/env python3
"""Weighs the built web client: what a browser fetches before a page is there, by gzip at level 9.

Usage: tools/dev/web_budgets.py [FOLDER]     FOLDER is the build, by default web/apps/chat/dist.

Prints a line for each page and each part that is only fetched when it is used; fails when one is over its budget.
"""
import gzip
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
KIB = 1024

# What every page needs: the entry, and the larger one of the catalogues, of which a page fetches one.
BASE = ("index.html", "../../packages/i18n/src/zh-CN.json")
CSS_KIB = 20
# What a page consists of beside that, and how much JavaScript that may be.
PAGES = {
    "login": (120, ("src/features/auth/LoginPage.vue",)),
    "chat": (230, ("../../packages/sdk/src/open-session.ts", "src/features/shell/AppShell.vue", "src/features/chat/ChatPane.vue")),
}
# What is fetched when somebody uses it, and how much that may be with what it brings along.
PARTS = {
    "src/features/emoji/EmojiPanel.vue": 45,
}


class Build:
    """A finished build, by its manifest."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.chunks = json.loads((folder / ".vite/manifest.json").read_text(encoding="utf-8"))

    def with_imports(self, names: list[str]) -> set[str]:
        """These chunks with everything they cannot run without."""
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self.chunks[name].get("imports", [])
        return found

    def scripts(self, chunks: set[str]) -> float:
        """KiB of JavaScript."""
        return self.weigh({self.chunks[name]["file"] for name in chunks})

    def styles(self, chunks: set[str]) -> float:
        """KiB of CSS."""
        return self.weigh({style for name in chunks for style in self.chunks[name].get("css", [])})

    def weigh(self, files: set[str]) -> float:
        return sum(len(gzip.compress((self.folder / name).read_bytes(), 9)) for name in files) / KIB


def judge(build: Build) -> tuple[list[str], list[str]]:
    """Lines of the table, and what is wrong."""
    lines, wrong = [], []

    def note(name: str, kind: str, kib: float, limit: int) -> None:
        lines.append(f"{name:36} {kind:4} {kib:6.1f} of {limit} KiB")
        if kib > limit:
            wrong.append(f"{name}: {kib:.1f} KiB of {kind}, {limit} at most")

    for page, (limit, names) in PAGES.items():
        chunks = build.with_imports([*BASE, *names])
        note(page, "js", build.scripts(chunks), limit)
        note(page, "css", build.styles(chunks), CSS_KIB)
        wrong += [f"{page}: fetches {part} before anybody uses it" for part in PARTS if part in chunks]
    everything = build.with_imports([*BASE, *(name for _, names in PAGES.values() for name in names)])
    for part, limit in PARTS.items():
        if not build.chunks.get(part, {}).get("isDynamicEntry"):
            wrong.append(f"{part}: is no part that is fetched by itself")
        else:
            note(pathlib.PurePath(part).stem, "js", build.scripts(build.with_imports([part]) - everything), limit)
    return lines, wrong


def main() -> int:
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "web/apps/chat/dist"
    lines, wrong = judge(Build(folder))
    print("\n".join(lines))
    for line in wrong:
        print(f"web_budgets: {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
