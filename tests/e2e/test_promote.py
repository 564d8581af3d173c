"""Record, promote, run on playback: the round trip passes, also against the mock that was recorded."""
import http.client
import http.server
import json
import re
import shutil
import subprocess
import threading
import unittest
import urllib.error
import urllib.parse
import urllib.request

import jsonschema

import recorder
from support import ACCORD, CREATE, ROOT, VOLC, Case, Mock, accord

FLOWS = [CREATE + "/text/description/spaces", CREATE + "/life-cycle/two-endpoints", VOLC + "/life-cycle/create-read-delete",
         "alibaba/elasticsearch/2017-06-13/CreateVpcEndpoint/life-cycle/create-read-delete",
         "alibaba/vpcpeer/2022-01-01/CreateVpcPeerConnection/life-cycle/create-read-delete"]


class Recorder:
    """A proxy before a server; what went through it becomes a HAR."""

    def __init__(self, upstream):
        self.upstream, self.entries = upstream, []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def relay(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.relay(self, body)

            do_GET = do_POST = do_PUT = do_DELETE = relay

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]
        self.lock = threading.Lock()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def relay(self, handler, body):
        connection = http.client.HTTPConnection(urllib.parse.urlparse(self.upstream).netloc, timeout=20)
        connection.putrequest(handler.command, handler.path, skip_host=True, skip_accept_encoding=True)
        for name, value in handler.headers.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        if not handler.path.startswith("/_accord"):
            with self.lock:
                self.entries.append(self.entry(handler, body, answer, data))
        handler.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("content-length", "connection", "date"):
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    def entry(self, handler, body, answer, data):
        pairs = [{"name": n, "value": v} for n, v in handler.headers.items()]
        return {
            "startedDateTime": "2026-01-15T08:30:45.000Z", "time": 1,
            "request": {"method": handler.command, "url": self.url + handler.path, "headers": pairs,
                        "postData": {"mimeType": handler.headers.get("Content-Type", ""), "text": body.decode()}},
            "response": {"status": answer.status, "headers": [{"name": n, "value": v} for n, v in answer.getheaders()],
                         "content": {"text": data.decode()}}}

    def write(self, path):
        path.write_text(json.dumps({"log": {"entries": self.entries}}))
        return path

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def schema(name):
    return json.loads((ROOT / "cases/schema" / name).read_text())


class Promote(Case):
    def record(self, name, *patterns):
        """A run of these cases against the mock, as a HAR."""
        with Mock() as mock, Recorder(mock.url) as recorder:
            self.assert_exit(accord("run", "--target", recorder.url, "--jobs", 1, *patterns), 0)
            return recorder.write(self.folder / name)

    def corpus(self):
        folder = self.folder / "cases"
        shutil.copytree(ROOT / "cases", folder)
        return folder

    def promoted(self, *arguments):
        """The corpus with what was promoted, and what the program said."""
        folder = self.corpus()
        done = accord("promote", *arguments, "--out", folder)
        self.assert_exit(done, 0)
        return folder, done.stdout

    def passes(self, folder, target):
        results = self.folder / "results.ndjson"
        done = accord("run", "--cases", folder, "--target", target, "--tag", "recorded", "--results", results)
        self.assert_exit(done, 0)
        lines = [json.loads(line) for line in results.read_text().splitlines()]
        verdicts = [line["verdict"] for line in lines if "verdict" in line]
        self.assertTrue(verdicts)
        self.assertEqual(set(verdicts), {"pass"})
        return len(verdicts)

    def test_the_round_trip_passes(self):
        recording = self.record("a.har", *FLOWS)
        folder, said = self.promoted(recording)
        count = int(re.search(r"(\d+) cases", said).group(1))
        self.assertGreater(count, 0)
        self.assert_exit(accord("lint", "--cases", folder), 0)
        clean = self.folder / "clean.har"
        self.assert_exit(accord("redact", recording, "--out", clean), 0)
        for served in (recording, clean):
            with Mock("--recording", served) as playback:
                if served == clean:  # the cases hold the pseudonyms of this one
                    self.assertEqual(self.passes(folder, playback.url), count)
        self.assertEqual(self.passes(folder, "mock"), count)

    def test_flows_have_captures_variables_polls_and_a_teardown(self):
        folder, _ = self.promoted(self.record("a.har", FLOWS[0]))
        written = json.loads((folder / CREATE / "recorded.json").read_text())
        jsonschema.validate(written, schema("case.schema.json"))
        (case,) = written["cases"]
        create, read = case["steps"][:2]
        self.assertEqual(create["params"]["VpcId"], "${vpc_id}")
        self.assertEqual(create["params"]["RegionId"], "${region}")
        self.assertEqual(create["capture"], {"id": "/EndpointId"})
        self.assertTrue(create["creates"])
        self.assertEqual(create["expect"]["body"]["/EndpointDescription"], "two  spaces inside")
        self.assertEqual(read["call"], "GetVpcEndpointAttribute")
        self.assertEqual(read["params"]["EndpointId"], "${id}")
        self.assertEqual(read["poll"]["until"], ["Active"])
        self.assertEqual(case["teardown"][0]["call"], "DeleteVpcEndpoint")

    def test_a_second_recording_sharpens_the_matchers(self):
        first, second = self.record("a.har", FLOWS[0]), self.record("b.har", FLOWS[0])
        folder, _ = self.promoted(first, second)
        (case,) = json.loads((folder / CREATE / "recorded.json").read_text())["cases"]
        body = case["steps"][0]["expect"]["body"]
        self.assertEqual(body["/ZoneAffinityEnabled"], False)
        self.assertNotIn("/CreateTime", body)
        self.assertEqual(body["/EndpointId"], {"regex": "^ep-"})

    def test_what_is_there_already_is_left_out(self):
        recording = self.record("a.har", "alibaba/privatelink/2020-04-15/DeleteVpcEndpoint/required/**")
        folder, said = self.promoted(recording)
        self.assertIn("left out: the same as alibaba/privatelink/2020-04-15/DeleteVpcEndpoint/required/EndpointId/missing", said)
        done = accord("promote", recording, "--out", folder)
        self.assert_exit(done, 2)
        self.assertIn("is there already (--force replaces it)", done.stderr)
        before = sorted(path.read_text() for path in folder.rglob("recorded.json"))
        self.assert_exit(accord("promote", recording, "--out", folder, "--force"), 0)
        self.assertEqual(before, sorted(path.read_text() for path in folder.rglob("recorded.json")))

    def test_unknown_operations_stay_plain(self):
        recording = self.folder / "a.har"
        recording.write_text(json.dumps({"log": {"entries": [{
            "request": {"method": "GET", "url": "https://ecs.aliyuncs.com/?Action=DescribeThings&Version=2014-05-26&PageSize=10",
                        "headers": [{"name": "Authorization", "value": "acs AKACCORD0001:x"}]},
            "response": {"status": 200, "headers": [], "content": {"text": '{"Things": [{"Id": "t-1"}], "Total": 1}'}}}]}}))
        out = self.folder / "out"
        done = accord("promote", recording, "--out", out)
        self.assert_exit(done, 0)
        self.assertIn("0 cases, 1 of unknown operations", done.stdout)
        (skeleton,) = (out / "skeletons").iterdir()
        contract = json.loads(skeleton.read_text())
        jsonschema.validate(contract, schema("contract.schema.json"))
        self.assertEqual(contract["parameters"][0]["name"], "PageSize")
        self.assertEqual(len(json.loads((out / "unrecognised.har").read_text())["log"]["entries"]), 1)

    def test_nothing_is_written_where_the_last_scan_finds_something(self):
        recording = self.record("a.har", FLOWS[0])
        har = json.loads(recording.read_text())
        blob = "Zz9" + "abcdEFGH0123" * 5
        har["log"]["entries"][0]["request"]["headers"].append({"name": "X-Extra", "value": blob})
        recording.write_text(json.dumps(har))
        out = self.folder / "out"
        done = accord("promote", recording, "--out", out)
        self.assert_exit(done, 1)
        self.assertFalse(out.exists())
        self.assertIn("exchange 1, request header, X-Extra: looks like a secret", done.stderr)
        self.assertNotIn(blob, done.stderr)
        self.assert_exit(accord("promote", recording, "--out", out, "--remove", "X-Extra"), 0)

    def test_drift_is_told(self):
        recording = self.record("a.har", FLOWS[0])
        har = json.loads(recording.read_text())
        for entry in har["log"]["entries"]:
            answer = json.loads(entry["response"]["content"]["text"])
            answer["Surprise"] = 1
            entry["response"]["content"]["text"] = json.dumps(answer)
        recording.write_text(json.dumps(har))
        done = accord("promote", recording, "--out", self.folder / "out")
        self.assert_exit(done, 0)
        self.assertIn("drift: exchange 1: %s: undocumented-field /Surprise" % CREATE, done.stdout)
        self.assertIn("exchange 1: expects less than documented", done.stdout)

    def test_bad_input_is_one_line(self):
        recording = self.record("a.har", FLOWS[0])
        broken = self.folder / "broken.har"
        broken.write_text("{")
        for arguments in (["promote"], ["promote", recording], ["promote", broken, "--out", self.folder / "o"],
                          ["promote", recording, broken, "--out", self.folder / "o"],
                          ["promote", recording, "--out", broken],
                          ["mock", "--recording", broken], ["mock", "--recording", self.folder / "none"],
                          ["mock", "--recording", recording, "--list-mutants"]):
            done = accord(*arguments)
            self.assert_exit(done, 2)
            self.assert_one_line(done.stderr)


class FromTheJournal(Case):
    """A run through accord record, signatures passed through, against a mock that deviates."""

    def test_promoted_cases_pass_on_the_journal(self):
        with Mock("--mutant", CREATE + "/field-added") as mock:
            process = recorder.Recorder(self.folder, "--upstream", mock.url, "--pass-through")
            accord("run", "--target", process.url, "--jobs", 1, FLOWS[0])
            self.assertEqual(process.stop()[0], 0)
        corpus = self.folder / "cases"
        shutil.copytree(ROOT / "cases", corpus)
        done = accord("promote", process.journal, "--out", corpus)
        self.assert_exit(done, 0)
        self.assertIn("expects less than documented: undocumented-field", done.stdout)
        self.assertFalse((corpus / "unrecognised.har").exists())  # provider states are no exchanges of the API
        with Mock("--recording", process.journal) as playback:
            done = accord("run", "--cases", corpus, "--target", playback.url, "--tag", "recorded")
            self.assert_exit(done, 0)
        with Mock() as honest:  # what was recorded is expected of others, too
            done = accord("run", "--cases", corpus, "--target", honest.url, "--tag", "recorded")
            self.assert_exit(done, 1)
            self.assertIn("/AccordUndocumented", done.stdout)


class Playback(Case):
    def test_a_miss_is_told_with_what_came_nearest(self):
        recording = self.folder / "a.har"
        recording.write_text(json.dumps({"log": {"entries": [{
            "request": {"method": "GET", "url": "http://h/things?page=1", "headers": []},
            "response": {"status": 200, "headers": [{"name": "Content-Type", "value": "text/plain"}],
                         "content": {"text": "first"}}}]}}))
        process = subprocess.Popen([ACCORD, "mock", "--recording", recording, "--listen", "127.0.0.1:0"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            url = re.search(r"http://\S+", process.stdout.readline()).group(0)
            with urllib.request.urlopen(url + "/things?page=1", timeout=20) as answer:
                self.assertEqual((answer.status, answer.read(), answer.headers["Content-Type"]), (200, b"first", "text/plain"))
            with self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(url + "/things?page=2", timeout=20)
            why = json.loads(refused.exception.read())["why"]
            refused.exception.close()
            self.assertEqual(refused.exception.code, 501)
            self.assertEqual(why, 'no recorded exchange is like GET /things; nearest is exchange 1: page is "2", recorded "1"')
            self.assertEqual(process.stderr.readline(), "accord mock: " + why + "\n")
        finally:
            process.terminate()
            process.communicate(timeout=30)


if __name__ == "__main__":
    unittest.main()
