#!/usr/bin/env python3
"""All checks that need no running program: what `make lint` does. Prints one line a check with its duration, the output
of those that failed, and `lint: N passed, N failed` at the end.

clang-tidy with the checks of .clang-tidy costs 15 s a file, so that is for TIDY=1 in the environment, over every file. Otherwise
it makes only the few checks that find what kills a process (5 s a file): over the files that differ from the last
commit, and with TIDY=narrow over every file but tests.
"""
import os
import pathlib
import subprocess
import sys
import time

from tree import ROOT, files

NARROW = ",".join((
    "-*",
    "bugprone-use-after-move",
    "bugprone-dangling-handle",
    "bugprone-infinite-loop",
    "bugprone-unused-return-value",
    "cppcoreguidelines-avoid-capturing-lambda-coroutines",
    "cppcoreguidelines-no-suspend-with-lock",
))
HERE = pathlib.Path(__file__).resolve().parent
JOBS = str(os.cpu_count() or 1)


def cpp_files() -> list[str]:
    return [str(path.relative_to(ROOT)) for path in files(ROOT, "src/*.h", "src/*.cc", "bench/*.h", "bench/*.cc")]


def in_parallel(command: list[str], names: list[str], batch: int) -> tuple[int, str]:
    """Runs `command` over the names, `batch` at a time, as many processes as there are processors."""
    xargs = ["xargs", "-0", "-r", "-n", str(batch), "-P", JOBS, *command]
    ended = subprocess.run(xargs, cwd=ROOT, input="\0".join(names), capture_output=True, text=True)
    return ended.returncode, ended.stdout + ended.stderr


def command(*words: str) -> tuple[int, str]:
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    return ended.returncode, ended.stdout + ended.stderr


def tidy() -> tuple[int, str]:
    names = [name for name in cpp_files() if name.endswith(".cc")]
    depth = os.environ.get("TIDY", "")
    options = ["--quiet", "--warnings-as-errors=*"]
    if depth != "1":
        options.append(f"--checks={NARROW}")
        changed = None if depth == "narrow" else set(command("git", "diff", "--name-only", "HEAD")[1].split())
        names = [name for name in names if not name.endswith("_test.cc") and (changed is None or name in changed)]
    if not names:
        return 0, ""
    for step in (("cmake", "--preset"), ("cmake", "--build", "--target", "hongyan_headers", "--preset")):
        status, said = command(*step, "separate")
        if status:
            return status, said
    return in_parallel(["clang-tidy-19", "-p", "build/separate", *options], names, 1)


def checks() -> dict[str, object]:
    own = {path.stem: (lambda path=path: command(sys.executable, str(path))) for path in sorted(HERE.glob("check_*.py"))}
    generated = {
        f"check_generated: {path.parent.name}/{path.name}": (lambda path=path: command(sys.executable, str(path), "--check"))
        for path in sorted((ROOT / "tools/gen").glob("*.py"))
    }
    return own | generated | {
        "clang-format": lambda: in_parallel(["clang-format-19", "--dry-run", "-Werror"], cpp_files(), 20),
        "clang-tidy": tidy,
        "eslint, prettier": lambda: command("tools/dev/with-node", "npm", "run", "--silent", "lint"),
        "typecheck": lambda: command("tools/dev/with-node", "npm", "run", "--silent", "typecheck"),
    }


def main() -> int:
    failed = 0
    todo = checks()
    for name, run in todo.items():
        began = time.monotonic()
        code, output = run()
        print(f"{'failed' if code else 'ok':7} {time.monotonic() - began:5.1f} s  {name}", flush=True)
        if code:
            failed += 1
            print(output.rstrip(), flush=True)
    print(f"lint: {len(todo) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
