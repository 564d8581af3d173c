"""Bad input: every one is answered by one clear line and the right exit code, in bounded time and memory."""
import json
import os
import resource
import shutil
import socket
import struct
import time

from support import CREATE, ROOT, Case, Peer, accord, answer, cases_of, main

ONE = CREATE + "/required"


class Usage(Case):
    def refused(self, *arguments, expect=2):
        result = accord(*arguments)
        self.assert_exit(result, expect)
        self.assert_one_line(result.stderr)
        self.assertEqual(result.stdout, "")
        return result.stderr

    def test_misspelt_names_get_a_suggestion(self):
        self.assertIn('did you mean "run"?', self.refused("rum"))
        self.assertIn("did you mean --target?", self.refused("run", "--taget", "mock"))
        self.assertIn("did you mean", self.refused("run", CREATE + "/error/VpcNotFond"))
        self.assertIn('did you mean "junit"?', self.refused("run", "--report", "junitt:x"))

    def test_bad_values_are_told(self):
        for arguments in (["--jobs", "0"], ["--jobs", "many"], ["--level", "L9"], ["--timeout", "5"], ["--clock", "today"],
                          ["--signer", "rot13"], ["--report", "junit"], ["--var", "name"], ["--target", "no-such-profile.json"],
                          ["--target", "http://127.0.0.1:99999"], ["--target", "http://"], ["--cases", "no-such-folder"],
                          ["--report", "junit:/no/such/folder/x.xml"], ["--results", "/no/such/folder/x"], ["--jobs"]):
            self.refused("run", *arguments)

    def test_a_filter_that_matches_nothing_is_an_error(self):
        self.refused("run", "nothing/**")
        self.refused("run", "--error", "NoSuchCode")
        self.refused("run", "--tag", "no-such-tag")
        self.refused("run", CREATE + "/success", "--error", "VpcNotFound")

    def test_broken_files_name_file_and_place(self):
        folder = self.folder / "cases"
        shutil.copytree(ROOT / "cases", folder)
        path = folder / CREATE / "contract.json"
        good = path.read_text()
        for text, part in ((good.replace('"status": 200', '"status": "200"', 1), "/response/status"),
                           (good[: len(good) // 2], "line "), ("", "line 1"), (good.replace('"style": "rpc"', '"style": "soap"'), "/style"),
                           ("\ufeff" + good, "byte order mark"), ("[" * 5000, "nested too deeply")):
            path.write_text(text)
            message = self.refused("run", "--cases", folder)
            self.assertIn(str(path), message)
            self.assertIn(part, message)

    def test_a_broken_profile_names_file_and_place(self):
        path = self.folder / "profile.json"
        for text in ("{", "{}", '{"accord": 1, "name": "x", "url": "ftp://x"}', '{"accord": 1, "name": "x", "url": "http://127.0.0.1:1", "nam": 1}'):
            path.write_text(text)
            self.assertIn(str(path), self.refused("run", "--target", path))

    def test_a_full_disk_is_told(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full")
        result = accord("run", ONE, "--results", "/dev/full")
        self.assert_exit(result, 4)
        self.assertIn("/dev/full", result.stderr)
        result = accord("run", ONE, "--report", "tap:/dev/full")
        self.assert_exit(result, 4)


class Unreachable(Case):
    def test_a_refused_port_ends_the_run_at_once_with_one_line(self):
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            url = "http://127.0.0.1:%d" % held.getsockname()[1]
            started = time.monotonic()
            result = accord("run", "--target", url)
        self.assert_exit(result, 3)
        self.assert_one_line(result.stderr)
        self.assertIn(url, result.stderr)
        self.assertLess(time.monotonic() - started, 10)

    def test_a_host_that_does_not_exist_is_told(self):
        result = accord("run", ONE, "--target", "http://no-such-host.invalid")
        self.assert_exit(result, 3)
        self.assert_one_line(result.stderr)


def reset(connection, *_):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def endless_headers(connection, *_):
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for i in range(100000):
        connection.sendall(b"X-%d: y\r\n" % i)


def endless_body(connection, *_):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n")
    piece = b" " * 65536
    for _ in range(16000):
        connection.sendall(piece)


def slow_bytes(connection, *_):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(200):
        connection.sendall(b" ")
        time.sleep(0.1)


NOT_JUDGED = {
    "empty reply": lambda c, *_: None,
    "reset": reset,
    "no http": lambda c, *_: c.sendall(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "short body": lambda c, *_: c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"),
    "endless headers": endless_headers,
    "endless body": endless_body,
    "bad chunks": lambda c, *_: c.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
}

JUDGED = {
    "html": lambda c, *_: answer(c, "<html>gateway</html>", "502 Bad Gateway", "text/html"),
    "empty body": lambda c, *_: answer(c, ""),
    "truncated json": lambda c, *_: answer(c, '{"RequestId": "x", '),
    "deep json": lambda c, *_: answer(c, "[" * 100000),
    "invalid utf-8": lambda c, *_: answer(c, b'{"Code": "\xff\xfe"}', "400 Bad Request"),
    "nul": lambda c, *_: answer(c, b'{"Code": "a\x00b"}', "400 Bad Request"),
    "duplicate keys": lambda c, *_: answer(c, '{"Code": "a", "Code": "b"}', "400 Bad Request"),
    "byte order mark": lambda c, *_: answer(c, b'\xef\xbb\xbf{"Code": "a"}', "400 Bad Request"),
    "terminal escapes": lambda c, *_: answer(c, json.dumps({"Code": "\x1b[31m]]>\u2028", "Message": "# not ok\n---", "RequestId": "r"}), "400 Bad Request"),
    "array": lambda c, *_: answer(c, "[1, 2]"),
    "success": lambda c, *_: answer(c, '{"RequestId": "r", "EndpointId": "ep-1"}'),
}


class Garbage(Case):
    """The target answers nonsense: one verdict a case, and the run goes on to the end."""

    def judge(self, serve, *more):
        def no_state(connection, head, body):
            if b"/_accord/state" in head:
                answer(connection, "", "404 Not Found")
            else:
                serve(connection, head, body)

        variables = ["--var", "vpc_id=vpc-1", "--var", "security_group_id=sg-1", "--var", "service_id=epsrv-1"]
        with Peer(no_state) as peer:
            return self.run_results(ONE, "--target", peer.url, "--report", "junit:%s" % (self.folder / "j.xml"),
                                    "--report", "tap:%s" % (self.folder / "t.tap"), *variables, *more)

    def test_what_cannot_be_judged_is_an_error_of_the_case(self):
        for name, serve in NOT_JUDGED.items():
            with self.subTest(name):
                result, records = self.judge(serve)
                self.assert_exit(result, 3)
                self.assertEqual([r["verdict"] for r in cases_of(records)], ["error"] * 4)
                self.assertTrue(records[-1]["complete"])

    def test_what_can_be_judged_is_a_finding_of_the_case(self):
        for name, serve in JUDGED.items():
            with self.subTest(name):
                result, records = self.judge(serve)
                self.assert_exit(result, 1)
                self.assertEqual([r["verdict"] for r in cases_of(records)], ["fail"] * 4)
                self.assertNotIn("\x1b", result.stdout)
                for r in cases_of(records):
                    self.assertLessEqual(len(r["findings"]), 101)

    def test_slow_bytes_end_at_the_deadline(self):
        started = time.monotonic()
        result, records = self.judge(slow_bytes, "--timeout", "1s")
        self.assert_exit(result, 3)
        self.assertLess(time.monotonic() - started, 15)
        self.assertEqual({r["verdict"] for r in cases_of(records)}, {"error"})

    def test_memory_stays_bounded(self):
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        self.judge(endless_body)
        after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        self.assertLess(max(before, after), 700 * 1024)


if __name__ == "__main__":
    main()
