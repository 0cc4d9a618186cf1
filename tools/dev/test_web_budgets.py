import json
import os
import pathlib
import tempfile
import unittest
import unittest.mock

import web_budgets

PAGES = {"login": (2, ("login.vue",))}
PARTS = {"panel.vue": 1}


class JudgeTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / ".vite").mkdir()
        for name, value in {"BASE": ("index.html",), "PAGES": PAGES, "PARTS": PARTS, "CSS_KIB": 1}.items():
            patch = unittest.mock.patch.object(web_budgets, name, value)
            patch.start()
            self.addCleanup(patch.stop)

    def file(self, name: str, kib: float) -> str:
        # What is random does not become smaller.
        (self.folder / name).write_bytes(os.urandom(int(kib * 1024)))
        return name

    def judge(self, **changes: dict) -> list[str]:
        chunks = {
            "index.html": {"file": self.file("index.js", 0.5), "imports": ["shared"]},
            "shared": {"file": self.file("shared.js", 0.5), "css": [self.file("shared.css", 0.5)]},
            "login.vue": {"file": self.file("login.js", 0.5), "imports": ["shared"]},
            "panel.vue": {"file": self.file("panel.js", 0.5), "imports": ["shared"], "isDynamicEntry": True},
        }
        for name, change in changes.items():
            chunks[name.replace("_", ".")] |= change
        (self.folder / ".vite/manifest.json").write_text(json.dumps(chunks), encoding="utf-8")
        return web_budgets.judge(web_budgets.Build(self.folder))[1]

    def test_counts_what_is_shared_once(self):
        self.assertEqual(self.judge(), [])

    def test_finds_a_page_that_is_too_heavy(self):
        self.assertRegex(self.judge(login_vue={"file": self.file("heavy.js", 1.5)})[0], r"^login: 2\.\d KiB of js, 2 at most$")

    def test_finds_styles_that_are_too_heavy(self):
        self.assertRegex(self.judge(login_vue={"css": [self.file("heavy.css", 0.7)]})[0], r"^login: 1\.\d KiB of css, 1 at most$")

    def test_finds_a_part_that_is_too_heavy(self):
        self.assertRegex(self.judge(panel_vue={"file": self.file("heavy.js", 1.5)})[0], r"^panel: 1\.\d KiB of js, 1 at most$")

    def test_finds_a_part_that_a_page_brings_along(self):
        self.assertIn("login: fetches panel.vue before anybody uses it", self.judge(login_vue={"imports": ["panel.vue"]}))

    def test_finds_a_part_that_has_become_part_of_something_else(self):
        self.assertEqual(self.judge(panel_vue={"isDynamicEntry": False}), ["panel.vue: is no part that is fetched by itself"])


if __name__ == "__main__":
    unittest.main()
