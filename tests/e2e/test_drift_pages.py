"""The pages of docs/drift are what the contracts and the official SDKs give today. The runs are those of
test_sdk_runs.py: test_drift_pages.py RESULTS."""
import pathlib
import subprocess
import sys
import unittest

RESULTS = pathlib.Path(sys.argv.pop(1))

from support import ACCORD, FIVE, ROOT, Case, main  # noqa: E402 (sees the arguments left)

PAGES = ROOT / "docs/drift"
INSTALLED = (ROOT / "drivers/volcengine-sdk-core/node_modules").is_dir()


@unittest.skipUnless(INSTALLED, "the drivers are not installed (./dev test does)")
class Pages(Case):
    def test_they_are_made_again_byte_for_byte(self):
        made = self.folder / "pages"
        subprocess.run([ROOT / "tools/drift-pages", ACCORD, made, RESULTS], check=True, timeout=120)
        names = {path.name for path in made.iterdir()}
        self.assertEqual(names, {path.name for path in PAGES.iterdir()})
        for name in sorted(names):
            with self.subTest(page=name):
                self.assertEqual((made / name).read_text(encoding="utf-8").splitlines(),
                                 (PAGES / name).read_text(encoding="utf-8").splitlines(),
                                 "tools/drift-pages makes docs/drift anew")

    def test_each_of_the_five_operations_has_a_page_about_documentation_and_sdks(self):
        for operation in FIVE:
            page = (PAGES / (operation.replace("/", ".") + ".md")).read_text(encoding="utf-8")
            with self.subTest(operation=operation):
                for title in ("Between official sources", "Under faults", "Facts that no documentation rules"):
                    self.assertIn(f"## {title}\n", page)

    def test_nothing_that_differs_from_run_to_run_is_on_a_page(self):
        for path in PAGES.iterdir():
            with self.subTest(page=path.name):
                self.assertNotRegex(path.read_text(encoding="utf-8"), r"127\.0\.0\.1:\d|AKACCORD\d")


if __name__ == "__main__":
    main()
