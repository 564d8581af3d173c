"""Expectations: what is known does not fail a run, what changes does, and the file is kept by the program."""
import json
import re
import shutil
import subprocess

import jsonschema
import junitparser

from support import CREATE, ROOT, Case, Mock, accord, cases_of, main

VPC = CREATE + "/error/VpcNotFound"


class Expectations(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mock = Mock()

    @classmethod
    def tearDownClass(cls):
        cls.mock.__exit__()
        super().tearDownClass()

    def setUp(self):
        super().setUp()
        self.list = self.folder / "expectations.json"
        self.cases = self.folder / "cases"
        shutil.copytree(ROOT / "cases", self.cases)
        contract = self.cases / CREATE / "contract.json"
        # The mock serves the built-in contract, so that cases that look at this text fail.
        contract.write_text(contract.read_text().replace("The specified VPC does not exist.", "There is no such VPC."))

    def run_list(self, *arguments, changed=True):
        cases = ("--cases", self.cases) if changed else ()
        return self.run_results(*arguments, *cases, "--target", self.mock.url, "--expect", self.list)

    def write(self, *entries, target="http://127.0.0.1:*"):
        self.list.write_text(json.dumps({"accord": 1, "target": target, "expectations": entries}, indent=2))

    def failing(self):
        _, records = self.run_results("--cases", self.cases, "--target", self.mock.url, CREATE)
        return [r["id"] for r in cases_of(records) if r["verdict"] == "fail"]

    def test_a_known_failure_does_not_fail_the_run(self):
        failing = self.failing()
        self.assertGreater(len(failing), 1)
        self.write({"cases": failing, "verdict": "fail", "kinds": ["message"], "reason": "other texts", "ticket": "T-1"})
        junit, tap = self.folder / "j.xml", self.folder / "t.tap"
        result, records = self.run_list(CREATE, "--report", f"junit:{junit}", "--report", f"tap:{tap}")
        self.assert_exit(result, 0)
        known = [r for r in cases_of(records) if r.get("standing") == "known"]
        self.assertEqual([r["id"] for r in known], failing)
        self.assertEqual({(r["verdict"], r["standing_reason"], r["ticket"]) for r in known},
                         {("fail", "other texts", "T-1")})
        self.assertEqual(records[-1]["known"], len(failing))
        self.assertIn("As expected: ", result.stdout)
        self.assertNotIn("FAIL " + VPC, result.stdout)
        xml = junitparser.JUnitXml.fromfile(str(junit))
        self.assertEqual((xml.failures, xml.errors), (0, 0))
        self.assertEqual(subprocess.run(["prove", "-e", "cat", tap], capture_output=True).returncode, 0)
        again = accord("report", self.folder / "results.ndjson")
        self.assertEqual(again.stdout.splitlines()[-1], result.stdout.splitlines()[-1])
        schema = json.loads((ROOT / "cases/schema/results.schema.json").read_text())
        for record in records:
            jsonschema.validate(record, schema)

    def test_a_failure_of_another_kind_fails_the_run(self):
        self.write({"cases": self.failing(), "verdict": "fail", "kinds": ["status"], "reason": "a"})
        result, _ = self.run_list(CREATE)
        self.assert_exit(result, 1)
        self.assertIn("FAIL " + VPC, result.stdout)
        self.assertIn("expectations.json: /expectations/0: covers nothing that its cases show: a", result.stdout)

    def test_what_is_fixed_fails_the_run_until_the_list_says_so(self):
        self.write({"cases": VPC, "verdict": "fail", "reason": "other texts"})
        result, records = self.run_list(CREATE, changed=False)
        self.assert_exit(result, 1)
        self.assertIn("FIXED " + VPC, result.stdout)
        self.assertIn("Expectations are out of date: 1 case passed against expectation.", result.stdout)
        self.assertEqual([r["id"] for r in cases_of(records) if r.get("standing") == "fixed"], [VPC])
        result, _ = self.run_list(CREATE, "--update-expect", changed=False)
        self.assert_exit(result, 0)
        self.assertEqual(json.loads(self.list.read_text())["expectations"], [])
        result, _ = self.run_list(CREATE, changed=False)
        self.assert_exit(result, 0)

    def test_stale_and_expired_entries_fail_the_run(self):
        self.write({"cases": CREATE + "/error/NoSuchCase", "verdict": "fail", "reason": "a"})
        result, _ = self.run_list(changed=False)
        self.assert_exit(result, 1)
        self.assertIn("/expectations/0: stale, names no case: " + CREATE + "/error/NoSuchCase", result.stdout)
        result, _ = self.run_list(CREATE, changed=False)
        self.assert_exit(result, 0)
        failing = self.failing()
        for day, code in (("2999-12-31", 0), ("2020-01-01", 1)):
            self.write({"cases": failing, "verdict": "fail", "reason": "a", "expires": day})
            result, _ = self.run_list(CREATE)
            self.assert_exit(result, code)
        self.assertIn("/expectations/0: expired on 2020-01-01: a", result.stdout)

    def test_flaky_cases_may_do_either(self):
        self.write({"cases": CREATE + "/**", "verdict": "flaky", "reason": "a race"})
        for changed in (True, False):
            result, records = self.run_list(CREATE, changed=changed)
            self.assert_exit(result, 0)
            self.assertEqual({r.get("standing") for r in cases_of(records) if r["verdict"] != "skip"}, {"flaky"})

    def test_an_update_makes_a_list_that_a_person_completes(self):
        result, _ = self.run_list(CREATE, "--update-expect")
        self.assert_exit(result, 1)
        written = json.loads(self.list.read_text())
        jsonschema.validate(written, json.loads((ROOT / "cases/schema/expectations.schema.json").read_text()))
        self.assertEqual([sorted(e["cases"]) for e in written["expectations"]], [sorted(self.failing())])
        result, _ = self.run_list(CREATE)
        self.assert_exit(result, 2)
        self.assertIn("/expectations/0/reason: nobody has said yet why", result.stderr)
        text = self.list.read_text().replace("to be explained", "other   texts")
        self.list.write_text(text)
        self.assert_exit(self.run_list(CREATE)[0], 0)
        self.assert_exit(self.run_list(CREATE, "--update-expect")[0], 0)
        self.assertEqual(self.list.read_text(), text)

    def test_a_known_failure_does_not_stop_a_run_that_stops_at_the_first(self):
        self.write({"cases": self.failing(), "verdict": "fail", "reason": "a"})
        result, records = self.run_list(CREATE, "--fail-fast", "--jobs", "1")
        self.assert_exit(result, 0)
        self.assertTrue(records[-1]["complete"])

    def test_a_list_for_another_target_is_refused_before_anything_is_sent(self):
        self.write(target="mock")
        result, records = self.run_list(CREATE)
        self.assert_exit(result, 2)
        self.assert_one_line(result.stderr)
        self.assertRegex(result.stderr, r'/target: the list is for "mock", the target is "http:')
        self.assertEqual(records, [])

    def test_files_that_are_wrong_are_refused(self):
        result = accord("run", "--update-expect")
        self.assert_exit(result, 2)
        self.assertIn("--update-expect needs --expect FILE", result.stderr)
        result, _ = self.run_list(CREATE)
        self.assert_exit(result, 2)
        self.assertIn("expectations.json: No such file", result.stderr)
        self.list.write_text("{")
        for more in ((), ("--update-expect",)):
            result, _ = self.run_list(CREATE, *more)
            self.assert_exit(result, 2)
            self.assert_one_line(result.stderr)
            self.assertEqual(self.list.read_text(), "{")

    def test_the_schema_takes_what_the_program_takes(self):
        validator = jsonschema.Draft202012Validator(
            json.loads((ROOT / "cases/schema/expectations.schema.json").read_text()))
        entry = {"cases": VPC, "verdict": "fail", "reason": "a"}
        for change, good in (({}, True), ({"kinds": ["message"]}, True), ({"verdict": "pass"}, False),
                             ({"reason": " "}, False), ({"verdict": "error", "kinds": ["a"]}, False),
                             ({"expires": "soon"}, False), ({"cases": []}, False), ({"kinds": []}, False),
                             ({"extra": 1}, False), ({"places": ["/Message"], "ticket": "", "expires": "2999-12-31"}, True)):
            with self.subTest(change):
                self.write({**entry, **change})
                self.assertEqual(validator.is_valid(json.loads(self.list.read_text())), good)
                result, _ = self.run_list(VPC)
                self.assertEqual(result.returncode == 2, not good, result.stderr)

    def test_the_example_of_the_guide_is_good(self):
        text = (ROOT / "docs/expectations-format.md").read_text(encoding="utf-8")
        example = re.search(r"```json\n(.*?)```", text, re.DOTALL).group(1)
        jsonschema.validate(json.loads(example), json.loads((ROOT / "cases/schema/expectations.schema.json").read_text()))
        self.list.write_text(example)
        self.assertNotEqual(self.run_list(VPC, changed=False)[0].returncode, 2)


if __name__ == "__main__":
    main()
