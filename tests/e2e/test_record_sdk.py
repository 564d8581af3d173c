"""Official SDKs are recorded, what was recorded is promoted, and the cases pass on the recording and on the mock."""
import json
import os
import shutil
import ssl
import subprocess
import unittest
import urllib.request

from recorder import Recorder, read_journal
from support import ROOT, VOLC, Case, Mock, accord, cases_of, main

TLS = ROOT / "tests/fixtures/tls"
CLIENTS = ROOT / "tests/e2e/clients"
ELASTICSEARCH = "alibaba/elasticsearch/2017-06-13"


def installed(driver):
    return unittest.skipUnless((ROOT / "drivers" / driver / "node_modules").is_dir(),
                               f"drivers/{driver} is not installed (./dev test does)")


class Recorded(Case):
    def world(self, url, operation):
        """What the mock gives the account of the client."""
        body = {"accord": 1, "action": "setup", "state": "world", "operation": operation,
                "account": "AKACCORD0001", "case": "", "params": {}}
        context = ssl.create_default_context(cafile=TLS / "cert.pem") if url.startswith("https") else None
        request = urllib.request.Request(url + "/_accord/state", json.dumps(body).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=20, context=context) as answer:
            return {"token": "accord-record-sdk-0001", **json.load(answer)["variables"]}

    def start(self, cls, *arguments):
        made = cls(*arguments)
        self.addCleanup(made.__exit__)
        return made

    def work(self, script, address, values, **environment):
        clean = {"PATH": os.environ["PATH"], "HOME": str(self.folder), **environment}
        done = subprocess.run(["node", CLIENTS / script, address, json.dumps(values)], env=clean, timeout=60,
                              capture_output=True, text=True, cwd=ROOT)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def promote_and_replay(self, journal, steps_at_least):
        corpus = self.folder / "cases"
        shutil.copytree(ROOT / "cases", corpus)
        promoted = accord("promote", journal, "--out", corpus, "--cases", corpus)
        self.assert_exit(promoted, 0)
        files = list(corpus.glob("*/*/*/*/recorded.json"))
        self.assertEqual(len(files), 1, promoted.stdout + promoted.stderr)
        made = json.loads(files[0].read_text(encoding="utf-8"))["cases"]
        self.assertGreaterEqual(len(made[0]["steps"]), steps_at_least, made)
        self.assert_exit(accord("lint", "--cases", corpus), 0)
        playback = self.start(Mock, "--cases", corpus, "--recording", journal)
        for target in (playback.url, "mock"):
            result, records = self.run_results("--cases", corpus, "--tag", "recorded", "--target", target)
            self.assert_exit(result, 0)
            self.assertEqual([c["verdict"] for c in cases_of(records)], ["pass"] * len(made), target)


@installed("alibaba-elasticsearch")
class Elasticsearch(Recorded):
    def test_through_https_proxy_with_the_local_authority(self):
        mock = self.start(Mock, "--tls-cert", TLS / "cert.pem", "--tls-key", TLS / "key.pem")
        authority = self.folder / "ca"
        printed = accord("record", "--print-ca", "--ca-dir", authority)
        self.assert_exit(printed, 0)
        (self.folder / "ca.pem").write_text(printed.stdout, encoding="utf-8")
        recorder = self.start(Recorder, self.folder, "--ca-dir", authority, "--allow-host", "localhost",
                              "--upstream-ca", TLS / "cert.pem")
        values = self.world(mock.url, f"{ELASTICSEARCH}/CreateVpcEndpoint")
        told = self.work("elasticsearch.mjs", "localhost:" + mock.url.rsplit(":", 1)[1], values,
                         HTTPS_PROXY=recorder.url, NODE_EXTRA_CA_CERTS=str(self.folder / "ca.pem"))
        self.assertEqual(told["state"], "Active")
        recorder.__exit__()
        records = read_journal(recorder.journal)
        self.assertGreaterEqual(len(records), 3)
        self.assertEqual({r.signer for r in records}, {b"acs3-hmac-sha256"})
        self.assertEqual({r.status for r in records}, {200})
        self.promote_and_replay(recorder.journal, 2)


@installed("volcengine-sdk-core")
class Volcengine(Recorded):
    def test_through_the_reverse_proxy_with_throw_away_keys(self):
        """The mock is upstream and checks the signature that was made anew for it."""
        mock = self.start(Mock)
        recorder = self.start(Recorder, self.folder, "--upstream", mock.url)
        values = self.world(mock.url, VOLC)
        self.work("volcengine.mjs", recorder.url.removeprefix("http://"), values)
        recorder.__exit__()
        records = read_journal(recorder.journal)
        self.assertEqual([r.status for r in records], [200, 200, 200])
        for record in records:
            self.assertNotRegex(record.header(b"authorization", record.request_headers), rb"Signature=[0-9a-f]")
        self.promote_and_replay(recorder.journal, 3)


if __name__ == "__main__":
    main()
