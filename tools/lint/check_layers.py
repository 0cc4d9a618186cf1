#!/usr/bin/env python3
"""Who may include whom, from the #include lines (ARCHITECTURE.md has the map).

- A file includes its own folder and folders of lower rank; a domain slice only api.h, types.h and events.h of the slices
  before it, an infra driver only those drivers that INFRA_USES lists.
- base knows only the standard library and fmt. Generated protobuf has the rank of wire.
- base/registry.h is for module files, app and main. No role name is looked at below app.
- SQL text stands in files named sql_* (and infra/sql) only.
"""
import pathlib
import re

from tree import blank_noise, files, line_of, read, run_main

RANKS = {"base": 1, "infra": 2, "wire": 3, "domain": 4, "edge": 5, "app": 6, "main": 7}
SLICES = ["account", "conversation", "contact", "group", "presence", "message", "moderation", "sync", "integration"]
# Drivers any other driver may use, and those that build on a particular one.
INFRA_SHARED = {"async", "log", "metrics", "config"}
INFRA_USES = {"egress": {"net"}, "http": {"net"}, "kv": {"wal"}, "mail": {"net"}, "ws": {"net"}}
# Ends of protocols in order: each may use those before it (rpc is what they have in common).
EDGES = ["rpc", "grpc", "gateway", "http"]
# These two are themselves modules that app puts into the registry.
REGISTRY_USERS = {("infra", "config", "config.h"), ("infra", "config", "data_folder.h")}
SLICE_PUBLIC = {"api.h", "types.h", "events.h"}

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
_ROLE = re.compile(r"\b(?:if|switch)\s*\(\s*!?\s*role\b|\brole_?name\b|\bhas_role\s*\(|HONGYAN_ROLE")
_SQL = re.compile(r'"\s*(?:SELECT\s|INSERT\s+(?:OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|REPLACE\s+INTO\s)')


def rank_of(top: str) -> int | None:
    # Generated from proto/: part of wire's rank wherever it is included from; gRPC's own services are for its edge.
    generated = {"hongyan": RANKS["wire"], "grpc": RANKS["edge"]}
    return generated.get(top) or RANKS.get(top)


def is_test(parts: tuple[str, ...]) -> bool:
    return parts[-1].endswith("_test.cc") or "testing" in parts[:-1]


def quoted_include_error(own: tuple[str, ...], included: str) -> str | None:
    """Why the file `own` (parts below src/) may not include "included", or None."""
    target = tuple(included.split("/"))
    rank, own_rank = rank_of(target[0]), RANKS[own[0]]
    if rank is None or ".." in target:
        return "include by the path from src/"
    if target[0] == "base" and target[1:] == ("registry.h",):
        allowed = own[0] in ("app", "main", "base") or own[-1] in ("module.h", "module.cc") or own in REGISTRY_USERS
        return None if allowed else "only module files, app and main see the registry"
    if rank > own_rank:
        return f"{own[0]} (rank {own_rank}) may not include {target[0]} (rank {rank})"
    if own[0] == target[0] == "domain":
        return slice_error(own, target)
    if own[0] == target[0] == "infra" and own[1] != target[1]:
        allowed = INFRA_SHARED | INFRA_USES.get(own[1], set())
        return None if target[1] in allowed else f"infra/{own[1]} may not use infra/{target[1]} (INFRA_USES)"
    if own[0] == target[0] == "edge" and own[1] != target[1]:
        return edge_error(own[1], target[1])
    return None


def edge_error(own: str, target: str) -> str | None:
    if own in EDGES and target in EDGES and EDGES.index(target) < EDGES.index(own):
        return None
    return f"edge/{own} may not use edge/{target} (EDGES)"


def slice_error(own: tuple[str, ...], target: tuple[str, ...]) -> str | None:
    if own[1] == target[1]:
        return None
    if own[1] not in SLICES or target[1] not in SLICES:
        return f"unknown slice: add it to SLICES in {pathlib.Path(__file__).name} at its place"
    if SLICES.index(target[1]) > SLICES.index(own[1]):
        return f"slice {own[1]} comes before {target[1]} and may not know it"
    if target[-1] in SLICE_PUBLIC and len(target) == 3:
        return None
    if own[-1] in ("module.h", "module.cc") and target[2:] == ("module.h",):
        return None
    if is_test(own) and target[2:3] == ("testing",):
        return None
    return f"of slice {target[1]} only {', '.join(sorted(SLICE_PUBLIC))} may be used"


def angle_include_error(own: tuple[str, ...], included: str) -> str | None:
    if own[0] != "base" or is_test(own) or included.startswith("fmt/"):
        return None
    # Standard headers have neither folder nor suffix.
    return None if re.fullmatch(r"[a-z_]+", included) else "base knows only the standard library and fmt"


def check_file(own: tuple[str, ...], text: str) -> list[str]:
    if own[0] not in RANKS:
        return [f"{'/'.join(('src', *own))}:1: no such layer: {own[0]}"]
    name = "/".join(("src", *own))
    code = blank_noise(text)
    found = []
    for match in _INCLUDE.finditer(code):
        quoted, angled = match.groups()
        error = quoted_include_error(own, quoted) if quoted else angle_include_error(own, angled)
        if error:
            found.append(f"{name}:{line_of(code, match.start())}: {error} ({quoted or angled})")
    if RANKS[own[0]] < RANKS["app"]:
        for match in _ROLE.finditer(code):
            found.append(f"{name}:{line_of(code, match.start())}: no role is looked at below app")
    if own[:2] != ("infra", "sql") and not own[-1].startswith("sql_") and not is_test(own):
        for match in _SQL.finditer(text):
            found.append(f"{name}:{line_of(text, match.start())}: SQL belongs into files named sql_*")
    return found


def check(root: pathlib.Path) -> list[str]:
    found = []
    for path in files(root, "src/*.h", "src/*.cc"):
        found += check_file(path.relative_to(root / "src").parts, read(path))
    return found


if __name__ == "__main__":
    run_main(check)
