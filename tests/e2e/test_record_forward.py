"""accord record: signatures made anew, the forward proxy, TLS with the local authority, blind tunnels."""
import base64
import os
import pathlib
import re
import socket
import ssl
import subprocess
import threading
import unittest

import signatures
from recorder import TLS, Recorder, Upstream, receive_all, say, statuses
from support import ACCORD, ROOT, Case, Mock, accord, main

KEY, SECRET = "AKACCORD0001", "accord-mock-not-a-secret"
REAL_KEY, REAL_SECRET, REAL_TOKEN = "LTAIreal0000planted", "rEaLsEcReT+/=planted", "CAIS+real/token==planted"


def profile(folder, **members):
    import json
    path = folder / "profile.json"
    path.write_text(json.dumps({"accord": 1, **members}))
    return path


class Recording(Case):
    def start(self, *arguments, **options):
        started = Recorder(self.folder / "out", "--ca-dir", self.folder / "ca", *arguments, **options)
        self.addCleanup(started.__exit__)
        return started

    def upstream(self, script=None):
        started = Upstream(script or (lambda c, h, b: say(c, b'{"RequestId": "r"}')))
        self.addCleanup(started.__exit__)
        return started

    def curl(self, recorder, *arguments):
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}
        return subprocess.run(["curl", "-sS", "--max-time", "30", "-x", recorder.url, *arguments], capture_output=True, text=True,
                              timeout=60, env=environment)

    def everything_written(self, *texts):
        """All bytes that a run left: files below the folder, and what was printed."""
        written = b"".join(text.encode() if isinstance(text, str) else text for text in texts)
        for path in self.folder.rglob("*"):
            if path.is_file() and path.name != "profile.json":
                written += path.read_bytes()
        return written


class Signing(Recording):
    def sign_with(self, name, token=None, real_token=None):
        sign, check, make = signatures.SCHEMES[name]
        upstream = self.upstream()
        credentials = {"access_key_id": REAL_KEY, "access_key_secret": REAL_SECRET}
        if real_token:
            credentials["security_token"] = real_token
        out = self.folder / ("out%d" % upstream.port)
        recorder = Recorder(out, "--upstream", upstream.url, "--profile",
                            profile(self.folder, url=upstream.url, credentials=credentials))
        self.addCleanup(recorder.__exit__)
        request = make("127.0.0.1:%d" % recorder.port)
        sign(request, KEY, SECRET, token)
        answer = recorder.raw(request.wire())
        self.assertEqual(statuses(answer), [200], (answer, recorder.lines))
        received = signatures.Request.of(*upstream.requests[0])
        check(received, REAL_KEY, REAL_SECRET, real_token)
        self.assertEqual(received.header("host"), "127.0.0.1:%d" % upstream.port)
        record, = recorder.records()
        self.assertEqual(record.signer.decode(), name.split(" ")[0])
        self.assertEqual(recorder.stop()[0], 0)
        return recorder

    def test_every_scheme_is_made_anew(self):
        for name in signatures.SCHEMES:
            with self.subTest(name):
                self.sign_with(name)

    def test_tokens_come_and_go(self):
        for name in signatures.SCHEMES:
            with self.subTest(name):
                self.sign_with(name, token="throw-away-token")
            with self.subTest(name + " real token"):
                self.sign_with(name, real_token=REAL_TOKEN)
            with self.subTest(name + " both"):
                self.sign_with(name, token="throw-away-token", real_token=REAL_TOKEN)

    def test_real_keys_are_nowhere(self):
        """An upstream that quotes all that it got, as a refused signature does; then every byte is searched."""
        def script(connection, head, body):
            quoted = head + body
            text = quoted + b" " + b" ".join(value.encode() + b" " + signatures.encode(value).encode() + b" " +
                                            signatures.encode(signatures.encode(value)).encode()
                                            for value in (REAL_KEY, REAL_SECRET, REAL_TOKEN))
            connection.sendall(b"HTTP/1.1 403 Forbidden\r\nX-Quoted: %s\r\nTransfer-Encoding: chunked\r\n\r\n" %
                               REAL_TOKEN.encode())
            for at in range(0, len(text), 7):
                connection.sendall(b"%x\r\n%s\r\n" % (len(text[at:at + 7]), text[at:at + 7]))
            connection.sendall(b"0\r\n\r\n")
            return True

        upstream = self.upstream(script)
        environment = dict(os.environ, ALIBABA_CLOUD_ACCESS_KEY_ID=REAL_KEY, ALIBABA_CLOUD_ACCESS_KEY_SECRET=REAL_SECRET,
                           ALIBABA_CLOUD_SECURITY_TOKEN=REAL_TOKEN)
        recorder = self.start("--upstream", upstream.url, "--profile",
                              profile(self.folder, url=upstream.url, credentials={"from": "environment", "provider": "alibaba"}),
                              environment=environment)
        got = b""
        for sign, _, make in signatures.SCHEMES.values():
            request = make("127.0.0.1:%d" % recorder.port)
            sign(request, KEY, SECRET)
            answer = recorder.raw(request.wire())
            self.assertEqual(statuses(answer), [403], answer)
            got += b"".join(re.split(rb"\r\n[0-9a-f]+\r\n", answer))
        self.assertEqual(len(recorder.records()), len(signatures.SCHEMES))
        code, out = recorder.stop()
        self.assertEqual(code, 0)
        self.assertIn(b"***", got)
        written = self.everything_written(out, "\n".join(recorder.lines), got)
        for value in (REAL_KEY, REAL_SECRET, REAL_TOKEN):
            forms = [value, signatures.encode(value), signatures.encode(signatures.encode(value)),
                     base64.b64encode(value.encode()).decode()]
            for form in forms:
                self.assertNotIn(form.encode(), written)

    def test_others_are_refused_clearly(self):
        upstream = self.upstream()
        recorder = self.start("--upstream", upstream.url)
        sign, _, make = signatures.SCHEMES["acs3-hmac-sha256"]
        host = "127.0.0.1:%d" % recorder.port
        wrong, unknown, altered, unsigned = (make(host) for _ in range(4))
        sign(wrong, KEY, "another secret")
        sign(unknown, "LTAI123", SECRET)
        sign(altered, KEY, SECRET)
        altered.body = b"{}"
        old = make(host)
        before, signatures.now = signatures.now, lambda form: "2020-01-01T00:00:00Z"
        try:
            sign(old, KEY, SECRET)
        finally:
            signatures.now = before
        cases = [(wrong, "the signature is wrong"), (unknown, "not one of accord's"), (altered, "the signature is refused"),
                 (unsigned, "no signature"), (old, "15 minutes")]
        for count, (request, why) in enumerate(cases, 1):
            with self.subTest(why):
                answer = recorder.raw(request.wire())
                self.assertEqual(statuses(answer), [403])
                self.assertIn(why.encode(), answer)
                self.assertIn(why, recorder.wait_for_lines(count)[-1])
        self.assertEqual((upstream.requests, recorder.records()), ([], []))

    def test_mock_accepts_what_is_made_anew(self):
        with Mock() as mock:
            recorder = self.start("--upstream", mock.url)
            result = accord("run", "--target", recorder.url, "--no-states", "alibaba/**/ListVpcEndpoints")
            records = [r for r in recorder.records() if r.status == 200]
            self.assertGreater(len(records), 10, result.stdout)

    def test_body_too_large_to_sign(self):
        recorder = self.start("--upstream", self.upstream().url, "--body-limit", "1000")
        answer = recorder.raw(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000)
        self.assertEqual(statuses(answer), [413])

    def test_real_cloud_needs_real_keys(self):
        result = accord("record", "--upstream", "https://privatelink.aliyuncs.com", "--out", self.folder)
        self.assert_exit(result, 2)
        self.assertIn("no real keys", result.stderr)


class Routing(Recording):
    def test_products_of_a_profile(self):
        servers = {name: self.upstream(lambda c, h, b, name=name: say(c, name.encode()))
                   for name in ("alibaba/privatelink", "alibaba/elasticsearch", "volcengine/privatelink")}
        path = profile(self.folder, endpoints={name: server.url for name, server in servers.items()})
        recorder = self.start("--profile", path)
        host = "127.0.0.1:%d" % recorder.port
        expected = {"acs3-hmac-sha256": "alibaba/privatelink", "acs-rpc-hmac-sha1": "alibaba/privatelink",
                    "acs-rpc-hmac-sha1 form": "alibaba/privatelink", "acs-roa-hmac-sha1": "alibaba/elasticsearch",
                    "volc-hmac-sha256": "volcengine/privatelink"}
        for name, product in expected.items():
            with self.subTest(name):
                sign, check, make = signatures.SCHEMES[name]
                request = make(host)
                sign(request, KEY, SECRET)
                answer = recorder.raw(request.wire())
                self.assertTrue(answer.endswith(product.encode()), answer)
        request = signatures.Request("GET", "/alibaba/elasticsearch/x?Version=2020-04-15", [("Host", host)])
        signatures.volc_sign(request, KEY, SECRET)
        self.assertTrue(recorder.raw(request.wire()).endswith(b"alibaba/elasticsearch"))
        self.assertEqual(recorder.records()[-1].target, b"/x?Version=2020-04-15")
        self.assertTrue(servers["alibaba/elasticsearch"].requests[-1][0].startswith(b"GET /x?Version=2020-04-15 "))

    def test_request_of_no_product(self):
        path = profile(self.folder, endpoints={"alibaba/privatelink": "http://127.0.0.1:1"})
        recorder = self.start("--profile", path, "--pass-through")
        self.assertEqual(statuses(recorder.raw(b"GET /?Version=1999 HTTP/1.1\r\nHost: x\r\n\r\n")), [404])


class Forward(Recording):
    def test_plain_http(self):
        upstream = self.upstream()
        recorder = self.start("--pass-through", "--allow-host", "127.0.0.1")
        done = self.curl(recorder, upstream.url + "/a?b=c")
        self.assertEqual(done.stdout, '{"RequestId": "r"}', done.stderr)
        record, = recorder.records()
        self.assertEqual((record.base_url.decode(), record.target), (upstream.url, b"/a?b=c"))
        head = upstream.requests[0][0]
        self.assertTrue(head.startswith(b"GET /a?b=c HTTP/1.1\r\n"))
        self.assertNotIn(b"Proxy-Connection", head)

    def test_signed_request_through_it(self):
        upstream = self.upstream()
        recorder = self.start("--allow-host", "127.0.0.1")
        sign, check, make = signatures.SCHEMES["acs3-hmac-sha256"]
        request = make("127.0.0.1:%d" % upstream.port)
        sign(request, KEY, SECRET)
        wire = request.wire().replace(b"POST /", b"POST %s/" % upstream.url.encode(), 1)
        self.assertEqual(statuses(recorder.raw(wire)), [200], recorder.lines)
        check(signatures.Request.of(*upstream.requests[0]), KEY, SECRET)

    def test_hosts_that_nobody_named(self):
        upstream = self.upstream()
        recorder = self.start("--pass-through")
        done = self.curl(recorder, upstream.url)
        self.assertIn("no provider names this host", done.stdout)
        done = self.curl(recorder, "-p", upstream.url)
        self.assertIn("403", done.stderr)
        self.assertEqual((upstream.requests, recorder.records()), ([], []))
        self.assertIn("--allow-host", recorder.lines[0])

    def test_other_hosts_pass_unrecorded(self):
        upstream = self.upstream()
        recorder = self.start("--tunnel-others")
        self.assertEqual(self.curl(recorder, upstream.url).stdout, '{"RequestId": "r"}')
        self.assertEqual(self.curl(recorder, "-p", upstream.url).stdout, '{"RequestId": "r"}')
        self.assertEqual((len(upstream.requests), recorder.records()), (2, []))

    def test_path_needs_an_upstream(self):
        recorder = self.start("--pass-through")
        answer = recorder.raw(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertEqual(statuses(answer), [400])
        self.assertIn(b"HTTPS_PROXY", answer)

    def test_bad_targets(self):
        recorder = self.start("--pass-through", "--allow-host", "**")
        for line in (b"GET http://a b/ HTTP/1.1", b"GET http://a@b/ HTTP/1.1", b"GET http:/// HTTP/1.1", b"GET http://a:0/ HTTP/1.1",
                     b"GET http://a:99999/ HTTP/1.1", b"GET https://a/ HTTP/1.1", b"GET ftp://a/ HTTP/1.1", b"OPTIONS * HTTP/1.1",
                     b"CONNECT a HTTP/1.1", b"CONNECT a:0 HTTP/1.1", b"CONNECT a:99999 HTTP/1.1", b"CONNECT /a HTTP/1.1",
                     b"CONNECT a@b:443 HTTP/1.1"):
            with self.subTest(line):
                answer = recorder.raw(line + b"\r\nHost: x\r\n\r\nGET /behind HTTP/1.1\r\nHost: x\r\n\r\n")
                self.assertEqual(statuses(answer), [400])

    def test_upstream_through_another_proxy(self):
        upstream = self.upstream()
        other = Recorder(self.folder / "other", "--ca-dir", self.folder / "ca", "--pass-through", "--allow-host", "127.0.0.1")
        self.addCleanup(other.__exit__)
        recorder = self.start("--upstream", upstream.url, "--pass-through", "--upstream-proxy", other.url)
        self.assertEqual(statuses(recorder.raw(b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n")), [200])
        self.assertEqual([r.target for r in other.records() + recorder.records()], [b"/x", b"/x"])


class Tls(Recording):
    def tls_mock(self):
        mock = Mock("--tls-cert", TLS / "cert.pem", "--tls-key", TLS / "key.pem")
        self.addCleanup(mock.__exit__)
        return mock

    def test_tls_is_opened_and_verified_on_both_sides(self):
        mock = self.tls_mock()
        recorder = self.start("--pass-through", "--allow-host", "127.0.0.1", "--allow-host", "localhost",
                              "--upstream-ca", TLS / "cert.pem")
        for host in ("127.0.0.1", "localhost"):
            url = "https://%s:%s/?Action=X" % (host, mock.url.rsplit(":", 1)[1])
            done = self.curl(recorder, "--cacert", str(self.folder / "ca/accord-ca.pem"), url, url)
            self.assertEqual(done.stdout.count('"Code":"MissingVersion"'), 2, (done, recorder.lines))
            refused = self.curl(recorder, url)
            self.assertNotEqual(refused.returncode, 0)
        self.assertEqual([r.base_url.split(b":")[0] for r in recorder.records()], [b"https"] * 4)
        self.assertEqual(len(recorder.records()), 4)

    def test_upstream_that_is_not_trusted(self):
        mock = self.tls_mock()
        recorder = self.start("--pass-through", "--allow-host", "127.0.0.1")
        done = self.curl(recorder, "--cacert", str(self.folder / "ca/accord-ca.pem"), mock.url)
        self.assertIn("certificate", done.stdout)
        self.assertEqual(recorder.records()[0].end, "upstream-failed")

    def test_plain_http_in_a_tunnel(self):
        upstream = self.upstream()
        recorder = self.start("--pass-through", "--allow-host", "127.0.0.1")
        done = self.curl(recorder, "-p", upstream.url + "/in")
        self.assertEqual(done.stdout, '{"RequestId": "r"}', done.stderr)
        self.assertEqual(recorder.records()[0].base_url.decode(), upstream.url)

    def test_tls_in_the_same_breath_as_connect(self):
        """A client that does not wait for the answer to CONNECT."""
        mock = self.tls_mock()
        recorder = self.start("--pass-through", "--allow-host", "localhost", "--upstream-ca", TLS / "cert.pem")
        port = mock.url.rsplit(":", 1)[1]
        context = ssl.create_default_context(cafile=self.folder / "ca/accord-ca.pem")
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
        with self.assertRaises(ssl.SSLWantReadError):
            tls.do_handshake()
        with recorder.connect() as client:
            client.sendall(b"CONNECT localhost:%s HTTP/1.1\r\nHost: x\r\n\r\n" % port.encode() + outgoing.read())
            data = b""
            while b"\r\n\r\n" not in data:
                data += client.recv(1)
            while True:
                try:
                    tls.do_handshake()
                    break
                except ssl.SSLWantReadError:
                    client.sendall(outgoing.read())
                    incoming.write(client.recv(65536))
            tls.write(b"GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            client.sendall(outgoing.read())
            answer = b""
            while b"\r\n\r\n" not in answer:
                try:
                    answer += tls.read(65536)
                except ssl.SSLWantReadError:
                    incoming.write(client.recv(65536))
            self.assertTrue(answer.startswith(b"HTTP/1.1 "), answer)

    def test_client_that_speaks_no_tls_after_all(self):
        recorder = self.start("--pass-through", "--allow-host", "localhost")
        with recorder.connect() as client:
            client.sendall(b"CONNECT localhost:443 HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertIn(b" 200 ", client.recv(1000))
            client.sendall(b"\x16\x03\x01\x00\x05\x02\x00\x00\x01\x00")
            receive_all(client)
        recorder.wait_for_line("does not agree on TLS for localhost")

    def test_provider_hosts_are_opened_and_others_are_not(self):
        recorder = self.start("--pass-through", "--upstream-proxy", "http://127.0.0.1:1")
        for host, status in (("privatelink.cn-hangzhou.aliyuncs.com", 200), ("PrivateLink.cn-hangzhou.aliyuncs.com", 200),
                             ("open.volcengineapi.com", 200), ("example.com", 403), ("aliyuncs.com.example.com", 403),
                             ("privatelink.cn-hangzhou.aliyuncs.com.example.com", 403)):
            with self.subTest(host), recorder.connect() as client:
                client.sendall(b"CONNECT %s:443 HTTP/1.1\r\nHost: x\r\n\r\n" % host.encode())
                self.assertEqual(statuses(client.recv(1000)), [status])

    def test_tls_through_another_proxy(self):
        mock = self.tls_mock()
        other = Recorder(self.folder / "other", "--ca-dir", self.folder / "ca", "--tunnel-others")
        self.addCleanup(other.__exit__)
        recorder = self.start("--upstream", mock.url, "--pass-through", "--upstream-proxy", other.url,
                              "--upstream-ca", TLS / "cert.pem")
        self.assertIn(b"MissingVersion", recorder.raw(b"GET /?Action=X HTTP/1.1\r\nHost: x\r\n\r\n"))
        self.assertEqual((len(recorder.records()), other.records()), (1, []))


class Authority(Recording):
    def test_it_is_made_once_and_kept_private(self):
        first = accord("record", "--print-ca", "--ca-dir", self.folder / "ca")
        self.assert_exit(first, 0)
        self.assertTrue(first.stdout.startswith("-----BEGIN CERTIFICATE-----"))
        self.assertEqual((self.folder / "ca/accord-ca.key").stat().st_mode & 0o777, 0o600)
        self.assertEqual((self.folder / "ca").stat().st_mode & 0o777, 0o700)
        self.assertIn("PRIVATE KEY", (self.folder / "ca/accord-ca.key").read_text())
        self.assertNotIn("PRIVATE", (self.folder / "ca/accord-ca.pem").read_text())
        second = accord("record", "--print-ca", "--ca-dir", self.folder / "ca")
        self.assertEqual(first.stdout, second.stdout)
        self.assertEqual(sorted(path.name for path in (self.folder / "ca").iterdir()), ["accord-ca.key", "accord-ca.pem"])

    def test_openssl_agrees_on_what_it_is(self):
        accord("record", "--print-ca", "--ca-dir", self.folder / "ca")
        text = subprocess.run(["openssl", "x509", "-in", str(self.folder / "ca/accord-ca.pem"), "-noout", "-text"],
                              capture_output=True, text=True, check=True).stdout
        self.assertIn("CA:TRUE", text)
        self.assertIn("Certificate Sign", text)

    def test_key_that_others_may_read_is_refused(self):
        accord("record", "--print-ca", "--ca-dir", self.folder / "ca")
        (self.folder / "ca/accord-ca.key").chmod(0o640)
        result = accord("record", "--print-ca", "--ca-dir", self.folder / "ca")
        self.assert_exit(result, 2)
        self.assertIn("others may use", result.stderr)

    def test_broken_key_is_told(self):
        (self.folder / "accord-ca.key").write_text("nonsense")
        (self.folder / "accord-ca.key").chmod(0o600)
        result = accord("record", "--print-ca", "--ca-dir", self.folder)
        self.assert_exit(result, 2)
        self.assertIn("accord-ca.key", result.stderr)
        self.assert_one_line(result.stderr)

    def test_many_start_at_once(self):
        done = []
        threads = [threading.Thread(target=lambda: done.append(accord("record", "--print-ca", "--ca-dir", self.folder / "ca")))
                   for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual([result.returncode for result in done], [0] * 6)
        self.assertEqual(len({result.stdout for result in done}), 1)


class Usage(Case):
    def test_bad_command_lines(self):
        for arguments, part in ((["extra"], "no arguments"), (["--upstream", "ftp://x"], "--upstream"), (["--sync", "never"], "--sync"),
                                (["--upstream", "http://127.0.0.1:1", "--listen", "0.0.0.0:0"], "not a loopback"),
                                (["--upstream", "http://user:pw@127.0.0.1"], "--upstream"), (["--profile", "mock"], "--profile"),
                                (["--profile", "missing.json"], "missing.json"), (["--timeout", "10ms"], "--timeout"),
                                (["--upstream", "http://127.0.0.1:1", "--upstream-ca", "missing.pem"], "missing.pem")):
            with self.subTest(arguments):
                result = accord("record", "--out", self.folder / "out", "--ca-dir", self.folder / "ca", *arguments)
                self.assert_exit(result, 2)
                self.assertIn(part, result.stderr)
                self.assert_one_line(result.stderr)


if __name__ == "__main__":
    main()
