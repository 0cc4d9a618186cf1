"""kill -9 in the middle of a run, and whether everything that was acked is there afterwards, once."""
from __future__ import annotations

import collections
import http.client
import json
import pathlib
import subprocess
import time
from typing import Any

from runner.processes import Program
from runner.scenarios import Scenario, Target, command_of

PAGE = 100
VERIFY_WITHIN_S = 600.0
CLIENT_WITHIN_S = 60.0


def _kill_during(build: pathlib.Path, target: Target, acked: pathlib.Path, rate: int, after_s: float) -> None:
    scenario = Scenario("direct", ("--rate", str(rate), "--seconds", "600", "--acked", str(acked)), 0)
    client = subprocess.Popen([*command_of(build, scenario, target), "--json"], stdout=subprocess.DEVNULL)
    try:
        end = time.monotonic() + CLIENT_WITHIN_S
        # The generator makes the file once it is connected.
        while not acked.exists() and client.poll() is None and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(after_s)
        target.program.kill9()
        client.wait(CLIENT_WITHIN_S)
    finally:
        if client.poll() is None:
            client.kill()
            client.wait()


def _tokens(people: pathlib.Path) -> dict[str, str]:
    """For each 1:1 the access token of somebody who is in it."""
    tokens: dict[str, str] = {}
    with open(people, encoding="utf-8") as lines:
        for line in lines:
            person = json.loads(line)
            for direct in person["direct"]:
                tokens[direct["conversation_id"]] = person["access_token"]
    return tokens


def _history(connection: http.client.HTTPConnection, conversation: str, token: str, seqs: list[int]) -> dict[int, str]:
    """client_msg_id by seq, over the stretch of these seqs."""
    found: dict[int, str] = {}
    after, last = min(seqs) - 1, max(seqs)
    while after < last:
        connection.request("GET", f"/v1/conversations/{conversation}/messages?after={after}&limit={PAGE}",
                           headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        page: dict[str, Any] = json.load(answer)
        if answer.status != 200 or page["to_seq"] <= after:
            break
        found |= {item["seq"]: item["client_msg_id"] for item in page["items"]}
        after = page["to_seq"]
    return found


def _missing(port: int, people: pathlib.Path, acked: pathlib.Path) -> tuple[int, list[str]]:
    """How many acks there are, and what is wrong with the history."""
    expected: dict[str, dict[int, str]] = collections.defaultdict(dict)
    count, problems = 0, []
    for line in acked.read_text(encoding="ascii").splitlines():
        conversation, seq, client_msg_id = line.split()
        if expected[conversation].setdefault(int(seq), client_msg_id) != client_msg_id:
            problems.append(f"{conversation}: seq {seq} was acked twice")
        count += 1
    tokens = _tokens(people)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for conversation, messages in expected.items():
        found = _history(connection, conversation, tokens[conversation], list(messages))
        times = collections.Counter(found.values())
        for seq, client_msg_id in messages.items():
            if found.get(seq) != client_msg_id:
                problems.append(f"{conversation}: seq {seq} is not {client_msg_id}")
            elif times[client_msg_id] != 1:
                problems.append(f"{conversation}: {client_msg_id} is there {times[client_msg_id]} times")
    connection.close()
    return count, problems


def check(build: pathlib.Path, target: Target, data: pathlib.Path, folder: pathlib.Path, rate: int,
          after_s: float) -> tuple[bool, list[str]]:
    """Kills the running server while so many messages a second are sent, and leaves it stopped. Tells whether nothing was
    lost, and lines that say so."""
    acked = folder / "acked"
    program: Program = target.program
    _kill_during(build, target, acked, rate, after_s)
    program.start()
    count, problems = _missing(program.ports[0], target.people, acked)
    program.stop()
    lines = [f"kill -9 at {rate}/s after {after_s:.1f} s: ready again in {program.ready_after_s:.2f} s; "
             f"{count} acked, {len(problems)} of them wrong in the history", *problems[:10]]
    verify = subprocess.run([str(build / "hongyan"), "verify", "--data", str(data)], capture_output=True, text=True,
                            timeout=VERIFY_WITHIN_S, check=False)
    lines.append(f"hongyan verify: exit code {verify.returncode}, {verify.stdout.strip().splitlines()[-1]}")
    return not problems and count > 0 and verify.returncode == 0, lines
