"""accord record: the reverse proxy on the wire, what it refuses, and what it writes down."""
import gzip
import json
import os
import pathlib
import random
import re
import resource
import socket
import stat
import struct
import subprocess
import threading
import time
import unittest

import signatures
from recorder import Recorder, Upstream, read_journal, receive_all, say, statuses
from support import ACCORD, Case, Mock, accord, main

HOST = "127.0.0.1"
KEY, SECRET = "AKACCORD0001", "accord-mock-not-a-secret"


def hello(connection, head, body):
    return say(connection, b"hello", headers="X-Kept: a\r\nX-Kept: b\r\n")


class Reverse(Case):
    def recorder(self, upstream, *arguments, **options):
        started = Recorder(self.folder / "out", "--upstream", upstream, "--pass-through", *arguments, **options)
        self.addCleanup(started.__exit__)
        return started

    def upstream(self, script=hello):
        started = Upstream(script)
        self.addCleanup(started.__exit__)
        return started


class OnTheWire(Reverse):
    def test_exchange_is_recorded_as_it_was(self):
        upstream = self.upstream()
        recorder = self.recorder(upstream.url)
        answer = recorder.raw(b"POST /a%20b?x=1&y= HTTP/1.1\r\nHost: example\r\nX-Mine: one\r\nx-mine: two\r\n"
                              b"Content-Length: 4\r\n\r\nbody")
        self.assertTrue(answer.startswith(b"HTTP/1.1 200 OK\r\n") and answer.endswith(b"\r\n\r\nhello"), answer)
        self.assertEqual(answer.count(b"X-Kept: "), 2)
        head, body = upstream.requests[0]
        self.assertIn(b"POST /a%20b?x=1&y= HTTP/1.1\r\n", head)
        self.assertEqual(body, b"body")
        record, = recorder.records()
        self.assertEqual((record.number, record.method, record.target, record.request_body, record.status, record.end),
                         (1, b"POST", b"/a%20b?x=1&y=", b"body", 200, "whole"))
        self.assertEqual(record.base_url.decode(), upstream.url)
        self.assertEqual(record.request_headers[:3], [(b"Host", b"example"), (b"X-Mine", b"one"), (b"x-mine", b"two")])
        self.assertEqual(record.response_body, b"hello")
        self.assertEqual(recorder.journal.stat().st_mode & 0o777, 0o600)

    def test_suite_conforms_through_it(self):
        with Mock() as mock:
            recorder = self.recorder(mock.url)
            result = accord("run", "--target", recorder.url, "--jobs", "8")
            self.assert_exit(result, 0)
            requests = int(re.search(r"(\d+) requests in", result.stdout).group(1))
            self.assertGreaterEqual(len(recorder.records()), requests)

    def test_order_and_repeats_are_kept(self):
        recorder = self.recorder(self.upstream().url)
        for path in (b"/a", b"/a", b"/b", b"/a"):
            recorder.raw(b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % path)
        self.assertEqual([r.target for r in recorder.records()], [b"/a", b"/a", b"/b", b"/a"])
        self.assertEqual([r.number for r in recorder.records()], [1, 2, 3, 4])

    def test_connection_is_kept_and_input_may_be_pipelined(self):
        upstream = self.upstream(lambda c, head, body: say(c, head.split(b" ")[1]))
        recorder = self.recorder(upstream.url)
        answer = recorder.raw(b"".join(b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n" % i for i in range(20)))
        self.assertEqual(re.findall(rb"\r\n\r\n/(\d+)", answer), [b"%d" % i for i in range(20)])
        self.assertEqual(upstream.connections, 1)

    def test_http_1_0(self):
        recorder = self.recorder(self.upstream().url)
        answer = recorder.raw(b"GET / HTTP/1.0\r\n\r\n")
        self.assertIn(b"\r\nConnection: close\r\n", answer)
        answer = recorder.raw(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n")
        self.assertEqual(statuses(answer), [200, 200])
        self.assertIn(b"\r\nConnection: keep-alive\r\n", answer)

    def test_chunked_request_stays_chunked(self):
        upstream = self.upstream()
        recorder = self.recorder(upstream.url)
        answer = recorder.raw(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                              b"4;name=value\r\nbody\r\n3\r\n+++\r\n0\r\nX-Trailer: t\r\n\r\n"
                              b"GET /next HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertEqual(statuses(answer), [200, 200])
        head, body = upstream.requests[0]
        self.assertIn(b"chunked", head.lower())
        self.assertEqual((body, recorder.records()[0].request_body), (b"body+++", b"body+++"))

    def test_client_that_asks_first(self):
        recorder = self.recorder(self.upstream().url)
        with recorder.connect() as client:
            client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
            self.assertEqual(client.recv(1000), b"HTTP/1.1 100 Continue\r\n\r\n")
            client.sendall(b"body")
            self.assertIn(b"200 OK", client.recv(1000))
        self.assertEqual(recorder.records()[0].request_body, b"body")

    def test_curl_with_a_body_that_it_asks_about(self):
        recorder = self.recorder(self.upstream().url)
        (self.folder / "body").write_bytes(b"x" * 3000000)
        done = subprocess.run(["curl", "-sS", "-H", "Expect: 100-continue", "--data-binary", "@%s/body" % self.folder,
                               recorder.url], capture_output=True, timeout=60)
        self.assertEqual(done.stdout, b"hello", done.stderr)
        self.assertEqual(len(recorder.records()[0].request_body), 3000000)

    def test_answers_of_every_framing(self):
        def script(connection, head, body):
            path = head.split(b" ")[1]
            if path == b"/chunks":
                connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
            elif path == b"/close":
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nabcde")
                return False
            elif path == b"/old":
                connection.sendall(b"HTTP/1.0 200 OK\r\n\r\nabcde")
                return False
            elif path == b"/204":
                connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
            elif path == b"/304":
                connection.sendall(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n")
            elif path == b"/100":
                connection.sendall(b"HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde")
            else:
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + (b"" if head[:4] == b"HEAD" else b"abcde"))
            return True

        recorder = self.recorder(self.upstream(script).url)
        for path in ("/chunks", "/close", "/old", "/100", "/length"):
            for version in ("1.1", "1.0"):
                answer = recorder.raw(("GET %s HTTP/%s\r\nHost: x\r\n\r\n" % (path, version)).encode())
                head, _, body = answer.partition(b"\r\n\r\n")
                chunked = version == "1.1" and path in ("/chunks", "/close", "/old")
                self.assertEqual(b"chunked" in head, chunked, (path, version, answer))
                self.assertEqual(body, b"5\r\nabcde\r\n0\r\n\r\n" if chunked else b"abcde", (path, version))
        for request in (b"HEAD /length", b"GET /304", b"GET /204"):
            answer = recorder.raw(request + b" HTTP/1.1\r\nHost: x\r\n\r\nGET /length HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertEqual(len(statuses(answer)), 2, answer)
            self.assertTrue(answer.endswith(b"\r\n\r\nabcde"), answer)
            self.assertEqual(answer.count(b"abcde"), 1)
        self.assertTrue(all(r.end == "whole" for r in recorder.records()))

    def test_gzip_stays_gzip_for_the_client(self):
        packed = gzip.compress(b'{"a": "plain text"}')
        recorder = self.recorder(self.upstream(lambda c, h, b: say(c, packed, headers="Content-Encoding: gzip\r\n")).url)
        answer = recorder.raw(b"GET / HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n")
        self.assertTrue(answer.endswith(packed))
        self.assertIn(b"Content-Encoding: gzip", answer)
        body = recorder.records()[0].response_body
        self.assertIn(body, (packed, b'{"a": "plain text"}'))

    def test_headers_of_the_connection_stay_there(self):
        upstream = self.upstream()
        recorder = self.recorder(upstream.url)
        recorder.raw(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: X-Hop, keep-alive\r\nX-Hop: 1\r\nKeep-Alive: 5\r\n"
                     b"Upgrade: websocket\r\nTE: trailers\r\nX-End: 1\r\n\r\n")
        head = upstream.requests[0][0]
        for name in (b"X-Hop", b"Keep-Alive", b"Upgrade", b"TE:"):
            self.assertNotIn(name, head)
        self.assertIn(b"X-End: 1", head)

    def test_unsigned_request_gets_the_host_of_upstream(self):
        upstream = self.upstream()
        recorder = self.recorder(upstream.url)
        recorder.raw(b"GET / HTTP/1.1\r\nHost: client-said-this\r\n\r\n")
        self.assertIn(b"\r\nHost: 127.0.0.1:%d" % upstream.port, upstream.requests[0][0])

    def test_path_of_upstream_goes_in_front(self):
        upstream = self.upstream()
        recorder = self.recorder(upstream.url + "/base/")
        recorder.raw(b"GET /a?b HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertTrue(upstream.requests[0][0].startswith(b"GET /base/a?b HTTP/1.1\r\n"), upstream.requests)

    def test_answer_that_goes_on_is_seen_as_it_comes(self):
        go_on = threading.Event()

        def script(connection, head, body):
            connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nfirst!\r\n")
            go_on.wait(20)
            connection.sendall(b"6\r\nsecond\r\n0\r\n\r\n")
            return True

        recorder = self.recorder(self.upstream(script).url)
        with recorder.connect() as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            seen = b""
            while b"first" not in seen:
                seen += client.recv(1000)
            self.assertEqual(recorder.records(), [])
            go_on.set()
            seen += receive_all(client)
        self.assertTrue(seen.endswith(b"0\r\n\r\n"), seen)
        self.assertEqual(recorder.records()[0].response_body, b"first!second")


class Drift(Reverse):
    TARGET = b"/?Action=ListVpcEndpoints&Version=2020-04-15&RegionId=cn-hangzhou&Invented=1"

    def answers(self, *arguments):
        body = b'{"RequestId": "0ED8D006-F706-4D23-88ED-E11ED28DCAC0", "Code": "Surprise", "Message": "?", "HostId": "h"}'
        recorder = self.recorder(self.upstream(
            lambda c, h, b: say(c, body, "400 Bad Request", "Content-Type: application/json\r\n")).url, *arguments)
        for _ in range(5):
            self.assertEqual(statuses(recorder.raw(b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n" % self.TARGET)),
                             [400])
        return recorder

    def test_divergence_is_told_once_as_it_happens(self):
        recorder = self.answers()
        recorder.wait_for_line("Surprise")
        recorder.wait_for_line("Invented")
        self.assertEqual(recorder.stop()[0], 0)
        self.assertEqual(len([line for line in recorder.lines if "Surprise" in line]), 1)
        self.assertIn("drift: exchange ", recorder.lines[0])

    def test_it_can_be_left_out(self):
        recorder = self.answers("--no-drift")
        recorder.stop()
        self.assertEqual(recorder.lines, [])


class Large(Reverse):
    SIZE = 96 * 1024 * 1024

    def peak(self, recorder):
        status = pathlib.Path("/proc/%d/status" % recorder.process.pid).read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) * 1024

    def test_large_answer_streams(self):
        piece = bytes(range(256)) * 4096

        def script(connection, head, body):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % self.SIZE)
            for _ in range(self.SIZE // len(piece)):
                connection.sendall(piece)
            return True

        recorder = self.recorder(self.upstream(script).url, "--body-limit", "1000000")
        done = subprocess.run(["curl", "-sS", "-o", str(self.folder / "got"), recorder.url], timeout=120)
        self.assertEqual(done.returncode, 0)
        self.assertEqual((self.folder / "got").stat().st_size, self.SIZE)
        with open(self.folder / "got", "rb") as got:
            self.assertTrue(all(got.read(len(piece)) == piece for _ in range(self.SIZE // len(piece))))
        record, = recorder.records()
        self.assertEqual((len(record.response_body), record.response_cut, record.end), (1000000, True, "whole"))
        self.assertLess(self.peak(recorder), self.SIZE * 3 // 4)

    def test_large_request_streams(self):
        for framing in ("length", "chunks"):
            with self.subTest(framing):
                seen = []
                upstream = self.upstream(lambda c, h, b: (seen.append(len(b)), hello(c, h, b))[1])
                recorder = Recorder(self.folder / framing, "--upstream", upstream.url, "--pass-through",
                                    "--body-limit", "1000000")
                with open(self.folder / "body", "wb") as body:
                    body.truncate(self.SIZE)
                chunked = ["-H", "Transfer-Encoding: chunked"] if framing == "chunks" else []
                done = subprocess.run(["curl", "-sS", *chunked, "-H", "Expect:", "-T", str(self.folder / "body"), recorder.url],
                                      capture_output=True, timeout=240)
                self.assertEqual((done.stdout, seen), (b"hello", [self.SIZE]), done.stderr)
                record, = recorder.records()
                self.assertEqual((len(record.request_body), record.request_cut), (1000000, True))
                peak = self.peak(recorder)
                recorder.stop()
                self.assertLess(peak, self.SIZE * 3 // 4)


class BadClients(Reverse):
    REFUSED = [
        ("two lengths", 400, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"),
        ("the same length twice", 400, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello"),
        ("list of lengths", 400, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 5\r\n\r\nhello"),
        ("signed length", 400, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nhello"),
        ("huge length", 400, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\nhello"),
        ("length and chunks", 400, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
         b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("chunks and length", 400, b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
        ("coding twice", 400, b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
        ("other coding", 400, b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        ("nearly chunked", 400, b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        ("vertical tab", 400, b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n"),
        ("space before colon", 400, b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
        ("chunks in 1.0", 400, b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("lone LF", 400, b"GET / HTTP/1.1\nHost: x\n\n"),
        ("one lone LF", 400, b"GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n"),
        ("lone LF at the end", 400, b"GET / HTTP/1.1\r\nHost: x\r\n\n"),
        ("lone CR", 400, b"GET / HTTP/1.1\r\nHost: x\rTransfer-Encoding: chunked\r\n\r\n"),
        ("folded header", 400, b"GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n"),
        ("folded first header", 400, b"GET / HTTP/1.1\r\n Host: x\r\n\r\n"),
        ("NUL", 400, b"GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n"),
        ("no colon", 400, b"GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n"),
        ("no name", 400, b"GET / HTTP/1.1\r\nHost: x\r\n: value\r\n\r\n"),
        ("two hosts", 400, b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"),
        ("no host", 400, b"GET / HTTP/1.1\r\n\r\n"),
        ("two spaces", 400, b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("no version", 400, b"GET /\r\nHost: x\r\n\r\n"),
        ("other version", 505, b"GET / HTTP/2.0\r\nHost: x\r\n\r\n"),
        ("not HTTP", 400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),
        ("other expectation", 417, b"POST / HTTP/1.1\r\nHost: x\r\nExpect: magic\r\nContent-Length: 1\r\n\r\nx"),
        ("absolute target", 400, b"GET http://other/ HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("CONNECT", 400, b"CONNECT other:443 HTTP/1.1\r\nHost: other:443\r\n\r\n"),
        ("HEAD with a body", 400, b"HEAD / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx"),
        ("chunk size with LF", 400, b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n"),
        ("chunk size in C", 400, b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\nx\r\n0\r\n\r\n"),
        ("chunk size with a space", 400, b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1 \r\nx\r\n0\r\n\r\n"),
        ("chunk size of 20 digits", 400, b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + b"0" * 19 + b"1\r\nx\r\n0\r\n\r\n"),
        ("chunk longer than said", 400, b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxyz\r\n0\r\n\r\n"),
        ("chunk end with LF", 400, b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\n0\r\n\r\n"),
        ("last chunk with LF", 400, b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\n"),
        ("too many headers", 431, b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 300 + b"\r\n"),
        ("large head", 431, b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"b" * 70000 + b"\r\n\r\n"),
        ("endless head", 431, b"GET /" + b"a" * 200000),
    ]

    def test_forms_that_two_readers_read_differently_are_refused(self):
        upstream = self.upstream()
        recorder = self.recorder(upstream.url)
        for count, (name, status, request) in enumerate(self.REFUSED, 1):
            with self.subTest(name):
                answer = recorder.raw(request + b"GET /behind HTTP/1.1\r\nHost: x\r\n\r\n")
                self.assertEqual(statuses(answer), [status], answer)
                self.assertIn(b"\r\nConnection: close\r\n", answer)
                lines = recorder.wait_for_lines(count)
                self.assertIn(": %d: " % status, lines[-1])
                self.assertEqual(len(lines), count)
        self.assertEqual((upstream.requests, recorder.records()), ([], []))
        self.assertEqual(statuses(recorder.raw(b"\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n")), [200])

    def test_broken_chunks_of_a_body_that_streams(self):
        upstream = self.upstream()
        recorder = self.recorder(upstream.url)
        answer = recorder.raw(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n40000\r\n" + b"x" * 0x40000 +
                              b"\r\nbroken\r\nGET /behind HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertEqual(statuses(answer), [400])
        self.assertEqual(upstream.requests, [])
        self.assertEqual([r.end for r in recorder.records()], ["client-gone"])

    def test_clients_that_vanish(self):
        upstream = self.upstream(lambda c, h, b: say(c, b"x" * (50000000 if b"/large" in h else 3000000)))
        recorder = self.recorder(upstream.url)
        pieces = [b"", b"GET", b"GET / HTTP/1.1\r\nHost: x\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf",
                  b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 500000,
                  b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf"]
        for piece in pieces:
            for linger in (True, False):
                client = recorder.connect()
                client.sendall(piece)
                if linger:
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                client.close()
        client = recorder.connect()
        client.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        client.recv(1000)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()
        recorder.wait_for_line("GET /large: cut: the client left")
        answer = recorder.raw(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertEqual(statuses(answer), [200])
        self.assertTrue(answer.endswith(b"x" * 3000000))
        ends = [r.end for r in recorder.records()]
        self.assertEqual(ends[-2:], ["client-gone", "whole"])
        self.assertEqual(recorder.stop()[0], 0)

    def test_client_that_says_nothing(self):
        recorder = self.recorder(self.upstream().url, "--timeout", "1s")
        with recorder.connect() as silent, recorder.connect() as slow:
            slow.sendall(b"GET / HTTP/1.1\r\nHo")
            self.assertEqual(statuses(receive_all(slow)), [408])
            self.assertEqual(receive_all(silent), b"")

    def test_more_clients_than_connections_wait(self):
        recorder = self.recorder(self.upstream().url, "--connections", "2")
        kept = [recorder.connect() for _ in range(4)]
        for client in kept:
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        for client in kept:
            self.assertEqual(statuses(receive_all(client)), [200])
            client.close()


class BadUpstreams(Reverse):
    def failing(self, script, part, status=502):
        """The client gets a 502, there is one line, and the record says what happened."""
        upstream = self.upstream(script)
        out = self.folder / ("out%d" % upstream.port)
        with Recorder(out, "--upstream", upstream.url, "--pass-through", "--timeout", "1s") as recorder:
            answer = recorder.raw(b"GET /p?secret=1 HTTP/1.1\r\nHost: x\r\n\r\n" * 2)
            self.assertEqual(statuses(answer), [status], answer)
            recorder.wait_for_line("GET /p: %d: " % status)
            self.assertIn(part, recorder.lines[0])
            self.assertEqual(len(recorder.lines), 1)
            self.assertNotIn("secret", recorder.lines[0])
            record, = recorder.records()
            self.assertEqual(record.end, "upstream-failed")
            self.assertIn(part.encode(), record.why)
            self.assertEqual(recorder.stop()[0], 0)

    def test_down(self):
        with socket.create_server((HOST, 0)) as free:
            port = free.getsockname()[1]
        with Recorder(self.folder / "out", "--upstream", "http://127.0.0.1:%d" % port, "--pass-through") as recorder:
            answer = recorder.raw(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertEqual(statuses(answer), [502])
            self.assertEqual(json.loads(answer.partition(b"\r\n\r\n")[2])["Code"], "AccordRecorder")

    def test_slow(self):
        self.failing(lambda c, h, b: time.sleep(4), "timeout")

    def test_slow_in_the_middle(self):
        self.failing(lambda c, h, b: (c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"), time.sleep(4))[0], "timeout")

    def test_closing(self):
        self.failing(lambda c, h, b: False, "reset")

    def test_resetting(self):
        def script(connection, head, body):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False

        self.failing(script, "reset")

    def test_lying_about_the_length(self):
        self.failing(lambda c, h, b: c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"), "reset")

    def test_ending_in_the_headers(self):
        self.failing(lambda c, h, b: c.sendall(b"HTTP/1.1 200 OK\r\nContent-Le"), "middle of its headers")

    def test_ending_in_a_chunk(self):
        self.failing(lambda c, h, b: c.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf"), "reset")

    def test_bad_chunk(self):
        self.failing(lambda c, h, b: c.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhalf"), "garbage")

    def test_not_http(self):
        self.failing(lambda c, h, b: c.sendall(b"SSH-2.0-x\r\n\r\n"), "garbage")

    def test_two_lengths(self):
        self.failing(lambda c, h, b: c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nhalf!"), "two lengths")

    def test_list_of_lengths(self):
        self.failing(lambda c, h, b: c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4, 4\r\n\r\nhalf"), "not a number")

    def test_length_and_chunks(self):
        self.failing(lambda c, h, b: c.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), "length and chunks")

    def test_lone_line_ends(self):
        self.failing(lambda c, h, b: c.sendall(b"HTTP/1.1 200 OK\r\nA: b\nContent-Length: 4\r\n\r\nhalf"), "CR LF")

    def test_leaving_http(self):
        self.failing(lambda c, h, b: c.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), "leaves HTTP")

    def test_endless_headers(self):
        def script(connection, head, body):
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            for _ in range(100000):
                connection.sendall(b"A: " + b"b" * 1000 + b"\r\n")

        self.failing(script, "too-large")

    def test_failing_after_the_client_saw_a_part(self):
        def script(connection, head, body):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 500000)

        recorder = self.recorder(self.upstream(script).url)
        answer = recorder.raw(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 2)
        self.assertEqual(statuses(answer), [200])
        self.assertLess(len(answer), 600000)
        self.assertEqual([r.end for r in recorder.records()], ["upstream-failed"])

    def test_more_than_the_length_is_nobodys_answer(self):
        def script(connection, head, body):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbodyHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison")
            return True

        recorder = self.recorder(self.upstream(script).url)
        answer = recorder.raw(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 3)
        self.assertEqual(statuses(answer), [200, 200, 200])
        self.assertNotIn(b"poison", answer)

    def test_answer_before_the_body_is_there(self):
        def script(connection, head, body):
            return False

        listener = socket.create_server((HOST, 0))
        self.addCleanup(listener.close)

        def serve():
            connection, _ = listener.accept()
            data = b""
            while b"\r\n\r\n" not in data:
                data += connection.recv(1000)
            say(connection, b"too large", "413 Content Too Large", "Connection: close\r\n")
            time.sleep(0.2)
            connection.close()

        threading.Thread(target=serve, daemon=True).start()
        recorder = self.recorder("http://127.0.0.1:%d" % listener.getsockname()[1])
        with recorder.connect() as client:
            client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\n\r\n" + b"x" * 100000)
            self.assertEqual(statuses(client.recv(100000)), [413])


class Journal(Reverse):
    def test_recording_goes_on_in_the_same_journal(self):
        upstream = self.upstream()
        for _ in range(3):
            with Recorder(self.folder / "out", "--upstream", upstream.url, "--pass-through") as recorder:
                recorder.raw(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                code, out = recorder.stop()
                self.assertEqual(code, 0)
                self.assertIn("recorded: 1 exchanges", out)
        self.assertEqual([r.number for r in read_journal(self.folder / "out/recording.journal")], [1, 2, 3])

    def test_torn_tail_is_told_and_dropped(self):
        upstream = self.upstream()
        with Recorder(self.folder / "out", "--upstream", upstream.url, "--pass-through") as recorder:
            recorder.raw(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 3)
        os.truncate(recorder.journal, recorder.journal.stat().st_size - 5)
        with Recorder(self.folder / "out", "--upstream", upstream.url, "--pass-through") as recorder:
            recorder.wait_for_line("the last record was torn")
            recorder.raw(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertEqual([r.number for r in recorder.records()], [1, 2, 3])

    def test_other_files_and_other_recorders_are_left_alone(self):
        (self.folder / "file.journal").write_text("precious")
        result = accord("record", "--upstream", "http://127.0.0.1:1", "--out", self.folder / "file.journal")
        self.assert_exit(result, 2)
        self.assertIn("not a journal of accord", result.stderr)
        self.assertEqual((self.folder / "file.journal").read_text(), "precious")
        with self.recorder(self.upstream().url):
            result = accord("record", "--upstream", "http://127.0.0.1:1", "--out", self.folder / "out")
            self.assert_exit(result, 2)
            self.assertIn("another recorder", result.stderr)

    def test_full_disk_ends_recording_loudly(self):
        upstream = self.upstream()
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, before[1]))
        try:
            recorder = self.recorder(upstream.url)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        answers = [statuses(recorder.raw(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")) for _ in range(30)]
        recorded = len(recorder.records())
        self.assertGreater(recorded, 2)
        self.assertEqual(answers, [[200]] * recorded + [[503]] * (30 - recorded))
        recorder.wait_for_line("nothing more is recorded")
        self.assertEqual(len([line for line in recorder.lines if "nothing more is recorded" in line]), 1)
        self.assertEqual(recorder.stop()[0], 4)
        self.assertEqual(len(upstream.requests), recorded + 1)
        self.assertEqual(len(recorder.records()), recorded)

    def kill_test(self, sync, rounds):
        """Clients count the answers that they saw whole; after the kill each of them is in the journal."""
        upstream = self.upstream(lambda c, h, b: say(c, b"answer to " + h.split(b" ")[1]))
        chance = random.Random(20260115)
        seen, lock = set(), threading.Lock()
        for round_number in range(rounds):
            recorder = Recorder(self.folder / sync, "--upstream", upstream.url, "--pass-through", "--sync", sync)

            def client(name):
                try:
                    with recorder.connect() as connection:
                        for i in range(100000):
                            path = b"/%d/%d/%d" % (round_number, name, i)
                            connection.sendall(b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % path)
                            answer = b""
                            while not answer.endswith(b"answer to " + path):
                                piece = connection.recv(4096)
                                if not piece:
                                    return
                                answer += piece
                            with lock:
                                seen.add(path)
                except OSError:
                    pass

            clients = [threading.Thread(target=client, args=(i,)) for i in range(3)]
            for thread in clients:
                thread.start()
            time.sleep(chance.uniform(0.001, 0.02))
            recorder.kill()
            for thread in clients:
                thread.join(30)
        # Opened once more, so that the last torn tail is cut off, too.
        with Recorder(self.folder / sync, "--upstream", upstream.url, "--pass-through") as recorder:
            pass
        records = read_journal(self.folder / sync / "recording.journal")
        recorded = {record.target for record in records}
        self.assertGreater(len(seen), rounds)
        self.assertEqual(seen - recorded, set())
        self.assertEqual(len(records), len(recorded))
        for record in records:
            self.assertEqual(record.response_body, b"answer to " + record.target)

    def test_kill_at_any_moment_loses_nothing_that_was_answered(self):
        self.kill_test("process", 250)

    def test_kill_with_sync_to_disk(self):
        self.kill_test("disk", 25)


if __name__ == "__main__":
    main()
