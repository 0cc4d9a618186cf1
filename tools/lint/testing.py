"""Small trees for the tests of the checks."""
import pathlib
import tempfile
import unittest

from tree import Check


class CheckTest(unittest.TestCase):
    """Runs a check over a tree that exists for one call only."""

    check: Check

    def findings(self, files: dict[str, str]) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in files.items():
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            return type(self).check(root)

    def refuses(self, files: dict[str, str], *words: str) -> None:
        found = self.findings(files)
        self.assertEqual(len(found), 1, found)
        for word in words:
            self.assertIn(word, found[0])

    def accepts(self, files: dict[str, str]) -> None:
        self.assertEqual(self.findings(files), [])
