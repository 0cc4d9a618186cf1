import json
import pathlib
import tempfile
import unittest

import gtest_counts
import stages
from stages import Counts, Stage


class CountTest(unittest.TestCase):
    def test_reads_every_runner(self):
        cases = {
            "gtest: 12 passed, 1 failed, 2 skipped": Counts(12, 1, 2),
            "10 passed, 0 failed": Counts(10, 0, 0),
            " Test Files  2 passed (2)\n      Tests  7 passed (7)": Counts(7, 0, 0),
            "\x1b[2m      Tests \x1b[22m \x1b[31m1 failed\x1b[39m | 3 passed | 2 skipped (6)": Counts(3, 1, 2),
            "  3 passed (12.3s)": Counts(3, 0, 0),
            "  1 failed\n    [chromium] x.spec.ts\n  2 flaky\n  4 passed (1.2m)": Counts(4, 3, 0),
            "Ran 5 tests in 0.1s\n\nOK": Counts(5, 0, 0),
            "Ran 5 tests in 0.1s\n\nFAILED (failures=1, errors=1, skipped=1)": Counts(2, 2, 1),
            "something passed\nTests of 3 passed": Counts(0, 0, 0),
        }
        for output, expected in cases.items():
            with self.subTest(output):
                self.assertEqual(stages.count(output), expected)


class JudgeTest(unittest.TestCase):
    def test_a_stage_that_died_is_a_failure(self):
        self.assertEqual(stages.judge(Stage("unit", 1), 139, "gtest: 4 passed, 0 failed, 0 skipped"), Counts(4, 1))

    def test_a_failure_is_not_counted_twice(self):
        self.assertEqual(stages.judge(Stage("unit", 1), 1, "gtest: 4 passed, 1 failed"), Counts(4, 1))

    def test_a_stage_without_tests_is_a_failure(self):
        self.assertEqual(stages.judge(Stage("e2e", 1), 0, "nothing to see"), Counts(0, 1))

    def test_a_build_needs_no_tests(self):
        self.assertEqual(stages.judge(Stage("build", 1, counts=False), 0, ""), Counts())
        self.assertEqual(stages.judge(Stage("build", 1, counts=False), 2, ""), Counts(failed=1))

    def test_a_stage_that_hangs_is_ended(self):
        code, output = stages.run_command(["sh", "-c", "echo before; exec tail -f /dev/null"], 1)
        self.assertNotEqual(code, 0)
        self.assertIn("before", output)


class GtestCountsTest(unittest.TestCase):
    def test_adds_up_files(self):
        def case(**more):
            return {"name": "Case", "status": "RUN", "result": "COMPLETED"} | more

        with tempfile.TemporaryDirectory() as folder:
            suites = [{"testsuite": [case(), case(failures=[{}]), case(name="DISABLED_Child")]}, {"testsuite": [case(result="SKIPPED")]}]
            (pathlib.Path(folder) / "a.json").write_text(json.dumps({"testsuites": suites}))
            (pathlib.Path(folder) / "b.json").write_text(json.dumps({"testsuites": [{"testsuite": [case()]}]}))
            self.assertEqual(gtest_counts.counts(pathlib.Path(folder)), (2, 1, 1))


if __name__ == "__main__":
    unittest.main()
