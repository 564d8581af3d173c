"""One official SDK as a target: the run comes to what its list of expectations says, and what is known of this SDK
is found. test_sdk_runs.py NAME: of the driver, and what it is told after a double hyphen."""
import json
import os
import pathlib
import shutil
import sys
import unittest

NAME = sys.argv.pop(1)
DRIVER, _, OPTION = NAME.partition("--")

from support import ROOT, Case, accord, cases_of, main  # noqa: E402 (sees the arguments left)

PROGRAM = f"node drivers/{DRIVER}/driver.mjs" + (f" --{OPTION}" if OPTION else "")
EXPECTATIONS = ROOT / "cases/expectations" / f"{NAME.replace('--', '-')}.json"
INSTALLED = (ROOT / "drivers" / DRIVER / "node_modules").is_dir()

AS_TEXT = "a success: the body as text"
RESOLVES_ERRORS = ("hand-outcome", "", "a success: the caller gets object")
ROUNDED = "number 9007199254740992"

# What is known of each SDK, measured without accord: kind, place and what was observed, which it begins with.
KNOWN = {
    "alibaba-openapi-client": [
        ("hand-request-id", "request_id", "only in the raw answer, at data.RequestId"),
        ("fault-outcome", "status-200-error", "a success"),
        ("fault-outcome", "status-502-html", "a client error SyntaxError"),
        ("fault-outcome", "empty", "a client error SyntaxError"),
        ("fault-outcome", "slow-head", "a timeout error"),
        ("hand-value", "/Bandwidth", ROUNDED),
        ("wire-fact", "action", "header"),
        ("wire-fact", "signature", "acs3-hmac-sha256"),
        ("wire-model", "CrossRegionBandwidth", "a parameter of the SDK's model, not documented"),
    ],
    "alibaba-openapi-core": [
        ("fault-outcome", "status-429", "a service error ThrottlingError, status 429"),
        ("fault-outcome", "status-503", "a service error ServerError"),
        ("fault-outcome", "status-200-error", "a success"),
        ("fault-outcome", "status-200-html", "a client error SyntaxError"),
        ("wire-fact", "body", "in chunks, Content-Type application/x-www-form-urlencoded"),
        ("wire-model", "AddressIpVersion", "a parameter of the SDK's model, not documented"),
    ],
    "alibaba-elasticsearch": [
        ("fault-outcome", "status-200-error", "a success"),
        ("fault-outcome", "truncated", "a client error SyntaxError"),
        ("hand-field", "/Result/AccordUndocumented", "nothing"),
        ("wire-fact", "body", "in chunks, Content-Type application/json; charset=utf-8"),
    ],
    "alibaba-pop-core": [
        ("hand-status", "status", "only in the raw answer, at entry.response.statusCode"),
        ("fault-outcome", "lower-case-keys", "a success"),
        ("fault-outcome", "status-502-html", AS_TEXT),
        ("fault-outcome", "status-200-error", "a service error"),
        ("fault-outcome", "error-as-html", AS_TEXT),
        ("wire-fact", "signature", "acs-rpc-hmac-sha1"),
        ("wire-fact", "signature", "acs-roa-hmac-sha1"),
    ],
    "volcengine-sdk-core": [
        ("hand-code", "code", "only in the raw answer, at data.ResponseMetadata.Error.Code"),
        ("hand-request-id", "request_id", "only in the raw answer, at data.ResponseMetadata.RequestId"),
        ("fault-outcome", "truncated", AS_TEXT),
        ("fault-outcome", "empty", "a success: empty text"),
        ("fault-retry", "status-503", "4 requests; ClientToken kept; the same signature"),
        ("fault-retry", "reset-once", "2 requests; ClientToken kept; the same signature"),
        ("fault-outcome", "slow-head", "a timeout error"),
        ("hand-value", "/Result/TotalCount", ROUNDED),
        ("wire-model", "ServiceManaged", "a parameter of the SDK's model, not documented"),
    ],
    "volcengine-openapi": [
        RESOLVES_ERRORS,
        ("wire-signature", "", "mismatch"),
        ("wire-parameter", "Zones.1.SubnetId", "not sent"),
        ("fault-outcome", "truncated", AS_TEXT),
        ("fault-outcome", "status-500", "a success"),
    ],
}
KNOWN["volcengine-openapi--flat"] = [
    RESOLVES_ERRORS,
    ("fault-outcome", "truncated", AS_TEXT),
    ("fault-outcome", "status-502-html", AS_TEXT),
    ("wire-fact", "signature", "volc-hmac-sha256"),
]
NEVER_RETRIES = {"alibaba-openapi-client", "alibaba-openapi-core", "alibaba-elasticsearch", "alibaba-pop-core"}


@unittest.skipUnless(INSTALLED, f"drivers/{DRIVER} is not installed (./dev test does)")
class Run(Case):
    @classmethod
    def setUpClass(cls):
        case = cls("test_it_comes_to_what_is_expected")
        case.setUp()
        cls.addClassCleanup(case.doCleanups)
        cls.result, records = case.run_results("--target", f"sdk:{PROGRAM}", "--expect", EXPECTATIONS, "--report",
                                               f"markdown:{case.folder}/report.md", cwd=ROOT, timeout=280)
        cls.head = records[0]
        cls.cases = cases_of(records)
        if "SDK_RESULTS" in os.environ:
            kept = pathlib.Path(os.environ["SDK_RESULTS"])
            kept.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(case.folder / "results.ndjson", kept / f"{NAME}.ndjson")
        cls.page = (case.folder / "report.md").read_text(encoding="utf-8")
        cls.findings = [(f["kind"], f.get("at", ""), f.get("observed", ""))
                        for c in cls.cases for f in c.get("findings", [])]

    def test_it_comes_to_what_is_expected(self):
        self.assert_exit(self.result, 0)
        self.assertEqual(len(self.cases), self.head["planned"])

    def test_what_is_known_of_the_sdk_is_found(self):
        for kind, place, observed in KNOWN[NAME]:
            with self.subTest(kind=kind, place=place, observed=observed):
                found = {o for k, p, o in self.findings if (k, p) == (kind, place)}
                self.assertTrue(any(o.startswith(observed) for o in found), found)

    def test_every_documented_error_was_served_to_it(self):
        rows = {(e["operation"], e["row"]) for e in self.head["errors"]}
        served = {(c["operation"], c["row"]) for c in self.cases if c.get("row") and c["requests"] > 0}
        self.assertEqual(rows - served, set())

    def test_every_documented_parameter_is_sent_by_it(self):
        """The case that judges a parameter on the wire passed, or said what is wrong."""
        for operation in {c["operation"] for c in self.cases}:
            contract = json.loads((ROOT / "cases" / operation / "contract.json").read_text(encoding="utf-8"))
            left_out = {p["parameter"] for p in contract["requests"].get("full_leaves_out", [])}
            ids = {c["id"] for c in self.cases if c["requests"] > 0}
            with self.subTest(operation=operation):
                self.assertIn(f"{operation}/client/facts", ids)
                self.assertLessEqual({f"{operation}/client/parameter/{name}" for name in left_out}, ids)

    def test_retries_are_those_of_the_sdk(self):
        retried = {place for kind, place, _ in self.findings if kind == "fault-retry"}
        self.assertEqual("status-503" in retried, DRIVER == "volcengine-sdk-core")
        if DRIVER in NEVER_RETRIES:
            self.assertEqual(retried, set())

    def test_an_sdk_that_is_given_flat_lists_signs_what_it_sends(self):
        mismatches = {o for kind, _, o in self.findings if kind == "wire-signature"}
        self.assertEqual(bool(mismatches), NAME == "volcengine-openapi")

    def test_console_and_page_have_a_table_for_each_side(self):
        for side in ("what the SDK sends", "what its caller gets", "what it makes of broken answers"):
            self.assertIn(side, self.result.stdout)
            self.assertIn(side, self.page)

    def test_the_report_says_which_client_it_was(self):
        self.assertIn(f"by the driver {DRIVER}", self.head["client"])
        says_core = "official" in self.head["client"]
        self.assertEqual(says_core, DRIVER != "alibaba-elasticsearch", "the note on what is called")


@unittest.skipUnless(INSTALLED, f"drivers/{DRIVER} is not installed (./dev test does)")
class Check(Case):
    def test_the_driver_keeps_to_the_protocol(self):
        result = accord("driver", "check", PROGRAM, cwd=ROOT)
        self.assert_exit(result, 0)
        self.assertNotIn("FAIL", result.stdout)


if __name__ == "__main__":
    main()
