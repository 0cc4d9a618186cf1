"""Writing generated files, or checking that they are what they would be written as."""
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]


def as_json(document: dict) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def write(outputs: dict[str, str]) -> None:
    """Takes texts by path. With --check on the command line nothing is written; the program fails if a file differs."""
    check = "--check" in sys.argv[1:]
    stale = []
    for name, text in outputs.items():
        path = ROOT / name
        if path.exists() and path.read_text() == text:
            continue
        stale.append(name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    if stale and check:
        sys.exit("edited by hand or older than proto/, run `make gen`: " + ", ".join(stale))
