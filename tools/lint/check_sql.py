#!/usr/bin/env python3
"""SQL that runs on SQLite, MySQL 8 and MariaDB alike (docs/adr/0016-mysql-dialect.md says why each thing is refused).

- In db/mysql: nothing that only one of MySQL 8 and MariaDB has; every table says engine, character set and collation; every
  key of another table stands in a FOREIGN KEY of its own. db/sqlite and db/mysql have the same files.
- In the literals of sql_*.h and sql_*.cc: nothing that one of the three lacks or reads differently.
"""
import pathlib
import re

from tree import files, line_of, read, run_main

TABLE_OPTIONS = "ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"


def rules(*rows: tuple[str, str]) -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(pattern, re.IGNORECASE), reason) for pattern, reason in rows]


# What one of MySQL 8 and MariaDB lacks, or reads differently.
SERVERS = rules(
    (r"\butf8mb4_(?:0900|[a-z]{2}_0900|ja_0900|zh_0900)\w*", "MariaDB has no 0900 collations"),
    (r"\butf8mb4_(?:nopad|uca1400|\w*_nopad)\w*", "MySQL has no such collation"),
    (r"\bRETURNING\b", "MySQL has no RETURNING"),
    (r"\bAS\s+new\b", "MariaDB has no alias for VALUES"),
    (r"\bSEQUENCE\b|\bNEXTVAL\b|\bNEXT\s+VALUE\b", "MySQL has no sequences"),
    (r"\bJSON\b|\bJSON_\w+\s*\(|->|\bMEMBER\s+OF\b", "JSON is a type in MySQL and text in MariaDB, with other functions"),
    (r"\bWITH\s+PARSER\b", "MariaDB has no ngram parser"),
    (r"\b(?:ADD|MODIFY|CHANGE|DROP)\s+(?:COLUMN\s+|INDEX\s+|KEY\s+)?IF\s+(?:NOT\s+)?EXISTS\b", "MySQL has no IF EXISTS within ALTER TABLE"),
    (r"\bINDEX\s+IF\s+(?:NOT\s+)?EXISTS\b", "MySQL has no IF EXISTS for an index"),
    (r"\b(?:IN)?VISIBLE\b|\b(?:NOT\s+)?IGNORED\b", "the servers hide an index by different words"),
    (r"\bINDEX\s+\w+\s+ON\s+\w+\s*\(\s*\(|\bKEY\s+\w*\s*\(\s*\(", "MariaDB has no index over an expression"),
    (r"\b(?:UUID|INET6|INET4)\s+(?:NOT|NULL|DEFAULT|PRIMARY)", "MySQL has no such type"),
    (r"\bSYSTEM\s+VERSIONING\b|\bPERIOD\s+FOR\b|\bWITHOUT\s+OVERLAPS\b", "MySQL has no versions of rows"),
    (r"\bLATERAL\b", "MariaDB has no LATERAL"),
    (r"\b(?:INTERSECT|EXCEPT|MINUS)\b", "MySQL has it since 8.0.31 only"),
    (r"\bANY_VALUE\s*\(|\bGROUPING\s*\(|\bREGEXP_LIKE\s*\(|\bUUID_TO_BIN\s*\(|\bBIN_TO_UUID\s*\(", "MariaDB has no such function"),
    (r"\bUUID_SHORT\s*\(|\bSFORMAT\s*\(|\bNATURAL_SORT_KEY\s*\(", "MySQL has no such function"),
    (r"\bSKIP\s+LOCKED\b|\bNOWAIT\b|\bFOR\s+SHARE\b|\bOF\s+\w+\s+(?:SKIP|NOWAIT)", "the servers do not agree on how it is said"),
)

# What makes tables differ from those of SQLite, or tables of one server from those of the other.
TABLES = rules(
    (r"\bAUTO_INCREMENT\b", "leaves holes where a transaction rolls back: Session::insert_numbered"),
    (r"\b(?:TINY|MEDIUM|LONG)?(?:TEXT|BLOB)\b[^,\n]*\bDEFAULT\b", "MySQL has no default for it"),
    (r"\b(?:TIMESTAMP|DATETIME|DATE|TIME|YEAR)\s+(?:NOT|NULL|DEFAULT)", "times are milliseconds in a BIGINT"),
    (r"\bENUM\s*\(|\bSET\s*\(\s*'|\bUNSIGNED\b|\bBOOL(?:EAN)?\b|\bDECIMAL\b", "SQLite has no such type"),
    (r"\bCREATE\s+(?:TRIGGER|PROCEDURE|FUNCTION|EVENT|VIEW)\b", "what is to happen stands in the program"),
)

# What SQLite lacks, or alone has, or reads differently.
STORES = rules(
    (r"\bON\s+CONFLICT\b|\bINSERT\s+OR\b|\bREPLACE\s+INTO\b|\bON\s+DUPLICATE\b|\bINSERT\s+IGNORE\b",
     "no two databases spell an upsert alike: DELETE, then insert_rows"),
    (r"\bsqlite_\w+|\bPRAGMA\b|\bpragma_\w+|\browid\b|\bAUTOINCREMENT\b|\blast_insert_rowid\b", "is SQLite's own"),
    (r"\bLAST_INSERT_ID\b|\binformation_schema\b|\bDATABASE\s*\(", "is MySQL's own"),
    (r"\bLIKE\b|\bGLOB\b|\bREGEXP\b|\bRLIKE\b", "does not tell cases apart in the same way: INSTR, or a range"),
    (r"\b(?:CHAR_|OCTET_)?LENGTH\s*\(", "counts characters here and bytes there"),
    (r"\b(?:strftime|julianday|unixepoch|NOW|CURDATE|UNIX_TIMESTAMP)\s*\(|\bCURRENT_TIMESTAMP\b", "time comes from the Clock"),
    (r"\bCAST\s*\(", "has types of its own in each database"),
    (r"\bGROUP_CONCAT\s*\(|\bSTRING_AGG\s*\(", "takes its separator differently"),
    (r"\b(?:MAX|MIN)\s*\((?:[^()]|\([^()]*\))*,", "of several values is GREATEST and LEAST in MySQL, which SQLite lacks: CASE"),
    (r"\bGREATEST\s*\(|\bLEAST\s*\(|\bIF\s*\(|\bCONCAT(?:_WS)?\s*\(|\bNULLS\s+(?:FIRST|LAST)\b|\bFILTER\s*\(", "not every database has it"),
    (r"\bFOR\s+UPDATE\b|\bLOCK\s+IN\s+SHARE\b|\bFULL\s+(?:OUTER\s+)?JOIN\b|\bSTRAIGHT_JOIN\b|<=>|\bIS\s+(?:NOT\s+)?DISTINCT\b",
     "not every database has it"),
    (r"\bIN\s*\(\s*SELECT\b[^()]*\bLIMIT\b", "MySQL has no LIMIT within IN"),
    (r'\\"\w+\\"|`', "names need no quotes: none is a reserved word"),
)

# Reserved in MySQL 8 or MariaDB, as far as somebody would call a table, a column or a result so.
RESERVED = set("""
accessible add all alter analyze and array as asc asensitive before between bigint binary blob both by call cascade case change
char character check collate column condition constraint continue convert create cross cube cume_dist current_date current_role
current_time current_timestamp current_user cursor database databases day_hour day_minute day_second dec decimal declare default
delayed delete dense_rank desc describe deterministic distinct distinctrow div double drop dual each else elseif empty enclosed
escaped except exists exit explain false fetch first_value float for force foreign from fulltext function general generated get
grant group grouping groups having high_priority if ignore in index infile inner inout insensitive insert int integer intersect
interval into io_after_gtids is iterate join json_table key keys kill lag last_value lateral lead leading leave left like limit
linear lines load localtime localtimestamp lock long longblob longtext loop low_priority manual match maxvalue mediumblob
mediumint mediumtext minus mod modifies natural not nth_value ntile null numeric of offset on optimize optimizer_costs option
optionally or order out outer outfile over parallel parse_gcol_expr partition percent_rank portion precision primary procedure
purge qualify range rank read reads real recursive ref_system_id references regexp release rename repeat replace require resignal
restrict return returning revoke right rlike row row_number rows schema schemas select sensitive separator set show signal slow
smallint spatial specific sql sqlexception sqlstate sqlwarning ssl starting stored straight_join system table tablesample
terminated then tinyblob tinyint tinytext to trailing trigger true undo union unique unlock unsigned update usage use using
utc_date utc_time utc_timestamp values varbinary varchar varying virtual when where while window with write xor year_month
zerofill
""".split())

_LITERALS = re.compile(r'(?:"(?:\\.|[^"\\\n])*"\s*)+')
_COMMENT = re.compile(r"--[^\n]*")
_TABLE = re.compile(r"\bCREATE TABLE\s+(\w+)\s*\((.*?)\)\s*([^()]*?);", re.DOTALL)
_NAMES = re.compile(
    r"\bCREATE\s+(?:UNIQUE\s+)?(?:TABLE|INDEX)\s+(?!IF\b)(\w+)|\bADD\s+COLUMN\s+(?!IF\b)(\w+)|^[ \t]+(\w+)\s+[A-Z]", re.MULTILINE
)
_KEYWORDS_OF_LINES = {"primary", "foreign", "unique", "key", "index", "constraint"}
_ALIAS = re.compile(r"\bAS\s+([a-z]\w*)")


def check_migration(name: str, text: str) -> list[str]:
    code = _COMMENT.sub(lambda found: " " * len(found[0]), text)
    found = []

    def add(offset: int, what: str) -> None:
        found.append(f"{name}:{line_of(code, offset)}: {what}")

    for pattern, reason in SERVERS + TABLES:
        for match in pattern.finditer(code):
            add(match.start(), f"{match[0].strip()}: {reason}")
    for table in _TABLE.finditer(code):
        if " ".join(table[3].split()) != TABLE_OPTIONS:
            add(table.start(), f"{table[1]} does not end with: {TABLE_OPTIONS}")
    for match in re.finditer(r"^(?!\s*(?:CONSTRAINT\s+\w+\s+)?FOREIGN KEY).*\bREFERENCES\b", code, re.MULTILINE):
        add(match.start(), "REFERENCES beside a column is read over by MySQL: FOREIGN KEY in a line of its own")
    for match in _NAMES.finditer(code):
        word = (match[1] or match[2] or match[3]).lower()
        if word in RESERVED and not (match[3] and word in _KEYWORDS_OF_LINES):
            add(match.start() + match[0].lower().find(word), f"{word} is a reserved word")
    return found


def literal_text(source: str) -> str:
    """What adjacent literals are together."""
    return "".join(re.findall(r'"((?:\\.|[^"\\\n])*)"', source))


def assignments(text: str) -> list[tuple[str, str]]:
    """Column and value of each assignment of an UPDATE, as they stand behind SET."""
    parts, depth, begin = [], 0, 0
    for i, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            parts.append(text[begin:i])
            begin = i + 1
    pairs = [part.split("=", 1) for part in (*parts, text[begin:])]
    return [(pair[0].strip(), pair[1]) for pair in pairs if len(pair) == 2]


def statement_problems(statement: str) -> list[str]:
    # What placeholders are called is read by no database.
    statement = re.sub(r":[a-z]\w*", ":_", statement)
    found = [f"{match[0].strip()}: {reason}" for pattern, reason in SERVERS + STORES for match in pattern.finditer(statement)]
    found += [f"{word} is a reserved word" for word in _ALIAS.findall(statement) if word in RESERVED]
    if update := re.match(r"\s*UPDATE\s+(\w+)\s+SET\s+(.*?)(?:\bWHERE\b|$)", statement, re.DOTALL):
        assigned: list[str] = []
        for column, value in assignments(update[2]):
            for earlier in assigned:
                if re.search(rf"(?<![:\w]){earlier}\b", value):
                    found.append(f"{column} is set from {earlier}, which MySQL has changed by then")
            assigned.append(column)
    if changed := re.match(r"\s*(?:UPDATE\s+|DELETE\s+FROM\s+)(\w+)(.*)", statement, re.DOTALL):
        if re.search(rf"\bFROM\s+{changed[1]}\b", changed[2]):
            found.append(f"MySQL does not read {changed[1]} while it changes it")
    return found


def check_store(name: str, text: str) -> list[str]:
    code = re.sub(r"//[^\n]*", lambda found: " " * len(found[0]), text)
    found = []
    for literals in _LITERALS.finditer(code):
        line_start = code.rfind("\n", 0, literals.start()) + 1
        if code[line_start : literals.start()].lstrip().startswith("#include"):
            continue
        for problem in statement_problems(literal_text(literals[0])):
            found.append(f"{name}:{line_of(code, literals.start())}: {problem}")
    return found


def check_twins(root: pathlib.Path) -> list[str]:
    sqlite, mysql = ({path.name for path in files(root, f"db/{kind}/*.sql")} for kind in ("sqlite", "mysql"))
    found = [f"db/sqlite/{name}:1: db/mysql has none: tools/dev/mysql-migration writes a draft" for name in sorted(sqlite - mysql)]
    return found + [f"db/mysql/{name}:1: db/sqlite has none" for name in sorted(mysql - sqlite)]


def check(root: pathlib.Path) -> list[str]:
    found = check_twins(root)
    for path in files(root, "db/mysql/*.sql"):
        found += check_migration(path.relative_to(root).as_posix(), read(path))
    for path in files(root, "src/*/sql_*.h", "src/*/sql_*.cc"):
        if not path.name.endswith("_test.cc"):
            found += check_store(path.relative_to(root).as_posix(), read(path))
    return found


if __name__ == "__main__":
    run_main(check)
