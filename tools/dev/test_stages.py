import contextlib
import io
import json
import pathlib
import tempfile
import threading
import unittest
import unittest.mock

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


class BesideTest(unittest.TestCase):
    def run_with(self, all_stages, codes):
        """Runs stages whose commands end with `codes`, by target; answers the run and in which order they began."""
        began = []
        build_may_end = threading.Event()

        def fake(command, limit_s, echo=True):
            target = command[command.index("make") + 1]
            began.append(target)
            if target == "build":
                # It ends only once another stage has run meanwhile.
                self.assertTrue(build_may_end.wait(10))
            if target == "tests":
                build_may_end.set()
            return codes.get(target, 0), f"1 passed, {1 if codes.get(target) else 0} failed\n"

        this = stages.Run()
        with unittest.mock.patch.object(stages, "run_command", fake), contextlib.redirect_stdout(io.StringIO()):
            this.run(all_stages)
        return this, began

    STAGES = [Stage("build", 1, counts=False, beside=True), Stage("tests", 1), Stage("needs", 1, needs=("build",))]

    def test_others_go_on_and_who_needs_it_waits(self):
        this, began = self.run_with(self.STAGES, {})
        self.assertEqual(sorted(began[:2]), ["build", "tests"])
        self.assertEqual(began[2], "needs")
        self.assertEqual(this.total, Counts(2, 0, 0))

    def test_its_failure_is_that_of_who_needs_it(self):
        this, began = self.run_with(self.STAGES, {"build": 2})
        self.assertEqual(sorted(began), ["build", "tests"])
        self.assertEqual(this.total, Counts(1, 2, 0))

    def test_it_is_waited_for_though_nobody_needs_it(self):
        this, _ = self.run_with(self.STAGES[:2], {"build": 2})
        self.assertEqual(this.failed, {"build"})

    def test_it_leaves_the_processors_to_others(self):
        command = [*self.STAGES[0].command[:-2], "sh", "-c", "chrt --pid $$; cat /proc/self/autogroup"]
        code, output = stages.run_command(command, 10, echo=False)
        self.assertEqual(code, 0, output)
        self.assertIn("SCHED_IDLE", output)
        # Where the kernel schedules by sessions.
        if "autogroup" in output.splitlines()[-1]:
            self.assertIn("nice 19", output)


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
