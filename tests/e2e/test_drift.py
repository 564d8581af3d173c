"""The ledger of divergences: two runs give the same pages, whatever ports, ids and the order of cases."""
import html.parser
import json
import re
import shutil
import subprocess

import jsonschema

from support import CREATE, ROOT, VOLC, Case, Mock, accord, main


class Pages(html.parser.HTMLParser):
    """Fails where elements do not nest, and where a page would run or load something."""

    VOID = {"meta"}

    def __init__(self):
        super().__init__()
        self.open, self.rows = [], 0

    def handle_starttag(self, tag, attributes):
        assert tag not in ("script", "img", "link", "iframe", "object"), tag
        for name, value in attributes:
            assert not name.startswith("on") and not (value or "").startswith(("http:", "https:", "javascript:")), value
        if tag not in self.VOID:
            self.open.append(tag)
        self.rows += tag == "tr"

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag


class Drift(Case):
    def setUp(self):
        super().setUp()
        self.ledger = self.folder / "ledger.json"

    def changed_cases(self):
        """Contracts that a mock of the built-in ones breaks in many ways."""
        folder = self.folder / "cases"
        if not folder.exists():
            shutil.copytree(ROOT / "cases", folder)
            for path in folder.glob("*/*/*/*/contract.json"):
                text = path.read_text(encoding="utf-8")
                path.write_text(text.replace('"status": 400', '"status": 409').replace("The specified", "This")
                                .replace('"type": "integer"', '"type": "string"'), encoding="utf-8")
        return folder

    def stream(self, name, *arguments):
        path = self.folder / name
        with Mock() as mock:
            accord("run", *arguments, "--cases", self.changed_cases(), "--target", mock.url, "--results", path)
        return path

    def add(self, *arguments):
        result = accord("drift", "add", self.ledger, *arguments)
        self.assert_exit(result, 0)
        return [int(number) for number in re.findall(r"(\d+) (?:new|seen|no)", result.stdout)]

    def render(self, name, *arguments):
        folder = self.folder / name
        self.assert_exit(accord("drift", "render", self.ledger, "--out", folder, *arguments), 0)
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    def test_two_runs_give_the_same_pages(self):
        pages = []
        for jobs in (3, 32):
            self.ledger = self.folder / ("ledger-%d.json" % jobs)
            self.add(self.stream("%d.ndjson" % jobs, "--jobs", jobs))
            pages.append(self.render("pages-%d" % jobs))
        self.assertEqual(pages[0], pages[1])
        self.assertGreater(len(pages[0]), 10)
        self.assertIn(b"loopback", pages[0]["README.md"])

    def test_a_stream_again_changes_nothing(self):
        path = self.stream("r.ndjson", CREATE)
        first, again, gone = self.add(path)
        self.assertGreater(first, 20)
        self.assertEqual((again, gone), (0, 0))
        text = self.ledger.read_text()
        self.assertEqual(self.add(path), [0, first, 0])
        self.assertEqual(self.ledger.read_text(), text)

    def test_the_ledger_is_what_the_schema_says(self):
        self.add(self.stream("r.ndjson", VOLC), "--documentation", "--clock", "2026-01-15T08:30:45Z")
        schema = json.loads((ROOT / "cases/schema/drift.schema.json").read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        ledger = json.loads(self.ledger.read_text())
        jsonschema.validate(ledger, schema)
        ids = [entry["id"] for entry in ledger["divergences"]]
        self.assertEqual(len(ids), len(set(ids)))
        contracts = [json.loads(path.read_text()) for path in (ROOT / "cases").glob("*/*/*/*/contract.json")]
        inconsistencies = {(c["operation"], i["id"]) for c in contracts for i in c["inconsistencies"]}
        found = {(e["operation"], e["place"]) for e in ledger["divergences"] if e["kind"] == "doc-inconsistency"}
        self.assertEqual(found, inconsistencies)

    def test_what_is_fixed_is_gone(self):
        path = self.stream("r.ndjson", CREATE)
        before = self.add(path, "--target", "the emulator")[0]
        fixed = self.folder / "fixed.ndjson"
        with Mock() as mock:
            self.assert_exit(accord("run", CREATE, "--target", mock.url, "--results", fixed), 0)
        # The second run must start later than the first.
        records = fixed.read_text().split("\n")
        head = json.loads(records[0])
        head["started_ms"] += 1000
        fixed.write_text("\n".join([json.dumps(head)] + records[1:]))
        _, again, gone = self.add(fixed, "--target", "the emulator")
        self.assertEqual(again + gone, before)
        self.assertGreater(gone, 20)
        page = CREATE.replace("/", ".") + ".md"
        self.assertNotIn(b"No longer seen", self.render("plain")[page])
        self.assertIn(b"No longer seen", self.render("dated", "--dates")[page])

    def test_html_pages_are_sound_and_load_nothing(self):
        self.add(self.stream("r.ndjson", CREATE, VOLC), "--documentation")
        pages = self.render("html", "--format", "html")
        rows = 0
        for name, text in pages.items():
            reader = Pages()
            reader.feed(text.decode("utf-8"))
            reader.close()
            self.assertEqual(reader.open, [], name)
            rows += reader.rows
            for link in re.findall(r'href="([^"]*)"', text.decode("utf-8")):
                self.assertIn(link, pages)
            done = subprocess.run(["xmllint", "--html", "--noout", self.folder / "html" / name], capture_output=True)
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreater(rows, 300)

    def test_markdown_tables_keep_their_columns(self):
        self.add(self.stream("r.ndjson", CREATE), "--documentation")
        for name, text in self.render("pages").items():
            width = None
            for line in text.decode("utf-8").split("\n"):
                if not line.startswith("|"):
                    width = None
                    continue
                width = width or line.count("|")
                self.assertEqual(line.count("|"), width, (name, line))

    def test_what_is_wrong_is_told_in_one_line(self):
        bad = self.folder / "bad.json"
        bad.write_text('{"accord":1,"targets":[],"divergences":[{}]}')
        for arguments, words in (((), 'drift needs "add" or "render"'), (("remove", bad), 'drift needs "add"'),
                                 (("add", bad), "results streams, recordings or --documentation"),
                                 (("add", bad, "--documentation"), "/divergences/0: key"),
                                 (("add", self.ledger, self.folder / "no.ndjson"), "no.ndjson: No such file"),
                                 (("render", self.ledger, "--out", self.folder / "x"), "ledger.json: No such file"),
                                 (("render", bad), "--out DIR"),
                                 (("render", bad, "--out", self.folder / "x", "--format", "pdf"), "markdown or html"),
                                 (("add", self.ledger, "--documentation", "--clock", "noon"), "--clock: a time")):
            with self.subTest(arguments):
                result = accord("drift", *arguments)
                self.assert_exit(result, 2)
                self.assert_one_line(result.stderr)
                self.assertIn(words, result.stderr)
        self.assertFalse(self.ledger.exists())
        self.add("--documentation")
        result = accord("drift", "render", self.ledger, "--out", bad)
        self.assert_exit(result, 2)


if __name__ == "__main__":
    main()
