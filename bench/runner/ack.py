"""What an ack takes above a bare append + fdatasync, and whether it had a sync."""
from __future__ import annotations

import statistics

from runner.scenarios import Row

MAX_ABOVE_MS = 1.0


def judge(rows: list[Row], control: str) -> tuple[bool, str]:
    """Rows of one message in flight, server and control in turns: whether the promise is kept, and a line that says so."""
    ours = [row for row in rows if row["who"] == "server"]
    theirs = [row for row in rows if row["who"] == control]
    pairs = [(one, other) for one, other in zip(ours, theirs) if "ack_ms" in one and "ack_ms" in other]
    syncs = [row["fsyncs_per_message"] for row in ours if "fsyncs_per_message" in row]
    if not pairs or not syncs:
        return False, "ack: nothing was measured"
    above = statistics.median(one["ack_ms"]["p50"] - other["ack_ms"]["p50"] for one, other in pairs)
    line = f"ack: p50 {above:.3f} ms above {control}'s (at most {MAX_ABOVE_MS:g}); fsyncs a message {min(syncs):.2f} (at least 1)"
    return above <= MAX_ABOVE_MS and min(syncs) >= 1, line
