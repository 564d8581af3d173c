"""Reports as their users read them: junitparser, xmllint, an npm reader, prove and TAP::Parser."""
import subprocess

import junitparser

from support import CREATE, ROOT, Case, Mock, accord, cases_of, main

BROKEN = ('"status": 400, "code": "EndpointDuplicated"', '"status": 409, "code": "EndpointDuplicated"')


class Readers(Case):
    def reports(self, *arguments):
        junit, tap = self.folder / "j.xml", self.folder / "t.tap"
        result, records = self.run_results(*arguments, "--report", "junit:%s" % junit, "--report", "tap:%s" % tap)
        return result, cases_of(records), junit, tap

    def failing(self):
        import shutil
        folder = self.folder / "cases"
        shutil.copytree(ROOT / "cases", folder)
        path = folder / CREATE / "contract.json"
        path.write_text(path.read_text().replace(*BROKEN))
        with Mock() as mock:
            return self.reports(CREATE, "--cases", folder, "--target", mock.url)

    def test_junitparser_counts_one_testcase_for_each_case(self):
        result, cases, junit, _ = self.failing()
        self.assert_exit(result, 1)
        suites = list(junitparser.JUnitXml.fromfile(str(junit)))
        names = [(c.classname, c.name) for suite in suites for c in suite]
        self.assertEqual(len(names), len(cases))
        self.assertEqual(len(names), len(set(names)))
        failed = [c for suite in suites for c in suite if any(isinstance(r, junitparser.Failure) for r in c.result)]
        self.assertEqual([c.name for c in failed], ["error/EndpointDuplicated"])
        self.assertIn("row 12", failed[0].result[0].text)
        self.assertEqual(sum(s.failures for s in suites), 1)

    def test_xmllint_finds_the_junit_well_formed(self):
        _, _, junit, _ = self.failing()
        self.assertEqual(subprocess.run(["xmllint", "--noout", str(junit)]).returncode, 0)

    def test_a_reader_from_npm_agrees(self):
        _, cases, junit, _ = self.failing()
        script = ROOT / "tests/npm/read-junit.mjs"
        result = subprocess.run(["node", str(script), str(junit)], capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stdout.strip(), "%d tests, 1 failures, 0 errors, %d skipped"
                         % (len(cases), sum(c["verdict"] == "skip" for c in cases)))

    def test_prove_reads_the_tap_of_a_clean_run(self):
        result, _, _, tap = self.reports(CREATE + "/error")
        self.assert_exit(result, 0)
        proved = subprocess.run(["prove", "-e", "cat", str(tap)], capture_output=True, text=True)
        self.assertEqual(proved.returncode, 0, proved.stdout + proved.stderr)

    def test_prove_fails_on_the_tap_of_a_failing_run(self):
        _, cases, _, tap = self.failing()
        proved = subprocess.run(["prove", "-e", "cat", str(tap)], capture_output=True, text=True)
        self.assertNotEqual(proved.returncode, 0)
        self.assertIn("Failed 1/%d subtests" % len(cases), proved.stdout + proved.stderr)

    def test_reports_from_the_stream_equal_those_of_the_run(self):
        _, _, junit, tap = self.failing()
        again = accord("report", self.folder / "results.ndjson", "--report", "junit:%s" % (self.folder / "j2.xml"),
                       "--report", "tap:%s" % (self.folder / "t2.tap"))
        self.assert_exit(again, 0)
        self.assertEqual(junit.read_bytes(), (self.folder / "j2.xml").read_bytes())
        self.assertEqual(tap.read_bytes(), (self.folder / "t2.tap").read_bytes())


if __name__ == "__main__":
    main()
