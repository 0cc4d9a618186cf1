import check_dependencies
from testing import CheckTest

ROWS = "| package | version |\n|---|---|\n| clang-19, lld-19 | 19 |\n| nodejs, npm | 20 |\n| vue, vite | 3.5.1, 8.0.0 |\n"


def tree(rows: str = ROWS) -> dict[str, str]:
    return {
        "docs/dependencies.md": rows,
        "tools/dev/deps": "build_packages=(\n  clang-19 lld-19\n)\n",
        "package.json": '{"devDependencies": {"vite": "8.0.0"}}',
        "web/a/package.json": '{"dependencies": {"vue": "3.5.1", "@hongyan/sdk": "0.1.0"}}',
    }


class DependenciesTest(CheckTest):
    check = check_dependencies.check

    def test_agreement(self):
        self.accepts(tree())

    def test_differences(self):
        self.refuses(tree(ROWS.replace("8.0.0", "8.0.1")), "vite is pinned to 8.0.0")
        self.refuses(tree(ROWS.replace(", lld-19", "")), "lld-19 is not listed")
        self.refuses(tree(ROWS.replace("vue, vite | 3.5.1, 8.0.0", "vue | 3.5.1")), "vite is not listed")
        self.refuses(tree(ROWS + "| left-pad | 1 |\n"), "left-pad is used nowhere")
