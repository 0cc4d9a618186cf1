#!/usr/bin/env python3
"""docs/locks.md lists every mutex of src/ (by file and member), and docs/threads.md every named thread and pool, and
neither lists one that is gone.
"""
import pathlib
import re

from tree import blank_noise, files, line_of, read, run_main

LOCKS, THREADS = "docs/locks.md", "docs/threads.md"

_MUTEX = re.compile(r"\bstd::(?:recursive_|shared_|timed_)?mutex\s+(\w+)\s*;")
_MUTEX_ROW = re.compile(r"^\| `(src/[^`]+)` `(\w+)` \|", re.MULTILINE)
# name_this_thread("sequencer") and, in modules, pools such as pool_{"db", …} or BlockingPool("db", …).
_THREAD = re.compile(r'\bname_this_thread\(\(?"([\w-]+)"|\bBlockingPool\s*(?:\w+)?\s*[({]\s*"([\w-]+)"|\b(?:\w*pool|cpu|fs)_?\s*[({]\s*"([\w-]+)"')
_THREAD_ROW = re.compile(r"^\| `([\w-]+)`", re.MULTILINE)


def sources(root: pathlib.Path) -> list[tuple[str, str]]:
    found = []
    for path in files(root, "src/*.h", "src/*.cc"):
        name = path.relative_to(root).as_posix()
        if not name.endswith("_test.cc") and "/testing/" not in name:
            found.append((name, read(path)))
    return found


def compare(document: str, rows: dict[str, int], wanted: dict[str, str]) -> list[str]:
    gone = [f"{document}:{line}: there is no {row}" for row, line in rows.items() if row not in wanted]
    return gone + [f"{where}: {what} is not in {document}" for what, where in wanted.items() if what not in rows]


def check(root: pathlib.Path) -> list[str]:
    mutexes, threads = {}, {}
    for name, text in sources(root):
        code = blank_noise(text)
        for match in _MUTEX.finditer(code):
            mutexes[f"{name} {match[1]}"] = f"{name}:{line_of(code, match.start())}"
        for match in _THREAD.finditer(text):
            threads[(match[1] or match[2] or match[3]).rstrip("-")] = f"{name}:{line_of(text, match.start())}"
    locks_text, threads_text = read(root / LOCKS), read(root / THREADS)
    lock_rows = {f"{row[1]} {row[2]}": line_of(locks_text, row.start()) for row in _MUTEX_ROW.finditer(locks_text)}
    thread_rows = {row[1]: line_of(threads_text, row.start()) for row in _THREAD_ROW.finditer(threads_text)}
    return compare(LOCKS, lock_rows, mutexes) + compare(THREADS, thread_rows, threads)


if __name__ == "__main__":
    run_main(check)
