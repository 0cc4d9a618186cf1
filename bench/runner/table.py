"""Rows as a table that people read."""
from __future__ import annotations

from runner.scenarios import Row, cpu_of, p99_of, ratios


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:,.{digits}f}"


def _latency(row: Row, name: str) -> str:
    found = row.get(name)
    return "-" if not found else f"{found['p50']:.2f} / {found['p99']:.2f} / {found['p99.9']:.2f}"


def _latency_of_scenario(row: Row) -> str:
    return next((_latency(row, name) for name in ("ack_ms", "ready_ms", "page_ms") if name in row), "-")


def _rate(row: Row) -> float | None:
    names = ("acked_per_s", "handshakes_per_s", "pages_per_s", "highest_rate")
    return next((row[name] for name in names if name in row), None)


def _size(value: float | None) -> str:
    return "-" if value is None else f"{value / 1024:.1f}"


def _frozen(row: Row) -> str:
    return f"{row['frozen_ms']:.1f} / {row['longest_freeze_ms']:.1f}" if "frozen_ms" in row else "-"


def _commit(row: Row) -> str:
    names = ("commit_p50_below_ms", "commit_p99_below_ms")
    if names[0] not in row:
        return "-"
    return " / ".join("more" if row[name] is None else f"<{row[name]:g}" for name in names)


COLUMNS = (
    ("who", lambda row: row["who"]),
    ("per s", lambda row: _number(_rate(row), 0)),
    ("delivered/s", lambda row: _number(row.get("delivered_per_s"), 0)),
    ("p50 / p99 / p99.9 ms", _latency_of_scenario),
    ("delivery ms", lambda row: _latency(row, "delivery_ms")),
    ("CPU us each", lambda row: _number(cpu_of(row), 1)),
    ("user", lambda row: _number(row.get("server_us_user"), 1)),
    ("system", lambda row: _number(row.get("server_us_system"), 1)),
    ("cores", lambda row: _number(row.get("server_cores"), 2)),
    ("generator", lambda row: _number(row.get("generator_cores"), 2)),
    ("kernel", lambda row: _number(row.get("kernel_cores"), 2)),
    ("others", lambda row: _number(row.get("others_cores"), 2)),
    ("stolen ms", lambda row: _number(row.get("stolen_ms"), 0)),
    ("frozen / longest ms", _frozen),
    ("late", lambda row: _number(row.get("late"), 0)),
    ("a commit", lambda row: _number(row.get("messages_per_commit"), 1)),
    ("commit p50 / p99 ms", _commit),
    ("KB each", lambda row: _size(row.get("server_bytes_per_connection"))),
    ("verdict", lambda row: row["verdict"]),
)


def _columns(rows: list[Row]) -> list[tuple[str, list[str]]]:
    """Name and cells; columns that all leave empty are left out."""
    columns = [(name, [show(row) for row in rows]) for name, show in COLUMNS]
    return [(name, cells) for name, cells in columns if any(cell != "-" for cell in cells)]


def markdown(rows: list[Row]) -> str:
    """The rows of one scenario as a table of docs/benchmarks.md."""
    names, cells = zip(*_columns(rows))
    lines = [names, ("---",) * len(names), *zip(*cells)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def table(rows: list[Row]) -> str:
    """The rows of one scenario as people read it in a terminal."""
    columns = _columns(rows)
    widths = [max(len(name), *map(len, cells)) for name, cells in columns]
    lines = ["  ".join(name.rjust(width) for (name, _), width in zip(columns, widths))]
    for index in range(len(rows)):
        lines.append("  ".join(cells[index].rjust(width) for (_, cells), width in zip(columns, widths)))
    problems = [f"  {row['who']}: {row[name]}" for row in rows for name in ("problem", "connection_lost") if name in row]
    return "\n".join([*lines, *problems])


def paired(rows: list[Row], control: str) -> list[str]:
    """Server against one control, in the order in which they took turns: what is tracked."""
    ours = [row for row in rows if row["who"] == "server"]
    theirs = [row for row in rows if row["who"] == control]
    if any("highest_rate" in row for row in rows):
        # Its runs are of different rates.
        return []
    lines = []
    for what, figure in (("CPU each", cpu_of), ("p99", p99_of)):
        found = ratios(ours, theirs, figure)
        if found:
            median, all_pairs = found
            pairs = ", ".join(f"{one:.2f}" for one in all_pairs)
            lines.append(f"server / {control}: {what} {median:.2f} (pairs {pairs})")
    return lines
