import check_sql
from testing import CheckTest

OPTIONS = check_sql.TABLE_OPTIONS


class MigrationsTest(CheckTest):
    check = check_sql.check

    def tree(self, mysql: str, sqlite: str = "") -> dict[str, str]:
        return {"db/sqlite/0001_a.sql": sqlite, "db/mysql/0001_a.sql": mysql}

    def test_what_both_servers_have(self):
        self.accepts(self.tree(
            "-- RETURNING; AUTO_INCREMENT, in a comment.\n"
            f"CREATE TABLE a (\n  id BIGINT NOT NULL PRIMARY KEY,\n  b BIGINT NOT NULL,\n  UNIQUE (b),\n"
            f"  FOREIGN KEY (b) REFERENCES c (id)\n) {OPTIONS};\n"
            "ALTER TABLE a ADD COLUMN d VARCHAR(9) NOT NULL DEFAULT '';\nCREATE INDEX a_by_d ON a (d DESC, id);\n"
        ))

    def test_what_only_one_of_them_has(self):
        for statement, word in {
            "ALTER TABLE a ADD COLUMN IF NOT EXISTS b BIGINT;": "IF EXISTS",
            "CREATE INDEX IF NOT EXISTS b ON a (b);": "for an index",
            "ALTER TABLE a CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci;": "0900",
            "ALTER TABLE a CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;": "MySQL has no such collation",
            "INSERT INTO a (b) VALUES (1) AS new ON DUPLICATE KEY UPDATE b = new.b;": "alias for VALUES",
            "DELETE FROM a RETURNING id;": "RETURNING",
            "CREATE SEQUENCE s;": "sequences",
            "ALTER TABLE a ADD COLUMN b JSON;": "JSON",
            "CREATE FULLTEXT INDEX b ON a (b) WITH PARSER ngram;": "ngram",
            "CREATE INDEX b ON a ((LOWER(b)));": "expression",
        }.items():
            with self.subTest(statement):
                self.refuses(self.tree(statement), "db/mysql/0001_a.sql:1:", word)

    def test_what_makes_other_tables(self):
        for column, word in {
            "b BIGINT NOT NULL AUTO_INCREMENT UNIQUE": "insert_numbered",
            "b MEDIUMTEXT NOT NULL DEFAULT ''": "no default",
            "b BIGINT UNSIGNED NOT NULL": "SQLite has no such type",
            "b BIGINT NOT NULL REFERENCES c (id)": "read over by MySQL",
            "rank BIGINT NOT NULL": "reserved",
        }.items():
            with self.subTest(column):
                self.refuses(self.tree(f"CREATE TABLE a (\n  {column}\n) {OPTIONS};"), "db/mysql/0001_a.sql:2:", word)
        self.refuses(self.tree("CREATE TABLE a (\n  b BIGINT\n) ENGINE = InnoDB;"), "does not end with")
        self.refuses(self.tree(f"CREATE TABLE groups (\n  b BIGINT\n) {OPTIONS};"), "groups is a reserved word")

    def test_twins(self):
        self.refuses({"db/sqlite/0001_a.sql": ""}, "mysql-migration")
        self.refuses({"db/mysql/0001_a.sql": ""}, "db/sqlite has none")


class StoresTest(CheckTest):
    check = check_sql.check

    def store(self, code: str) -> dict[str, str]:
        return {"src/domain/a/sql_store.cc": code}

    def test_what_all_have(self):
        self.accepts(self.store(
            '#include "domain/a/LIKE.h"\n// INSERT OR IGNORE\n'
            'q("SELECT MAX(a), COUNT(*) FROM t"\n  " WHERE b = COALESCE(:b, b) ORDER BY a DESC LIMIT :l");\n'
            'q("UPDATE t SET a = a + 1, b = :a WHERE c IN (SELECT c FROM u)");\n'
        ))
        self.accepts({"src/domain/a/sql_store_test.cc": 'q("PRAGMA x");'})

    def test_what_not_all_have(self):
        for statement, word in {
            "INSERT INTO t (a) VALUES (1) ON CONFLICT DO NOTHING": "upsert",
            "INSERT OR IGNORE INTO t (a) VALUES (1)": "upsert",
            "INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = 1": "upsert",
            "SELECT seq FROM sqlite_sequence": "SQLite's own",
            "DELETE FROM t WHERE a = 1 RETURNING a": "RETURNING",
            "SELECT a FROM t WHERE a LIKE :a": "cases",
            "SELECT LENGTH(a) FROM t": "bytes",
            "SELECT MAX(a, COALESCE(b, 0)) FROM t": "GREATEST",
            "SELECT a AS rank FROM t": "reserved",
            "SELECT a FROM t WHERE b = 1 FOR UPDATE": "not every database",
            "SELECT a FROM t WHERE a IN (SELECT a FROM u LIMIT 3)": "LIMIT within IN",
        }.items():
            with self.subTest(statement):
                self.refuses(self.store(f'\nq("{statement}");\n'), "src/domain/a/sql_store.cc:2:", word)

    def test_literals_are_read_together(self):
        self.refuses(self.store('q("INSERT OR"\n  " IGNORE INTO t");'), "upsert")

    def test_an_update_that_reads_what_it_has_changed(self):
        self.refuses(self.store('q("UPDATE t SET a = :a, b = a + 1 WHERE c = 1");'), "b is set from a")
        self.accepts(self.store('q("UPDATE t SET a = :b, b = :a, c = COALESCE(:c, c) WHERE a = 1");'))

    def test_a_change_that_reads_its_own_table(self):
        self.refuses(self.store('q("DELETE FROM t WHERE a IN (SELECT a FROM t WHERE b = 1)");'), "does not read t")
