import check_links
from testing import CheckTest

BASE = {"Makefile": "run: deps  ## x\nVAR := 1\n", "package.json": '{"scripts": {"build": "x"}}', "src/base/a.h": "\n", "src/base/a.cc": "\n"}


class LinksTest(CheckTest):
    check = check_links.check

    def test_what_exists(self):
        self.accepts(BASE | {
            "docs/b.md": "",
            "README.md": "[b](docs/b.md#x) [w](https://example.org/) `src/base/a.{h,cc}` `src/*/a.h` `build/dev/x` `make run ARGS=1`\n"
                         "```\nmake run\nnpm run build\n```\nWe make sure of src/nothing.\n",
        })

    def test_what_does_not_exist(self):
        for text, word in {
            "[b](docs/b.md)": "docs/b.md",
            "`src/base/gone.h`": "src/base/gone.h",
            "`src/base/a.{h,hpp}`": "src/base/a.hpp",
            "see `src/edge/*/x.h`": "src/edge/*/x.h",
            "`make walk`": "make target: walk",
            "```\nmake X=1 walk\n```": "make target: walk",
            "`npm run walk`": "npm script: walk",
            "`e2e walk`": "end-to-end test: walk",
        }.items():
            with self.subTest(text):
                self.refuses(BASE | {"README.md": f"\n{text}\n"}, "README.md:", word)
