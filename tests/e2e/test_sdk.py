"""SDKs as targets: a driver that works, drivers that do not, and what is told of both."""
import json
import os
import pathlib
import shlex
import signal
import subprocess
import sys
import tempfile
import time

import junitparser

from support import ACCORD, CREATE, ROOT, VOLC, Case, accord, cases_of, main

DRIVERS = ROOT / "tests/fixtures/drivers"


def target(*words):
    return "sdk:" + shlex.join([sys.executable, *map(str, words)])


WORKS = target(DRIVERS / "volcengine.py")
EMOJI = VOLC + "/client/value/emoji"


def kinds(case, note=False):
    return {f["kind"] for f in case.get("findings", []) if bool(f.get("note")) == note}


class ADriverThatWorks(Case):
    @classmethod
    def setUpClass(cls):
        cls.shared = tempfile.TemporaryDirectory(prefix="accord-e2e-")
        folder = pathlib.Path(cls.shared.name)
        cls.results, cls.junit, cls.tap = folder / "r.ndjson", folder / "j.xml", folder / "t.tap"
        cls.result = accord("run", "--target", WORKS, "--results", cls.results, "--report", "junit:%s" % cls.junit,
                            "--report", "tap:%s" % cls.tap, "--jobs", "4", timeout=240)
        cls.records = [json.loads(line) for line in cls.results.read_text().splitlines()]
        cls.cases = {c["id"]: c for c in cases_of(cls.records)}

    @classmethod
    def tearDownClass(cls):
        cls.shared.cleanup()

    def test_that_nothing_is_signed_is_found_in_every_call(self):
        self.assert_exit(self.result, 1)
        self.assertEqual({c["operation"] for c in self.cases.values()}, {VOLC})
        judged = [c for c in self.cases.values() if c["verdict"] in ("pass", "fail")]
        self.assertGreater(len(judged), 60)
        for case in judged:
            self.assertIn("wire-signature", kinds(case), case["id"])
            self.assertEqual(case["verdict"], "fail")
        self.assertNotIn("error", {c["verdict"] for c in self.cases.values()}, [
            c["reason"] for c in self.cases.values() if c["verdict"] == "error"])

    def test_nothing_else_is_found_on_the_wire_or_in_the_hand(self):
        found = set().union(*(kinds(c) for c in self.cases.values()))
        self.assertEqual(found, {"wire-signature"})

    def test_values_arrive_as_they_are(self):
        for value in ("reserved", "marks", "spaces", "percent", "chinese", "emoji", "quotes", "line-break"):
            case = self.cases["%s/client/value/%s" % (VOLC, value)]
            self.assertEqual(kinds(case), {"wire-signature"}, value)

    def test_each_fault_is_observed_and_none_is_judged_but_by_http(self):
        for case_id, case in self.cases.items():
            if "/client/fault/" in case_id:
                self.assertIn("fault-outcome", kinds(case, note=True), case_id)
                self.assertLessEqual(kinds(case), {"wire-signature"}, case_id)
        slow = self.cases[VOLC + "/client/fault/slow-head"]
        told = [f["observed"] for f in slow["findings"] if f["kind"] == "fault-outcome"]
        self.assertIn("a timeout error", told[0])

    def test_the_run_names_the_sdk(self):
        self.assertEqual(self.records[0]["client"], "urllib 0, by the driver urllib")
        self.assertIn("urllib 0, by the driver urllib", self.result.stdout)

    def test_junitparser_reads_the_report(self):
        names = [c.name for suite in junitparser.JUnitXml.fromfile(str(self.junit)) for c in suite]
        self.assertEqual(len(names), len(self.cases))
        self.assertIn("client/value/emoji", names)

    def test_xmllint_and_prove_read_the_reports(self):
        self.assertEqual(subprocess.run(["xmllint", "--noout", str(self.junit)]).returncode, 0)
        proved = subprocess.run(["prove", "-e", "cat", str(self.tap)], capture_output=True, text=True)
        self.assertNotEqual(proved.returncode, 0)
        failed = sum(c["verdict"] == "fail" for c in self.cases.values())
        self.assertIn("Failed %d/%d subtests" % (failed, len(self.cases)), proved.stdout + proved.stderr)

    def test_reports_made_later_are_the_same(self):
        later = self.folder / "later.xml"
        self.assert_exit(accord("report", self.results, "--report", "junit:%s" % later), 0)
        self.assertEqual(later.read_bytes(), self.junit.read_bytes())


class DriversThatBreak(Case):
    def test_one_call_that_kills_the_driver_is_one_error(self):
        dies = target(DRIVERS / "volcengine.py", "--die-on", "\U0001F600")
        result, records = self.run_results("--target", dies, VOLC + "/client/value", "--jobs", "1")
        self.assert_exit(result, 1)
        words = {c["id"].rsplit("/", 1)[1]: c["verdict"] for c in cases_of(records)}
        self.assertEqual(words.pop("emoji"), "error")
        self.assertEqual(set(words.values()), {"fail"})
        error = next(c for c in cases_of(records) if c["id"] == EMOJI)
        self.assertEqual(error["reason"], "the driver ended; its log ends with: --die-on: as told")
        self.assertTrue(records[-1]["complete"])

    def test_without_anything_judged_that_is_exit_3(self):
        dies = target(DRIVERS / "volcengine.py", "--die-on", "\U0001F600")
        result, records = self.run_results("--target", dies, EMOJI)
        self.assert_exit(result, 3)
        self.assertEqual([c["verdict"] for c in cases_of(records)], ["error"])

    def test_a_driver_that_always_dies_ends_the_run(self):
        dies = target(DRIVERS / "volcengine.py", "--die-on", "operation")
        result, records = self.run_results("--target", dies, "--jobs", "2")
        self.assert_exit(result, 3)
        self.assert_one_line(result.stderr)
        self.assertIn("the driver ended; its log ends with: --die-on: as told", result.stderr)
        self.assertFalse(records[-1]["complete"])
        self.assertLess(len(cases_of(records)), 12)

    def test_a_driver_that_dies_at_its_start_is_told_in_one_line(self):
        result = accord("run", "--target", target(DRIVERS / "bad.py", "dies-at-start"))
        self.assert_exit(result, 3)
        self.assert_one_line(result.stderr)
        self.assertIn("the driver ended; its log ends with: first line of the log\\nboom: \\x1B[31mred", result.stderr)

    def test_what_is_no_driver_is_told_in_one_line(self):
        rows = (("sdk:", 2, "the command is empty"), ("sdk: ", 2, "the command is empty"),
                ("sdk:'x", 2, "a quote in the command is not closed"),
                ("sdk:no-such-program-of-accord", 3,
                 "the driver does not start: no-such-program-of-accord: No such file or directory"),
                ("sdk:/bin/echo hello", 3, "the driver's first line is no JSON"))
        for spec, code, part in rows:
            result = accord("run", "--target", spec)
            self.assert_exit(result, code)
            self.assert_one_line(result.stderr)
            self.assertIn(part, result.stderr)

    def test_a_driver_of_other_operations_has_nothing_to_run(self):
        result = accord("run", "--target", WORKS, CREATE)
        self.assert_exit(result, 2)
        self.assert_one_line(result.stderr)
        self.assertIn("the driver has none of the operations of the cases chosen", result.stderr)

    def test_cases_for_sdks_are_not_for_servers(self):
        result = accord("run", EMOJI)
        self.assert_exit(result, 2)
        self.assertIn("the cases chosen are for SDK targets (--target sdk:COMMAND)", result.stderr)

    def test_list_has_them_only_when_asked(self):
        usual, all_cases = accord("list").stdout.splitlines(), accord("list", "--clients").stdout.splitlines()
        self.assertFalse([c for c in usual if "/client/" in c])
        self.assertEqual(usual, [c for c in all_cases if "/client/" not in c])
        self.assertGreater(len(all_cases), len(usual) + 100)

    def interrupt(self, command, mark, *arguments):
        """Interrupts a run when its driver has made the mark; nothing of it is left behind."""
        homes = self.folder / "tmp"
        homes.mkdir()
        process = subprocess.Popen([ACCORD, "run", "--target", command, *map(str, arguments)],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   env={**os.environ, "TMPDIR": str(homes)})
        self.addCleanup(process.kill)
        while not mark.exists():
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=30), 130)
        self.assertLess(time.monotonic() - started, 5)
        self.assertEqual(list(homes.iterdir()), [])

    def test_an_interrupt_ends_a_run_with_a_hanging_driver(self):
        mark, results = self.folder / "mark", self.folder / "results.ndjson"
        hangs = target(DRIVERS / "volcengine.py", "--hang-on", "operation", mark)
        self.interrupt(hangs, mark, "--results", results)
        end = json.loads(results.read_text().splitlines()[-1])
        self.assertEqual((end["type"], end["complete"]), ("end", False))

    def test_an_interrupt_ends_the_wait_for_a_driver_that_says_nothing(self):
        mark = self.folder / "mark"
        self.interrupt(f"sdk:sh -c 'touch {mark}; exec sleep 60'", mark)


if __name__ == "__main__":
    main()
