#!/usr/bin/env python3
"""Adds up the result files that googletest wrote into a folder: prints `gtest: N passed, N failed, N skipped`.

Usage: tools/dev/gtest_counts.py FOLDER [PROGRAMS]     PROGRAMS: how many test programs were skipped as a whole

A test program that died wrote no file; ctest reports that one and its exit code tells.
"""
import json
import pathlib
import sys


def counts(folder: pathlib.Path) -> tuple[int, int, int]:
    passed = failed = skipped = 0
    for path in sorted(folder.rglob("*.json")):
        for suite in json.loads(path.read_text())["testsuites"]:
            for case in suite["testsuite"]:
                # What a test runs in a child process of its own program; no test by itself.
                if case["name"] == "DISABLED_Child":
                    continue
                if case.get("failures"):
                    failed += 1
                elif case["status"] != "RUN" or case.get("result") == "SKIPPED":
                    skipped += 1
                else:
                    passed += 1
    return passed, failed, skipped


if __name__ == "__main__":
    passed, failed, skipped = counts(pathlib.Path(sys.argv[1]))
    skipped += int(sys.argv[2]) if len(sys.argv) > 2 else 0
    print(f"gtest: {passed} passed, {failed} failed, {skipped} skipped")
