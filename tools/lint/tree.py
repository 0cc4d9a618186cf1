"""What the checks share: the files of the tree, C++ with comments and literals blanked, and the common main()."""
import fnmatch
import pathlib
import re
import subprocess
import sys
from collections.abc import Callable, Iterator

ROOT = pathlib.Path(__file__).resolve().parents[2]

# A check takes the root of a tree and answers its findings, each "path:line: what is wrong".
Check = Callable[[pathlib.Path], list[str]]


def files(root: pathlib.Path, *patterns: str) -> Iterator[pathlib.Path]:
    """Files that are or could be committed and whose path matches a pattern (`*` also matches `/`), sorted."""
    if (root / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout.decode().split("\0")
    else:
        names = [str(path.relative_to(root)) for path in root.rglob("*")]
    for name in sorted(set(names)):
        if name and any(fnmatch.fnmatch(name, pattern) for pattern in patterns) and (root / name).is_file():
            yield root / name


def read(path: pathlib.Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


_CPP_NOISE = re.compile(
    r"//[^\n]*|/\*.*?\*/"  # comments
    r'|R"(?P<tag>[^\s()\\]{0,16})\(.*?\)(?P=tag)"'  # raw strings
    r'|"(?:\\.|[^"\\\n])*"'  # strings
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",  # characters, not the marks within 1'000
    re.DOTALL,
)


def blank_noise(text: str) -> str:
    """C++ without comments and literals, every line and column kept. Include lines keep their path."""

    def blank(found: re.Match[str]) -> str:
        line_start = text.rfind("\n", 0, found.start()) + 1
        if re.match(r"[ \t]*#[ \t]*include\b", text[line_start : found.start()]):
            return found[0]
        return re.sub(r"[^\n]", " ", found[0])

    return _CPP_NOISE.sub(blank, text)


def line_of(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def run_main(check: Check) -> None:
    """Prints what the check finds in this repository; the exit code tells whether it found anything."""
    found = check(ROOT)
    print("\n".join(found) or f"{pathlib.Path(sys.argv[0]).stem}: nothing found")
    sys.exit(1 if found else 0)
