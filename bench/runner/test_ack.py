import unittest

from runner import ack
from runner.scenarios import Row


def row(who: str, p50: float, **more: float) -> Row:
    return {"who": who, "ack_ms": {"p50": p50}, **more}


class AckTest(unittest.TestCase):
    def test_the_median_of_the_pairs_is_judged(self) -> None:
        rows = []
        for ours, theirs in ((0.9, 0.5), (5.0, 0.5), (1.2, 0.6)):
            rows += [row("durable", theirs), row("server", ours, fsyncs_per_message=1.0)]
        good, line = ack.judge(rows, "durable")
        self.assertTrue(good)
        self.assertIn("0.600 ms above durable's", line)

    def test_more_than_a_millisecond_is_too_slow(self) -> None:
        good, _ = ack.judge([row("durable", 0.5), row("server", 1.6, fsyncs_per_message=1.0)], "durable")
        self.assertFalse(good)

    def test_an_ack_without_a_sync_breaks_the_promise(self) -> None:
        good, _ = ack.judge([row("durable", 0.5), row("server", 0.6, fsyncs_per_message=0.99)], "durable")
        self.assertFalse(good)

    def test_no_figures_are_no_success(self) -> None:
        good, _ = ack.judge([{"who": "server", "verdict": "failed"}, row("durable", 0.5)], "durable")
        self.assertFalse(good)


if __name__ == "__main__":
    unittest.main()
