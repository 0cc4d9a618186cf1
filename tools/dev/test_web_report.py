import unittest

import web_report

CHECKLIST = web_report.read_checklist(
    """
    [shell]
    SH-1 = "columns"
    SH-2 = "rail"
    [people]
    CT-1 = "contacts"
    [absent]
    CT-1 = "nobody is there"
    """
)


def shown_by(source: str) -> dict[str, list[str]]:
    return web_report.find_shown({"a.test.ts": source}, CHECKLIST.areas)


class Titles(unittest.TestCase):
    def test_finds_titles_of_every_kind_of_test(self):
        source = """
          test('SH-1: one', async () => {});
          test.describe("SH-2", () => {});
          await test.step(`a step`, fn);
          it.each([
            ['CT-9', 1],
          ])('each %s', () => {});
          expect('CT-8');
        """
        self.assertEqual(web_report.titles_in(source), ["SH-1: one", "SH-2", "a step", "each %s"])

    def test_finds_a_title_on_a_line_of_its_own(self):
        self.assertEqual(web_report.titles_in("test(\n  'it’s \\'SH-1\\'',\n  fn)"), ["it’s \\'SH-1\\'"])

    def test_takes_every_id_of_a_range(self):
        self.assertEqual(web_report.ids_in("E05, SH-1 to SH-3, CT-4: x", {"SH", "CT"}), ["SH-1", "SH-2", "SH-3", "CT-4"])

    def test_takes_no_id_of_another_list(self):
        self.assertEqual(web_report.ids_in("SHA-256, XSH-1 and E12", {"SH"}), [])


class Shares(unittest.TestCase):
    def test_all_shown_is_no_problem(self):
        result = web_report.report(CHECKLIST, shown_by("test('SH-1 to SH-2: both')"))
        self.assertEqual(result.problems, [])
        self.assertIn("2 expected, 2 shown (100%), 1 absent; missing: none", result.text)
        self.assertIn("absent: nobody is there", result.text)
        self.assertIn("a.test.ts: SH-1 to SH-2: both", result.text)

    def test_too_little_shown_is_a_problem(self):
        result = web_report.report(CHECKLIST, shown_by("test('SH-1: one')"))
        self.assertEqual(result.problems, ["50% is shown, and 90% is wanted"])
        self.assertIn("MISSING", result.text)

    def test_an_unknown_id_is_a_problem(self):
        result = web_report.report(CHECKLIST, shown_by("test('SH-1 to SH-3: more')"))
        self.assertEqual(result.problems, ["SH-3 is not in web/checklist.toml: a.test.ts: SH-1 to SH-3: more"])

    def test_what_is_absent_is_not_shown(self):
        result = web_report.report(CHECKLIST, shown_by("test('SH-1, SH-2, CT-1: all')"))
        self.assertEqual(result.problems, ["CT-1 is absent, but shown: a.test.ts: SH-1, SH-2, CT-1: all"])


class Tree(unittest.TestCase):
    def test_the_tests_of_the_project_show_what_they_should(self):
        self.assertEqual(web_report.report_of_tree(web_report.ROOT).problems, [])


if __name__ == "__main__":
    unittest.main()
