"""test_report_readers.py EMIT_REPORTS: other people's readers read our reports.

The program writes the reports of a few fixed runs (tests/support/emit_reports.c), among them one that holds
what a hostile or broken target could send. junitparser and xmllint read the JUnit files, prove and
TAP::Parser the TAP files, a JSON Schema validator the results streams.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import jsonschema
import junitparser

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CREATE = "alibaba/privatelink/2020-04-15/CreateVpcEndpoint"
LIST = "alibaba/privatelink/2020-04-15/ListVpcEndpoints"
RUNS = ("nasty", "passing", "early", "unreachable", "unended", "expected", "known")

# Prints what TAP::Parser makes of a file as JSON.
TAP_READER = r"""
use strict; use warnings; use TAP::Parser; use JSON::PP;
binmode STDOUT, ':raw';
open my $file, '<', $ARGV[0] or die $!;
my $parser = TAP::Parser->new({source => $file});
my (@tests, $bailout);
while (my $result = $parser->next) {
    if ($result->is_test) {
        push @tests, {ok => $result->is_ok ? 1 : 0, description => $result->description,
                      skip => $result->has_skip ? 1 : 0, todo => $result->has_todo ? 1 : 0, why => $result->explanation};
    } elsif ($result->is_yaml) {
        $tests[-1]{yaml} = $result->data;
    } elsif ($result->is_bailout) {
        $bailout = $result->explanation;
    }
}
print JSON::PP->new->canonical->encode({
    tests => \@tests, bailout => $bailout, planned => $parser->tests_planned, run => $parser->tests_run,
    passed => scalar($parser->passed), failed => scalar($parser->failed),
    skipped => scalar($parser->skipped), good_plan => $parser->is_good_plan ? 1 : 0,
    errors => [$parser->parse_errors]});
"""


class Readers(unittest.TestCase):
    program = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        subprocess.run([cls.program, cls.folder.name], check=True, timeout=60)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def path(self, run, kind):
        return str(pathlib.Path(self.folder.name, f"{run}.{kind}"))

    def lines(self, run, kind):
        return pathlib.Path(self.path(run, kind)).read_bytes().decode("utf-8").split("\n")


class JUnit(Readers):
    def read(self, run):
        """{suite name: {case name: case}}, and the root."""
        root = junitparser.JUnitXml.fromfile(self.path(run, "junit"))
        return {suite.name: {case.name: case for case in suite} for suite in root}, root

    def test_xmllint_accepts_every_file(self):
        for run in RUNS:
            with self.subTest(run):
                subprocess.run(["xmllint", "--noout", self.path(run, "junit")], check=True, timeout=60)

    def test_totals_are_those_of_the_cases(self):
        for run in RUNS:
            with self.subTest(run):
                _, root = self.read(run)
                said = (root.tests, root.failures, root.errors, root.skipped)
                root.update_statistics()
                self.assertEqual(said, (root.tests, root.failures, root.errors, root.skipped))

    def test_every_case_of_the_nasty_run_is_there(self):
        suites, root = self.read("nasty")
        self.assertEqual((root.tests, root.failures, root.errors, root.skipped), (14, 6, 2, 2))
        self.assertEqual(list(suites), ["", CREATE, LIST])
        self.assertEqual(list(suites[CREATE]), [
            "error/EndpointExist", "error/InternalError", "error/Quota", "error/VpcNotFound",
            "error/VpcNotFound/state", "wicked/# TODO \\ 'x' ]]> --- é", "wicked/empty", "wicked/injected",
            "wicked/long"])
        self.assertEqual(list(suites[LIST]),
                         ["error/broken", "fields/many", "fields/noted", "skipped/without"])
        self.assertEqual(suites[CREATE]["error/EndpointExist"].classname, CREATE)
        self.assertAlmostEqual(suites[CREATE]["error/EndpointExist"].time, 0.0015)
        self.assertAlmostEqual(root.time, 1.234567)

    def test_a_failure_tells_what_the_terminal_tells(self):
        suites, _ = self.read("nasty")
        (failure,) = suites[CREATE]["error/EndpointExist"].result
        self.assertIsInstance(failure, junitparser.Failure)
        self.assertEqual(failure.type, "code")
        self.assertEqual(failure.message, "/Code: expected 400 EndpointExist: It exists., "
                                          "observed 400 VpcNotFound: It does not.")
        self.assertEqual(failure.text, f"""FAIL {CREATE}/error/EndpointExist
  expected  400 EndpointExist: It exists.
            documented: Alibaba Cloud, "CreateVpcEndpoint" (ja), row 2
  observed  400 VpcNotFound: It does not.
  at        /Code
  step      create
  request   curl -X POST 'http://127.0.0.1:1/?A=1'
  again     accord run '{CREATE}/error/EndpointExist'
""")
        self.assertIn(failure.text, "\n".join(self.lines("nasty", "console")))

    def test_not_judged_is_no_failure(self):
        suites, _ = self.read("nasty")
        (blocked,) = suites[CREATE]["error/InternalError"].result
        self.assertIsInstance(blocked, junitparser.Error)
        self.assertEqual(blocked.type, "blocked")
        self.assertTrue(blocked.message.startswith(r"blocked: x\n---\n...\n"), blocked.message)
        (broken,) = suites[LIST]["error/broken"].result
        self.assertIsInstance(broken, junitparser.Error)
        self.assertEqual(broken.type, "error")
        (skipped,) = suites[CREATE]["error/Quota"].result
        self.assertIsInstance(skipped, junitparser.Skipped)
        self.assertEqual(skipped.message, r"no such state # TODO \ | <b>")

    def test_characters_that_xml_forbids_are_shown(self):
        suites, _ = self.read("nasty")
        (failure,) = suites[CREATE]["wicked/# TODO \\ 'x' ]]> --- é"].result
        for part in (r"\x00\x01\x02\a\b\t\n\v\f\r\x1B[31mred", r"\xFF\xFE\xC0\x80", r"\xED\xA0\x80",
                     r"\uFFFE\uFFFF", r"\u2028\u202E", "]]> <!-- -->", '<a href="x">&amp;', "😀 エ"):
            self.assertIn(part, failure.text)

    def test_long_text_is_cut_and_says_so(self):
        suites, _ = self.read("nasty")
        (failure,) = suites[CREATE]["wicked/long"].result
        self.assertIn("… (102400 bytes)", failure.text)
        self.assertLess(len(failure.text.encode()), 17 * 1024)
        self.assertIn("  again     accord run ", failure.text)

    def test_properties_name_code_level_and_source(self):
        tree = junitparser.JUnitXml.fromfile(self.path("nasty", "junit"))._elem
        found = {}
        for case in tree.iter("testcase"):
            found[case.get("name")] = {p.get("name"): p.get("value") for p in case.iter("property")}
        self.assertEqual(found["error/VpcNotFound/state"], {
            "operation": CREATE, "title": "what the case shows", "code": "VpcNotFound", "row": "1", "level": "L5",
            "certainty": "must", "source": "documented", "state": "error:VpcNotFound",
            "cite": 'Alibaba Cloud, "CreateVpcEndpoint" (ja), エラーコード, row 1'})
        run = {p.get("name"): p.get("value") for p in tree.find("properties")}
        self.assertEqual(run["target"], "http://127.0.0.1:1/<&\"'>")
        self.assertEqual(run["complete"], "true")

    def test_a_part_of_a_run_is_no_whole_run(self):
        for run, why in (("early", r"interrupted\n# TODO"), ("unended", "the run did not end"),
                         ("unreachable", "http://127.0.0.1:1: connection refused")):
            with self.subTest(run):
                suites, root = self.read(run)
                (error,) = suites["run"]["complete"].result
                self.assertIsInstance(error, junitparser.Error)
                self.assertEqual(error.message, why)
                self.assertEqual(root.errors, 1)
        self.assertNotIn("run", self.read("passing")[0])


    def test_what_is_expected_is_neither_a_pass_nor_a_failure(self):
        suites, root = self.read("expected")
        self.assertEqual((root.tests, root.failures, root.errors, root.skipped), (9, 3, 0, 4))
        (known,) = suites[CREATE]["error/known"].result
        self.assertIsInstance(known, junitparser.Skipped)
        self.assertEqual(known.message, r"known fail: texts # are <not> translated\n---\nnot ok 9 (EMU-1)")
        (flaky,) = suites[CREATE]["error/flaky"].result
        self.assertEqual(flaky.message, "flaky fail: a race")
        self.assertEqual(suites[CREATE]["error/flaky-pass"].result, [])
        (blocked,) = suites[LIST]["known/blocked"].result
        self.assertIsInstance(blocked, junitparser.Skipped)
        self.assertEqual(blocked.message, "known blocked: no world yet (https://tickets.example.test/?a=1&b=2)")
        (fixed,) = suites[LIST]["fixed"].result
        self.assertIsInstance(fixed, junitparser.Failure)
        self.assertEqual(fixed.type, "fixed")
        self.assertEqual(fixed.message, "passes against expectation, take it off the list: was broken (EMU-2)")
        (stale,) = suites["run"]["expectations/1"].result
        self.assertIsInstance(stale, junitparser.Failure)
        self.assertIn("/expectations/3: stale, names no case: a|b/", stale.message)
        properties = {p.get("name"): p.get("value") for case in root._elem.iter("testcase")
                      if case.get("name") == "known/blocked" for p in case.iter("property")}
        self.assertEqual((properties["standing"], properties["ticket"]),
                         ("known", "https://tickets.example.test/?a=1&b=2"))
        _, quiet = self.read("known")
        self.assertEqual((quiet.tests, quiet.failures, quiet.errors, quiet.skipped), (2, 0, 0, 1))


class Tap(Readers):
    def read(self, run, kind="tap"):
        done = subprocess.run(["perl", "-e", TAP_READER, self.path(run, kind)], check=True, timeout=60,
                              stdout=subprocess.PIPE)
        return json.loads(done.stdout)

    def prove(self, run, kind="tap"):
        return subprocess.run(["prove", "-e", "cat", self.path(run, kind)], check=False, timeout=60,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def test_prove_counts_the_nasty_run(self):
        done = self.prove("nasty")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("Tests: 14 Failed: 8)", done.stdout)
        self.assertIn("Failed tests:  3-7, 10-12", done.stdout)
        self.assertNotIn("Parse errors", done.stdout)

    def test_prove_passes_what_conforms(self):
        done = self.prove("passing")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("Result: PASS", done.stdout)

    def test_prove_fails_what_is_not_complete(self):
        for run in ("early", "unended"):
            done = self.prove(run)
            self.assertIn("Tests: 4 Failed: 1)", done.stdout)
            self.assertNotIn("Parse errors", done.stdout)
        done = self.prove("unreachable")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("FAILED--Further testing stopped: http://127.0.0.1:1: connection refused", done.stdout)

    def test_a_known_failure_is_a_todo_and_a_fixed_one_a_failure(self):
        done = self.prove("known")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("Result: PASS", done.stdout)
        done = self.prove("expected")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("Failed tests:  6, 8-9", done.stdout)
        tests = self.read("expected")["tests"]
        self.assertEqual([t["ok"] for t in tests], [1, 1, 1, 1, 1, 0, 1, 0, 0])
        self.assertEqual([t["todo"] for t in tests], [1, 1, 0, 1, 0, 0, 0, 0, 0])
        self.assertEqual(tests[0]["why"], r"known: texts \# are <not> translated\\n---\\nnot ok 9 (EMU-1)")
        self.assertEqual(tests[0]["yaml"]["severity"], "fail")
        self.assertEqual(tests[4]["skip"], 1)
        self.assertEqual(tests[5]["yaml"]["severity"], "fixed")

    def test_the_parser_counts_as_we_do(self):
        for run, counts in (("nasty", (14, 6, 8, 2)), ("passing", (3, 3, 0, 1)), ("early", (4, 3, 1, 1)),
                            ("unended", (4, 3, 1, 1)), ("unreachable", (1, 0, 1, 0))):
            for kind in ("tap", "tap14"):
                with self.subTest(f"{run}.{kind}"):
                    got = self.read(run, kind)
                    self.assertEqual((got["planned"], got["passed"], got["failed"], got["skipped"]), counts)
                    self.assertEqual((got["run"], got["good_plan"]), (counts[0], 1))

    def test_nothing_but_the_version_can_be_refused(self):
        for run in RUNS:
            self.assertEqual(self.read(run)["errors"], [])
            for error in self.read(run, "tap14")["errors"]:
                self.assertIn("TAP specified version 14 but", error)

    def test_the_version_is_the_first_line_and_the_plan_the_last(self):
        for run in ("nasty", "passing", "early", "unended"):
            self.assertEqual(self.lines(run, "tap14")[0], "TAP version 14")
            lines = self.lines(run, "tap")
            self.assertEqual(lines[0], "TAP version 13")
            self.assertRegex(lines[-2], r"^1\.\.\d+$")
            self.assertEqual(lines[-1], "")

    def test_names_and_reasons_are_escaped(self):
        tests = self.read("nasty")["tests"]
        self.assertEqual(tests[0]["description"], f"- {CREATE}/error/VpcNotFound")
        self.assertEqual(tests[3]["description"], rf"- {CREATE}/wicked/\# TODO \\ 'x' ]]> --- é")
        self.assertEqual((tests[7]["skip"], tests[7]["why"]), (1, r"no such state \# TODO \\ | <b>"))
        self.assertEqual((tests[8]["skip"], tests[8]["why"]), (1, ""))

    def test_diagnostics_are_yaml(self):
        tests = self.read("nasty")["tests"]
        self.assertEqual(tests[2]["yaml"], {
            "message": "/Code: expected 400 EndpointExist: It exists., "
                       "observed 400 VpcNotFound: It does not.",
            "severity": "fail",
            "data": {"kind": "code", "level": "L3", "at": "/Code", "step": "create",
                     "expected": "400 EndpointExist: It exists.",
                     "observed": "400 VpcNotFound: It does not.",
                     "source": 'documented: Alibaba Cloud, "CreateVpcEndpoint" (ja), row 2',
                     "request": "curl -X POST 'http://127.0.0.1:1/?A=1'",
                     "again": f"accord run '{CREATE}/error/EndpointExist'"}})
        self.assertEqual(tests[9]["yaml"]["severity"], "blocked")
        self.assertTrue(tests[9]["yaml"]["message"].startswith(r"x\n---\n...\n  ...\nnot ok 99"))
        self.assertEqual(tests[10]["yaml"]["severity"], "error")
        self.assertEqual(len(tests[11]["yaml"]["further"]), 9)
        self.assertEqual(tests[11]["yaml"]["further"][8], {
            "kind": "code", "level": "L3", "at": "/Code", "step": "create", "expected": "expected 9",
            "observed": "something: else"})
        self.assertNotIn("yaml", tests[12])

    def test_a_test_stays_one_line(self):
        text = pathlib.Path(self.path("nasty", "tap")).read_bytes().decode("utf-8")
        # splitlines() breaks lines wherever any reader might.
        self.assertEqual(text.splitlines(), text.split("\n")[:-1])
        self.assertEqual(len(re.findall(r"^(?:not )?ok\b", text, re.MULTILINE)), 14)


class Text(Readers):
    def test_no_control_character_reaches_a_reader(self):
        for run in RUNS:
            for kind in ("console", "markdown", "tap", "junit"):
                text = "\n".join(self.lines(run, kind))
                self.assertEqual(re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]", text), [])

    def test_colour_and_progress_are_the_only_escape_sequences(self):
        for run in RUNS:
            text = "\n".join(self.lines(run, "verbose"))
            left = re.sub("\x1b\\[[0-9;]*m|\r\x1b\\[K", "", text)
            self.assertEqual(re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f]", left), [])

    def test_the_last_line_of_the_console_is_the_outcome(self):
        for run, outcome in (
                ("nasty", "Does not conform: 6 of 10 judged cases failed, 2 could not be judged."),
                ("passing", "Conforms: 2 cases passed, 1 skipped; 1 of 6 documented errors verified."),
                ("expected", "Expectations are out of date: 1 case passed against expectation, 2 further faults "
                             "of the list."),
                ("known", "As expected: 1 case passed, 1 did not; 0 of 6 documented errors verified."),
                ("unreachable", "Not judged: the run is not complete (http://127.0.0.1:1: connection refused), "
                                "0 of 7 cases have a verdict; nothing ran.")):
            self.assertEqual(self.lines(run, "console")[-2], outcome)

    def test_tables_keep_their_columns(self):
        for run in RUNS:
            width = None
            for line in self.lines(run, "markdown"):
                if not line.startswith("|"):
                    width = None
                    continue
                width = width or line.count("|")
                self.assertEqual(line.count("|"), width, line)


class Stream(Readers):
    def test_every_line_is_what_the_schema_says(self):
        schema = json.loads((ROOT / "cases/schema/results.schema.json").read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        for run in RUNS:
            for line in self.lines(run, "ndjson")[:-1]:
                validator.validate(json.loads(line))

    def test_the_schema_refuses_what_the_reader_refuses(self):
        schema = json.loads((ROOT / "cases/schema/results.schema.json").read_text(encoding="utf-8"))
        validator = jsonschema.Draft202012Validator(schema)
        head, case, *_, end = [json.loads(line) for line in self.lines("passing", "ndjson")[:-1]]
        for line, change in ((head, {"accord": 2}), (head, {"type": "start"}), (head, {"planned": -1}),
                             (case, {"verdict": "passed"}), (case, {"level": 5}), (case, {"extra": 1}),
                             (case, {"certainty": "maybe"}), (case, {"verdict": "fail"}),
                             (case, {"standing": "known"}), (case, {"standing": "new"}),
                             (end, {"complete": "yes"}), (end, {"verdicts": {"pass": 1}})):
            self.assertTrue(validator.is_valid(line))
            self.assertFalse(validator.is_valid({**line, **change}), change)


if __name__ == "__main__":
    Readers.program = sys.argv.pop(1)
    unittest.main(verbosity=2)
