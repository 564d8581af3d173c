"""The suite has teeth: every single deviation is noticed, and assertions that notice nothing are named."""
import json
import re
import shutil

from support import CREATE, ROOT, VOLC, Case, Mock, accord, cases_of, main

FLOWS = "flows.json"


class Selftest(Case):
    def test_no_mutant_survives_and_nearly_all_are_named_precisely(self):
        result = accord("selftest", timeout=280)
        self.assert_exit(result, 0)
        self.assertNotIn("SURVIVED", result.stdout)
        total = re.search(r"(\d+) mutants: (\d+) killed \(([\d.]+) % named precisely\), 0 survived", result.stdout)
        self.assertIsNotNone(total, result.stdout[-500:])
        self.assertGreater(int(total.group(1)), 1500)
        self.assertGreaterEqual(float(total.group(3)), 95.0)

    def test_what_cannot_be_seen_is_listed_with_its_reason(self):
        result = accord("selftest", VOLC + "/state-skipped")
        self.assert_exit(result, 0)
        self.assertIn("equivalent: 1, ", result.stdout)

    def test_a_pattern_that_names_no_mutant_is_an_error(self):
        self.assert_exit(accord("selftest", "no/such/mutant"), 2)


class Mutants(Case):
    def test_mutants_are_listed_and_served_by_name(self):
        names = [line.split()[0] for line in accord("mock", "--list-mutants").stdout.splitlines()]
        self.assertEqual(len(names), len(set(names)))
        mutant = VOLC + "/error-status/InvalidVpc.NotFound"
        self.assertIn(mutant, names)
        with Mock("--mutant", mutant) as mock:
            result, records = self.run_results(VOLC + "/error", "--target", mock.url)
        self.assert_exit(result, 1)
        failed = [r["id"] for r in cases_of(records) if r["verdict"] == "fail"]
        self.assertEqual(failed, [VOLC + "/error/InvalidVpc.NotFound"])

    def test_a_misspelt_mutant_gets_a_suggestion(self):
        result = accord("mock", "--mutant", VOLC + "/error-status/InvalidVpc.NotFond")
        self.assert_exit(result, 2)
        self.assertIn("did you mean", result.stderr)


class Audit(Case):
    def test_the_written_cases_are_clean(self):
        self.assert_exit(accord("audit"), 0)

    def test_a_case_that_lost_an_assertion_is_named(self):
        folder = self.folder / "cases"
        shutil.copytree(ROOT / "cases", folder)
        path = folder / VOLC / FLOWS
        flows = json.loads(path.read_text())
        case = next(c for c in flows["cases"] if c["name"].startswith("text/name"))
        for step in case["steps"]:
            step["expect"].pop("body", None)
        path.write_text(json.dumps(flows))
        result = accord("audit", "--cases", folder)
        self.assert_exit(result, 1)
        self.assertIn(VOLC + "/" + case["name"], result.stdout)


class Honesty(Case):
    def test_without_state_hooks_the_table_says_what_could_not_be_reached(self):
        result = accord("run", CREATE, "--no-states", "--table")
        self.assert_exit(result, 0)
        self.assertRegex(result.stdout, r"VpcNotFound\s+reference\s+verified L5, by request")
        self.assertRegex(result.stdout, r"QuotaMisMatched\s+state\s+skipped")

    def test_what_no_documentation_rules_on_is_shown_and_not_judged(self):
        result, records = self.run_results(CREATE + "/precedence")
        self.assert_exit(result, 0)
        for r in cases_of(records):
            self.assertTrue(any(f["note"] for f in r["findings"]))


if __name__ == "__main__":
    main()
