"""What the migrations of one kind of database lead to: tables, columns, keys, and what their comments say."""
import dataclasses
import pathlib
import re
import sys


@dataclasses.dataclass
class Column:
    name: str
    type: str
    nullable: bool
    default: str | None
    about: str


@dataclasses.dataclass
class Table:
    name: str
    about: str
    # The file that made it.
    origin: str
    columns: list[Column] = dataclasses.field(default_factory=list)
    primary: str = ""
    uniques: list[str] = dataclasses.field(default_factory=list)
    # Column and what it refers to.
    foreign: list[tuple[str, str]] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Index:
    name: str
    table: str
    columns: str
    unique: bool
    where: str


@dataclasses.dataclass
class Schema:
    tables: dict[str, Table] = dataclasses.field(default_factory=dict)
    indexes: list[Index] = dataclasses.field(default_factory=list)


_TABLE = re.compile(r"CREATE TABLE (\w+) \((.*)\)[^()]*", re.DOTALL)
_INDEX = re.compile(r"CREATE (UNIQUE )?INDEX (\w+) ON (\w+) \((.*?)\)(?: WHERE (.*))?", re.DOTALL)
_DROP_INDEX = re.compile(r"DROP INDEX (\w+)(?: ON \w+)?")
_ADD = re.compile(r"ALTER TABLE (\w+) ADD COLUMN (.*)", re.DOTALL)
# Changes rows, not tables.
_ROWS = re.compile(r"(?:UPDATE|INSERT INTO|DELETE FROM) ")
_COLUMN = re.compile(r"(\w+)\s+(\w+(?:\(\d+\))?)\s*(.*)", re.DOTALL)


def statements(text: str) -> list[tuple[str, str]]:
    """Each statement with the comment that stands right above it."""
    found, comment, code = [], [], []
    for line in text.splitlines():
        stripped = line.strip()
        if not code and stripped.startswith("--"):
            comment.append(stripped[2:].strip())
        elif not code and not stripped:
            comment = []
        else:
            code.append(line)
            if stripped.endswith(";"):
                found.append((" ".join(comment), "\n".join(code).rstrip().removesuffix(";")))
                comment, code = [], []
    return found


def heading(text: str) -> str:
    """The comment at the top of a file."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line[2:].strip())
    return " ".join(lines)


def entries(body: str) -> list[tuple[str, str]]:
    """The columns and keys between the brackets of a table, each with the comment above it."""
    found, comment, depth, text = [], [], 0, ""
    for line in body.splitlines():
        stripped = line.strip()
        if stripped.startswith("--"):
            comment.append(stripped[2:].strip())
            continue
        for char in stripped:
            depth += (char == "(") - (char == ")")
            if char == "," and depth == 0:
                found.append((" ".join(comment), text.strip()))
                comment, text = [], ""
            else:
                text += char
        text += " "
    if text.strip():
        found.append((" ".join(comment), text.strip()))
    return found


def add_column(table: Table, about: str, text: str) -> None:
    parsed = _COLUMN.fullmatch(text)
    if not parsed:
        sys.exit(f"schema.py: cannot read the column {text!r} of {table.name}")
    name, kind, rest = parsed.groups()
    default = re.search(r"\bDEFAULT ('[^']*'|\S+)", rest)
    if "PRIMARY KEY" in rest:
        table.primary = name
    if re.search(r"\bUNIQUE\b", rest):
        table.uniques.append(name)
    if refers := re.search(r"\bREFERENCES (\w+) \(\w+\)", rest):
        table.foreign.append((name, refers[1]))
    nullable = "NOT NULL" not in rest and "PRIMARY KEY" not in rest
    table.columns.append(Column(name, kind, nullable, default[1] if default else None, about))


def add_entry(table: Table, about: str, text: str) -> None:
    if key := re.fullmatch(r"PRIMARY KEY \((.*)\)", text):
        table.primary = key[1]
    elif key := re.fullmatch(r"UNIQUE \((.*)\)", text):
        table.uniques.append(key[1])
    elif key := re.fullmatch(r"FOREIGN KEY \((\w+)\) REFERENCES (\w+) \(\w+\)", text):
        table.foreign.append((key[1], key[2]))
    else:
        add_column(table, about, text)


def apply(schema: Schema, origin: str, about: str, statement: str) -> None:
    statement = statement.strip()
    if made := _TABLE.fullmatch(statement):
        table = schema.tables[made[1]] = Table(made[1], about, origin)
        for note, text in entries(made[2]):
            add_entry(table, note, text)
    elif made := _INDEX.fullmatch(statement):
        schema.indexes.append(Index(made[2], made[3], made[4], bool(made[1]), " ".join((made[5] or "").split())))
    elif gone := _DROP_INDEX.fullmatch(statement):
        schema.indexes = [index for index in schema.indexes if index.name != gone[1]]
    elif made := _ADD.fullmatch(statement):
        add_column(schema.tables[made[1]], about, made[2])
    elif not _ROWS.match(statement):
        sys.exit(f"schema.py: {origin}: teach tools/gen/database/schema.py to read: {statement}")


def read_schema(folder: pathlib.Path) -> Schema:
    schema = Schema()
    for path in sorted(folder.glob("*.sql")):
        text = path.read_text()
        top = heading(text)
        for about, statement in statements(text):
            # Right below the top of a file stands what it is all about.
            apply(schema, path.name, about or (top if statement.startswith("CREATE TABLE") else ""), statement)
    return schema
