"""The main job: the suite runs against the mock, against any URL, and says precisely what differs."""
import json
import os
import shutil
import signal
import subprocess
import time

from support import ACCORD, CREATE, FIVE, ROOT, VOLC, Case, Mock, accord, cases_of, main


class TheSuite(Case):
    def test_everything_passes_on_the_built_in_mock(self):
        result, records = self.run_results()
        self.assert_exit(result, 0)
        words = {r["verdict"] for r in cases_of(records)}
        self.assertEqual(words, {"pass"})
        self.assertGreater(len(cases_of(records)), 1000)

    def test_every_one_of_the_137_error_rows_is_verified(self):
        result, records = self.run_results(*FIVE)
        self.assert_exit(result, 0)
        rows = {(e["operation"], e["row"]) for e in records[0]["errors"]}
        verified = {(r["operation"], r["row"]) for r in cases_of(records) if r.get("state") and r["verdict"] == "pass"}
        self.assertEqual(len(rows), 137)
        self.assertEqual(verified, rows)

    def test_list_names_each_case_once(self):
        result = accord("list")
        self.assert_exit(result, 0)
        ids = result.stdout.splitlines()
        self.assertEqual(len(ids), len(set(ids)))
        self.assertIn(CREATE + "/error/VpcNotFound", ids)

    def test_lint_is_clean(self):
        result = accord("lint")
        self.assert_exit(result, 0)
        self.assertIn("0 findings", result.stdout)

    def test_a_mock_of_its_own_passes_by_url(self):
        with Mock() as mock:
            result, records = self.run_results("--target", mock.url)
            self.assert_exit(result, 0)
            skipped = [r for r in cases_of(records) if r["verdict"] == "skip"]
            self.assertEqual({r["verdict"] for r in cases_of(records)}, {"pass", "skip"})
            self.assertTrue(all("does not claim the signature" in r["reason"] for r in skipped))

    def test_the_number_of_jobs_changes_nothing(self):
        _, one = self.run_results(CREATE, "--jobs", "1", "--seed", "7")
        _, many = self.run_results(CREATE, "--jobs", "32", "--seed", "7")
        seen = [[(r["id"], r["verdict"], r["level"]) for r in cases_of(records)] for records in (one, many)]
        self.assertEqual(seen[0], seen[1])

    def test_without_states_rows_that_need_one_are_skipped_with_the_reason(self):
        result, records = self.run_results(VOLC, "--no-states")
        self.assert_exit(result, 0)
        skipped = [r for r in cases_of(records) if r["verdict"] == "skip"]
        self.assertEqual(len(skipped), 49)
        self.assertTrue(all("--no-states" in r["reason"] for r in skipped))


class ChangedContracts(Case):
    def copy_cases(self):
        target = self.folder / "cases"
        shutil.copytree(ROOT / "cases", target)
        return target

    def test_another_status_for_one_error_fails_exactly_its_cases(self):
        folder = self.copy_cases()
        path = folder / CREATE / "contract.json"
        text = path.read_text()
        row = '"status": 400, "code": "EndpointDuplicated"'
        self.assertEqual(text.count(row), 1)
        path.write_text(text.replace(row, '"status": 409, "code": "EndpointDuplicated"'))
        with Mock() as mock:
            result, records = self.run_results("--cases", folder, "--target", mock.url)
        self.assert_exit(result, 1)
        failed = [r["id"] for r in cases_of(records) if r["verdict"] not in ("pass", "skip")]
        self.assertEqual(failed, [CREATE + "/error/EndpointDuplicated"])
        self.assertIn("row 12", result.stdout)
        self.assertIn("CreateVpcEndpoint", result.stdout)
        self.assertIn("409", result.stdout)
        self.assertIn("curl ", result.stdout)
        self.assertIn("accord run", result.stdout)

    def test_the_command_in_the_failure_runs_just_that_case_again(self):
        folder = self.copy_cases()
        path = folder / CREATE / "contract.json"
        path.write_text(path.read_text().replace("The specified VPC does not exist.", "There is no such VPC."))
        with Mock() as mock:
            result, records = self.run_results(CREATE + "/error/VpcNotFound", "--cases", folder, "--target", mock.url)
            self.assert_exit(result, 1)
            rerun = next(r for r in cases_of(records) if r["verdict"] == "fail")["rerun"]
            again = subprocess.run(rerun.replace("accord", ACCORD, 1), shell=True, capture_output=True, text=True)
            self.assertEqual(again.returncode, 1, again.stderr)
            self.assertIn("There is no such VPC.", again.stdout)

    def test_only_what_failed_is_run_again(self):
        folder = self.copy_cases()
        path = folder / CREATE / "contract.json"
        path.write_text(path.read_text().replace("The specified VPC does not exist.", "There is no such VPC."))
        with Mock() as mock:
            _, before = self.run_results(CREATE, "--cases", folder, "--target", mock.url)
            os.rename(self.folder / "results.ndjson", self.folder / "before.ndjson")
            result, after = self.run_results("--cases", folder, "--target", mock.url, "--failed", self.folder / "before.ndjson")
        failed = [r["id"] for r in cases_of(before) if r["verdict"] == "fail"]
        self.assertGreater(len(failed), 0)
        self.assertEqual([r["id"] for r in cases_of(after)], failed)
        self.assert_exit(result, 1)

    def test_lower_levels_forgive_what_lies_above_them(self):
        folder = self.copy_cases()
        path = folder / CREATE / "contract.json"
        path.write_text(path.read_text().replace("The specified VPC does not exist.", "There is no such VPC."))
        with Mock() as mock:
            result, _ = self.run_results(CREATE + "/error/VpcNotFound", "--cases", folder, "--target", mock.url, "--level", "L4")
        self.assert_exit(result, 0)


class NewOperations(Case):
    def test_a_made_up_operation_needs_data_only(self):
        result, records = self.run_results("--cases", ROOT / "tests/fixtures/new-operation")
        self.assert_exit(result, 0)
        self.assertGreater(len(cases_of(records)), 30)
        self.assertEqual({r["operation"] for r in cases_of(records)},
                         {"example/kiosk/2026-01-01/CreateKiosk", "example/kiosk/2026-01-01/DeleteKiosk",
                          "example/kiosk/2026-01-01/GetKiosk"})
        self.assertEqual(accord("lint", "--cases", ROOT / "tests/fixtures/new-operation").returncode, 0)


class Signing(Case):
    def test_bytes_repeat_with_clock_and_nonce_fixed(self):
        arguments = ["sign", CREATE + "/success/full/POST", "--clock", "2026-01-15T08:30:45Z", "--nonce", "0123", "--seed", "5"]
        first, second = accord(*arguments), accord(*arguments)
        self.assert_exit(first, 0)
        self.assertEqual(first.stdout, second.stdout)
        for stage in ("canonical request", "string to sign", "signature", "curl"):
            self.assertIn("\n" + stage + "\n", "\n" + first.stdout)

    def test_the_curl_line_works(self):
        with Mock() as mock:
            line = accord("sign", VOLC + "/required/VpcId/missing", "--url", mock.url, "--curl").stdout
            result = subprocess.run(line, shell=True, capture_output=True, text=True)
            answer = json.loads(result.stdout)
            self.assertEqual(answer["ResponseMetadata"]["Error"]["Code"], "MissingParameter")

    def test_golden_vectors_hold(self):
        result = accord("sign", "--vectors", ROOT / "tests/vectors/signing.json")
        self.assert_exit(result, 0)
        self.assertIn("23 vectors hold, 0 do not", result.stdout)


class Interrupted(Case):
    def start(self, *arguments):
        return subprocess.Popen([ACCORD, "run", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def test_an_interrupt_leaves_complete_results(self):
        results, junit = self.folder / "r.ndjson", self.folder / "j.xml"
        with Mock("--transition", "30s") as mock:
            process = self.start("--target", mock.url, "--jobs", "1", CREATE + "/life-cycle", CREATE + "/success",
                                 "--results", results, "--report", "junit:%s" % junit)
            deadline = time.monotonic() + 30
            while not (results.exists() and results.stat().st_size > 0) and time.monotonic() < deadline:
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        records = [json.loads(line) for line in results.read_text().splitlines()]
        self.assertEqual(records[-1]["type"], "end")
        self.assertFalse(records[-1]["complete"])
        self.assertEqual(subprocess.run(["xmllint", "--noout", str(junit)]).returncode, 0)

    def test_a_killed_run_leaves_complete_lines(self):
        results = self.folder / "r.ndjson"
        process = self.start("--jobs", "1", "--results", results)
        deadline = time.monotonic() + 30
        while not (results.exists() and results.stat().st_size > 20000) and time.monotonic() < deadline:
            time.sleep(0.005)
        process.kill()
        process.communicate(timeout=60)
        result = accord("report", results, "--report", "tap:-")
        self.assert_exit(result, 0)
        self.assertIn("ok 1 - ", result.stdout)


if __name__ == "__main__":
    main()
