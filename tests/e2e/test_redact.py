"""accord redact: planted secrets and identifiers are in no output, and what is left fits together."""
import base64
import json
import os
import unittest
import urllib.parse
import urllib.request

from recorder import Recorder
from support import ROOT, Case, Peer, accord, answer

SECRET = "Pl4nted+S3cret/Pl4nted=S3cret"
VPC = "vpc-bp1aevy8sofi8mh1q2w3e"
ACCOUNT = "1234567890123456"


def entry(url, answer, headers=(), body="", status=200):
    return {
        "startedDateTime": "2026-01-15T08:30:45Z", "time": 1,
        "request": {"method": "POST", "url": url, "headers": [{"name": n, "value": v} for n, v in headers],
                    "postData": {"mimeType": "application/x-www-form-urlencoded", "text": body}},
        "response": {"status": status, "headers": [{"name": "Content-Type", "value": "application/json"}],
                     "content": {"text": answer if isinstance(answer, str) else json.dumps(answer)}},
    }


def planted():
    """The secret and both identifiers in each place and layer that redaction promises to look into."""
    nested = json.dumps({"a": json.dumps({"Password": SECRET, "Vpc": VPC})})
    packed = base64.b64encode(json.dumps({"Token": SECRET, "Owner": ACCOUNT}).encode()).decode()
    inside = base64.b64encode(("x" + SECRET + VPC).encode()).decode()
    quoted = urllib.parse.quote(SECRET, safe="")
    return [
        entry("https://joe:%s@h.example/p/%s?Signature=%s&Doc=%s" % (quoted, VPC, quoted, urllib.parse.quote(nested)),
              {"Password": SECRET, "VpcId": VPC, "Nested": nested, "Packed": packed, "Inside": inside},
              headers=[("Authorization", "acs AKACCORD0001:" + SECRET), ("Cookie", "sid=" + SECRET),
                       ("x-acs-security-token", SECRET), ("Referer", "https://u:%s@h/" % quoted), ("X-Vpc", VPC)],
              body=urllib.parse.urlencode({"AccessKeySecret": SECRET, "VpcId": VPC, "Doc": nested, "Packed": packed})),
        entry("https://h.example/", "text with password=%s and %s of %s" % (SECRET, VPC, ACCOUNT)),
        entry("https://h.example/", {"Note": "the secret %s by value" % SECRET, "Url": "ftp://u:%s@h/" % quoted}),
    ]


def forms(value):
    """What a search for the value would look for: as such, percent-encoded, base64 from each of three places."""
    found = [value, urllib.parse.quote(value, safe="")]
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + value.encode()).decode()
        found.append(encoded[(before * 8 + 5) // 6:(before + len(value)) * 8 // 6])
    return found


class Redact(Case):
    def write(self, entries, name="in.har"):
        path = self.folder / name
        path.write_text(json.dumps({"log": {"entries": entries}}))
        return path

    def test_nothing_planted_is_in_the_output(self):
        out = self.folder / "out.har"
        env = dict(os.environ, ALIBABA_CLOUD_ACCESS_KEY_SECRET=SECRET)
        done = accord("redact", self.write(planted()), "--out", out, env=env)
        self.assert_exit(done, 0)
        text = out.read_text()
        for value in (SECRET, VPC, ACCOUNT):
            for form in forms(value):
                self.assertNotIn(form, text)
                self.assertNotIn(json.dumps(form)[1:-1], text)
        self.assertGreaterEqual(text.count("vpc-000000000000000000001"), 6)
        har = json.loads(text)
        first = har["log"]["entries"][0]
        nested = json.loads(json.loads(first["response"]["content"]["text"])["Nested"])
        self.assertEqual(json.loads(nested["a"]), {"Password": "[secret:password]", "Vpc": "vpc-000000000000000000001"})
        packed = json.loads(base64.b64decode(json.loads(first["response"]["content"]["text"])["Packed"]))
        self.assertEqual(packed, {"Token": "[secret:token]", "Owner": "1000000000000001"})

    def test_the_same_recording_gives_the_same_bytes(self):
        outs = [self.folder / "a.har", self.folder / "b.har"]
        for out in outs:
            self.assert_exit(accord("redact", self.write(planted()), "--out", out), 0)
        self.assertEqual(outs[0].read_bytes(), outs[1].read_bytes())
        again = self.folder / "again.har"
        self.assert_exit(accord("redact", outs[0], "--out", again), 0)
        first, second = (json.loads(path.read_text()) for path in (outs[0], again))
        self.assertEqual(first, second)

    def test_the_last_scan_refuses_and_says_where(self):
        blob = base64.b64encode(bytes(range(97, 137)) + b"Zz9").decode().rstrip("=").replace("/", "x")
        path = self.write([entry("https://h.example/", {"Blob": blob})])
        out = self.folder / "out.har"
        done = accord("redact", path, "--out", out)
        self.assert_exit(done, 1)
        self.assertFalse(out.exists())
        self.assertIn("exchange 1, response body, JSON /Blob: looks like a secret (common/entropy)", done.stderr)
        self.assertNotIn(blob, done.stderr + done.stdout)
        self.assert_exit(accord("redact", path, "--out", out, "--off", "common/entropy"), 0)
        self.assertIn(blob, out.read_text())
        self.assert_exit(accord("redact", path, "--out", out, "--remove", "Blob"), 0)
        self.assertNotIn(blob, out.read_text())

    def test_preview_shows_what_would_be_replaced(self):
        done = accord("redact", self.write(planted()), "--preview")
        self.assert_exit(done, 0)
        self.assertIn(VPC + " -> vpc-000000000000000000001", done.stdout)
        self.assertIn("alibaba/account", done.stdout)
        self.assertNotIn(SECRET, done.stdout)

    def test_a_profile_has_rules(self):
        profile = self.folder / "p.json"
        profile.write_text(json.dumps({"accord": 1, "url": "http://127.0.0.1:1", "redaction": {
            "off": ["common/ipv4"],
            "rules": [{"id": "own/p", "about": "names", "kind": "text", "names": ["ProjectName"]}]}}))
        out = self.folder / "out.har"
        path = self.write([entry("https://h.example/", {"ProjectName": "blue moon", "Ip": "10.1.2.3"})])
        self.assert_exit(accord("redact", path, "--profile", profile, "--out", out), 0)
        answer = json.loads(json.loads(out.read_text())["log"]["entries"][0]["response"]["content"]["text"])
        self.assertEqual(answer, {"ProjectName": "[p-1]", "Ip": "10.1.2.3"})

    def test_bad_input_is_one_line(self):
        broken = self.folder / "broken.har"
        broken.write_text('{"log": {"entries": [{"request": {}}]}}')
        for arguments in ([], [broken], [self.folder / "none.har"], [self.folder], [broken, broken],
                          [ROOT / "tests/fixtures/har/browser.har", "--off", "common/ipv5"]):
            done = accord("redact", *arguments)
            self.assert_exit(done, 2)
            self.assert_one_line(done.stderr)


class OnDisk(Case):
    def test_no_planted_secret_gets_into_the_journal(self):
        """Known by their places alone: in header, query, form, JSON, JSON in strings, base64 and URLs."""
        first = planted()[0]
        body = json.loads(first["response"]["content"]["text"])
        del body["Inside"]  # there nothing but its value says what it is
        with Peer(lambda connection, head, sent: answer(connection, json.dumps(body))) as upstream:
            with Recorder(self.folder, "--upstream", upstream.url, "--pass-through") as process:
                request = first["request"]
                url = process.url + request["url"].partition("h.example")[2]
                headers = {header["name"]: header["value"] for header in request["headers"]}
                sent = urllib.request.Request(url, request["postData"]["text"].encode(), headers, method="POST")
                with urllib.request.urlopen(sent, timeout=20) as got:
                    self.assertEqual(json.loads(got.read()), body)  # the client gets what upstream sent
        data = process.journal.read_bytes()
        self.assertIn(VPC.encode(), data)
        self.assertIn(b"[secret:signature]", data)
        for path in self.folder.rglob("*"):
            if path.is_file():
                for form in forms(SECRET):
                    self.assertNotIn(form.encode(), path.read_bytes(), path)
                    self.assertNotIn(json.dumps(form)[1:-1].replace("/", "\\/").encode(), path.read_bytes(), path)


if __name__ == "__main__":
    unittest.main()
