import check_errors_table
from testing import CheckTest

TABLE = '[not_found]\nnumber = 80\nstatus = 404\nretryable = false\ntext = "Not found."\n'
CLEAN = "import sys\n"
STALE = "import sys\nsys.exit('differs')\n"


def tree(docs: str, code: str = "", generator: str = CLEAN) -> dict[str, str]:
    return {
        "proto/errors.toml": TABLE, "tools/gen/errors.py": generator, "docs/protocol.md": docs, "src/base/a.cc": code,
    }


class ErrorsTableTest(CheckTest):
    check = check_errors_table.check

    def test_a_table_that_agrees(self):
        self.accepts(tree("Codes: `not_found 404`.", "fail(ErrorCode::not_found);  // not ErrorCode::gone\n"))

    def test_generated_files_that_differ(self):
        self.refuses(tree("`not_found 404`", generator=STALE), "differs")

    def test_a_code_that_is_not_in_the_table(self):
        self.refuses(tree("`not_found 404`", "\nfail(ErrorCode::nowhere);\n"), "a.cc:2:", "nowhere")

    def test_documents_that_differ(self):
        self.refuses(tree("nothing"), "not_found is not documented")
        self.refuses(tree("`not_found 400`"), "status 404, not 400")
        self.refuses(tree("`not_found 404` `gone 410`"), "gone is not in")
