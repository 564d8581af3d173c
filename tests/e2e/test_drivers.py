"""Drivers and skeletons as processes: the lines of the protocol, what reaches the wire, faults and what follows."""
import http.server
import json
import os
import queue
import socket
import struct
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse

from jsonschema import Draft202012Validator

from support import ROOT, Mock, Case, main

DRIVERS = ROOT / "drivers"
SCHEMA = json.loads((ROOT / "cases/schema/driver.schema.json").read_text())
PRIVATELINK, VPCPEER = "alibaba/privatelink/2020-04-15/", "alibaba/vpcpeer/2022-01-01/"
ELASTICSEARCH, VOLCENGINE = "alibaba/elasticsearch/2017-06-13/", "volcengine/privatelink/2020-04-01/"
KEYS = {"access_key_id": "AKACCORD0001", "access_key_secret": "accord-mock-not-a-secret", "security_token": None}
REQUEST_ID = "0E8A9C6B-0000-4000-8000-00000000ABCD"
WAIT_S = 60
HUGE = 2 << 20


def valid(kind, line):
    Draft202012Validator({**SCHEMA, "anyOf": [{"$ref": "#/$defs/" + kind}]}).validate(line)


class Service:
    """A server whose next answers are given by `behave`, a function of the handler; requests are kept."""

    def __init__(self):
        service = self
        self.behave, self.requests, self.release = None, [], threading.Event()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def body(self):
                if "chunked" not in self.headers.get("Transfer-Encoding", ""):
                    return self.rfile.read(int(self.headers.get("Content-Length") or 0))
                data = b""
                while size := int(self.rfile.readline(), 16):
                    data += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return data

            def answer(self):
                body = self.body()
                service.requests.append(Request(self.command, self.path, self.headers, body))
                service.behave(self)

            do_GET = do_POST = do_DELETE = answer

            def reply(self, status, body, content_type="application/json"):
                text = body if isinstance(body, str) else json.dumps(body)
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def reset(self):
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                self.close_connection = True

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.release.set()
        self.server.shutdown()
        self.server.server_close()


class Request:
    def __init__(self, method, target, headers, body):
        parts = urllib.parse.urlsplit(target)
        self.method, self.path, self.headers, self.body = method, urllib.parse.unquote(parts.path), headers, body
        self.query = dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True))
        is_form = "form" in headers.get("Content-Type", "")
        self.form = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True)) if is_form else {}
        self.json = json.loads(body) if "json" in headers.get("Content-Type", "") and body else {}

    def action(self):
        return self.headers.get("x-acs-action") or {**self.query, **self.form}.get("Action")


class Driver:
    """A driver as a process, in the environment that accord gives it."""

    def __init__(self, command, home):
        environment = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", "TMPDIR": str(home)}
        self.process = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE, env=environment,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=home)
        self.log, self.lines, self.calls = [], queue.Queue(), 0
        for stream, take in ((self.process.stdout, self.lines.put), (self.process.stderr, self.log.append)):
            threading.Thread(target=self._read, args=(stream, take), daemon=True).start()
        self.hello = self.read()

    @staticmethod
    def _read(stream, take):
        with stream:
            for line in stream:
                take(line)
            take(b"")

    def read(self):
        line = self.lines.get(timeout=WAIT_S)
        if not line:
            raise AssertionError("the driver ended: " + b"".join(self.log).decode(errors="replace"))
        return json.loads(line)

    def write(self, data):
        self.process.stdin.write(data + b"\n")
        self.process.stdin.flush()

    def send(self, operation, url, params, **others):
        self.calls += 1
        line = {"id": self.calls, "operation": operation, "params": params, "endpoint": url, "region": "cn-hangzhou",
                "credentials": KEYS, "timeout_ms": 5000, **others}
        self.write(json.dumps(line, ensure_ascii=False).encode())

    def call(self, operation, url, params, **others):
        self.send(operation, url, params, **others)
        answer = self.read()
        valid("answer", answer)
        assert answer["id"] == self.calls, answer
        return answer

    def end(self):
        """The exit code after the end of standard input."""
        self.process.stdin.close()
        return self.process.wait(timeout=5)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(timeout=WAIT_S)
        self.process.stdin.close()


class Protocol:
    """What holds for every driver; a class below makes it a test of one. `probe` is an operation of it."""

    name = command = probe = None
    home = tempfile.mkdtemp(prefix="accord-drivers-")  # empty, and stays so
    params = {}
    root = ""  # where the body stands in a result
    field, success = "", {}  # a documented field, and a body that has it
    failure = {"RequestId": REQUEST_ID, "Code": "EndpointNotFound", "Message": "It is not there."}
    # What the probe gives under a fault: the kind of error, or what the result is.
    gateway, truncated = "client", "client"
    error_is_result = False
    patience_s = 4.5  # less than the timeout of other calls

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.driver = None

    @classmethod
    def tearDownClass(cls):
        cls.driver.kill()
        super().tearDownClass()

    def setUp(self):
        super().setUp()
        self.service = Service()
        self.addCleanup(self.service.close)
        if not self.driver or self.driver.process.poll() is not None:
            type(self).driver = Driver(self.command, self.home)

    def call(self, operation=None, params=None, **others):
        return self.driver.call(operation or self.probe, self.service.url, self.params if params is None else params, **others)

    def answers(self, status, body, content_type="application/json"):
        self.service.behave = lambda handler: handler.reply(status, body, content_type)

    def assert_goes_on(self):
        """Two calls in a row give what was sent: nothing of an earlier fault is left."""
        self.answers(200, self.success)
        for _ in range(2):
            self.assertEqual(self.field_of(self.call()), "right")

    def field_of(self, answer):
        pointer = self.driver.hello.get("fields", {}).get(self.probe, {}).get(self.field, self.root + self.field)
        value = answer["result"]
        for name in pointer.split("/")[1:]:
            value = value[int(name)] if isinstance(value, list) else value[name]
        return value

    # ---- lines ----

    def test_hello_says_who_it_is(self):
        hello = self.driver.hello
        valid("hello", hello)
        self.assertEqual(hello["driver"], self.name)
        self.assertEqual(hello.get("result_root", ""), self.root)
        for operation in [*hello["operations"], *hello.get("fields", {}), *hello.get("parameters", {})]:
            self.assertTrue((ROOT / "cases" / operation / "contract.json").exists(), operation)
            self.assertIn(operation, hello["operations"])

    def test_an_unknown_operation_is_unsupported(self):
        answer = self.call("alibaba/privatelink/2020-04-15/MakeCoffee")
        self.assertEqual(set(answer), {"id", "unsupported"})
        self.assertEqual(self.service.requests, [])
        self.assert_goes_on()

    def test_a_line_that_is_no_call_is_answered(self):
        for line in (b"", b"no JSON", b"[1]", b"7", b"null", b'{"id":1', b'{"operation":"x"}', b'{"id":"1"}', b'{"id":1.5}',
                     b'{"id":true}', b'{"id":null}', b"\xff\xfe", b"[" * 5000, b"x" * HUGE):
            with self.subTest(line=line[:20]):
                self.driver.write(line)
                answer = self.driver.read()
                valid("answer", answer)
                self.assertIsNone(answer["id"])
                self.assertEqual(answer["error"]["kind"], "client")
                self.assertTrue(answer["error"]["message"])
        self.assert_goes_on()

    def test_a_call_without_its_members_is_answered(self):
        for line in ({"id": 5, "operation": self.probe}, {"id": 5}, {"id": 5, "operation": 7, "params": []}):
            with self.subTest(line=line):
                self.driver.write(json.dumps(line).encode())
                answer = self.driver.read()
                valid("answer", answer)
                self.assertEqual(answer["id"], 5)
                self.assertNotIn("result", answer)
        self.assert_goes_on()

    def test_a_line_of_two_megabytes_is_a_call_like_others(self):
        self.answers(200, self.success)
        self.assertEqual(self.field_of(self.call(padding="ü\u2028" * (HUGE // 4))), "right")

    def test_it_ends_with_its_input(self):
        self.assertEqual(self.driver.end(), 0)

    def test_it_ends_with_its_input_after_calls(self):
        self.assert_goes_on()
        self.assertEqual(self.driver.end(), 0)

    def test_it_answers_the_last_call_before_it_ends(self):
        self.answers(200, self.success)
        self.driver.send(self.probe, self.service.url, self.params)
        self.assertEqual(self.driver.end(), 0)
        self.assertEqual(self.field_of(self.driver.read()), "right")

    def test_the_last_line_needs_no_end(self):
        self.driver.process.stdin.write(b'{"id":7,"operation":"a/b/c/d"}')
        self.assertEqual(self.driver.end(), 0)
        self.assertEqual(self.driver.read()["id"], 7)

    def test_it_ends_while_a_server_is_silent(self):
        reached = threading.Event()
        self.service.behave = lambda handler: (reached.set(), self.service.release.wait(WAIT_S))
        self.driver.send(self.probe, self.service.url, self.params, timeout_ms=1000)
        self.assertTrue(reached.wait(WAIT_S))
        self.assertEqual(self.driver.end(), 0)

    def test_it_leaves_its_home_empty(self):
        self.assert_goes_on()
        self.assertEqual(os.listdir(self.home), [])

    # ---- calls ----

    def test_the_result_is_what_the_sdk_returned(self):
        self.assert_goes_on()

    def test_an_error_of_the_service_has_its_members(self):
        self.answers(400, self.failure)
        answer = self.call()
        if self.error_is_result:
            self.assertEqual(answer["result"], self.failure)
        else:
            error = answer["error"]
            self.assertEqual(error["kind"], "service")
            seen = {member: error["raw"][member]["value"] if member in error.get("raw", {}) else error[member]
                    for member in ("status", "code", "message", "request_id")}
            self.assertEqual(seen, {"status": 400, "code": "EndpointNotFound", "message": "It is not there.",
                                    "request_id": REQUEST_ID})
            self.assertTrue(error["type"])
        self.assert_goes_on()

    def assert_fault(self, expected, answer):
        if "error" in answer:
            self.assertEqual(answer["error"]["kind"], expected, answer)
        else:
            self.assertEqual(answer["result"], expected)

    def test_html_of_a_gateway_is_told_as_the_sdk_tells_it(self):
        self.answers(502, "<html>Bad Gateway</html>", "text/html")
        self.assert_fault(self.gateway, self.call())
        self.assert_goes_on()

    def test_truncated_json_is_told_as_the_sdk_tells_it(self):
        self.answers(200, '{"RequestId":"1')
        self.assert_fault(self.truncated, self.call())
        self.assert_goes_on()

    def test_a_reset_is_a_transport_error(self):
        self.service.behave = lambda handler: handler.reset()
        self.assertEqual(self.call()["error"]["kind"], "transport")
        self.assert_goes_on()

    def test_a_refused_connection_is_a_transport_error(self):
        with socket.create_server(("127.0.0.1", 0)) as closed:
            url = "http://127.0.0.1:%d" % closed.getsockname()[1]
        self.assertEqual(self.call(endpoint=url)["error"]["kind"], "transport")
        self.assert_goes_on()

    def test_silence_is_a_timeout(self):
        self.assert_goes_on()  # with another timeout, which must not stay
        self.service.behave = lambda handler: self.service.release.wait(WAIT_S)
        begin = time.monotonic()
        answer = self.call(timeout_ms=300)
        self.assertEqual(answer["error"]["kind"], "timeout", answer)
        self.assertGreater(time.monotonic() - begin, 0.25)
        self.assertLess(time.monotonic() - begin, self.patience_s)
        self.service.release.set()
        self.assert_goes_on()

    def test_members_that_are_null_are_left_out(self):
        self.answers(200, self.success)
        self.call(params={**self.params, "EndpointId": "ep-1" if "EndpointId" in self.params else None, "MaxResults": None})
        request = self.service.requests[-1]
        self.assertNotIn("MaxResults", {**request.query, **request.form, **request.json})


class Signed:
    """What holds where there is an SDK, which signs."""

    def test_it_does_the_operations_of_the_vendor(self):
        contracts = {str(path.parent.relative_to(ROOT / "cases")) for prefix in self.prefixes
                     for path in (ROOT / "cases" / prefix).glob("**/contract.json")}
        self.assertEqual(set(self.driver.hello["operations"]), contracts)
        self.assertEqual(len(contracts), self.count)

    def test_its_version_is_the_locked_one(self):
        lock = json.loads((DRIVERS / self.name / "package-lock.json").read_text())
        package = lock["packages"]["node_modules/" + self.driver.hello["sdk"]]
        self.assertEqual(self.driver.hello["version"], package["version"])

    def test_every_package_is_locked_exactly(self):
        package = json.loads((DRIVERS / self.name / "package.json").read_text())
        self.assertTrue(package["private"])
        for name, version in package["dependencies"].items():
            self.assertRegex(version, r"^\d+\.\d+\.\d+$", name)

    def test_the_mock_accepts_its_signatures(self):
        codes = {"AuthFailure", "SignatureDoesNotMatch", "IncompleteSignature"}
        with Mock() as mock:
            answer = self.driver.call(self.probe, mock.url, self.params)
            wrong = self.driver.call(self.probe, mock.url, self.params, credentials={**KEYS, "access_key_secret": "other"})
        self.assertFalse(any(code in json.dumps(answer) for code in codes), answer)
        self.assertTrue(any(code in json.dumps(wrong) for code in codes), wrong)

    def test_credentials_and_endpoint_are_those_of_the_call(self):
        self.answers(200, self.success)
        other = Service()
        self.addCleanup(other.close)
        other.behave = self.service.behave
        for service, key, token in ((self.service, "AKFIRST", None), (other, "AKSECOND", "token-2"), (self.service, "AKTHIRD", None)):
            self.call(endpoint=service.url,
                      credentials={"access_key_id": key, "access_key_secret": "s", "security_token": token})
            request = service.requests[-1]
            said = json.dumps([*request.headers.items(), request.query, request.form])
            self.assertIn(key, said)
            self.assertEqual("token-2" in said, token is not None)
        self.assertEqual((len(self.service.requests), len(other.requests)), (2, 1))

    def places(self, parameter, style):
        """Where a parameter of the contract goes."""
        return parameter["in"]

    def test_every_operation_is_sent_as_its_contract_says(self):
        self.answers(200, self.success)
        for operation in self.driver.hello["operations"]:
            contract = json.loads((ROOT / "cases" / operation / "contract.json").read_text())
            flat = {p["name"]: p for p in contract["parameters"] if "." not in p["name"] and p.get("role") != "container"
                    and p["type"] in ("string", "integer", "boolean") and p["name"] not in ("Action", "Version")}
            values = {"string": "text ä/*", "integer": 7, "boolean": True}
            with self.subTest(operation=operation):
                answer = self.call(operation, {name: values[p["type"]] for name, p in flat.items()})
                self.assertNotIn("ignored", answer)
                self.assert_sent(self.service.requests[-1], operation, contract, flat)

    def assert_sent(self, request, operation, contract, flat):
        text = {"string": "text ä/*", "integer": "7", "boolean": "true"}
        self.assertIn(request.method, contract["methods"])
        if request.action() is not None:
            self.assertEqual(request.action(), operation.rsplit("/", 1)[1])
        places = {"query": request.query, "form": request.form, "body": request.json}
        for name, parameter in flat.items():
            place = self.places(parameter, contract["style"])
            if place == "path":
                self.assertIn("text ä", request.path)
            else:
                self.assertEqual(str(places[place].get(name)), text[parameter["type"]], (name, place))

    def test_values_of_a_wrong_type_are_passed_on(self):
        self.answers(200, self.success)
        self.call(params={**self.params, self.loose: "neither number nor truth"})
        request = self.service.requests[-1]
        self.assertEqual({**request.query, **request.form}.get(self.loose), "neither number nor truth")


class Nested:
    """What holds where the SDK lays lists and objects out."""

    def test_lists_count_from_one(self):
        self.answers(200, self.success)
        self.call(self.create, self.nested)
        request = self.service.requests[-1]
        sent = {**request.query, **request.form}
        for name, value in self.flattened.items():
            self.assertEqual(sent.get(name), value, name)
        self.assertFalse([name for name in sent if name.endswith(".Ipv6Address")])


class Alibaba(Signed, Nested):
    prefixes, count = ("alibaba",), 15
    probe, params = PRIVATELINK + "ListVpcEndpoints", {"RegionId": "cn-hangzhou"}
    loose = "MaxResults"
    root, field, success = "/body", "/Endpoints/0/EndpointId", {"Endpoints": [{"EndpointId": "right"}]}
    create = PRIVATELINK + "CreateVpcEndpoint"
    nested = {"Zone": [{"ZoneId": "z1", "ip": "10.0.0.1", "Ipv6Address": None}, {"ZoneId": "z2"}], "SecurityGroupId": ["a", "b"],
              "DryRun": False}
    flattened = {"Zone.1.ZoneId": "z1", "Zone.1.ip": "10.0.0.1", "Zone.2.ZoneId": "z2", "SecurityGroupId.2": "b",
                 "DryRun": "false"}

    def test_a_row_that_is_no_parameter_is_ignored(self):
        self.answers(200, self.success)
        answer = self.call(ELASTICSEARCH + "CreateVpcEndpoint", {"InstanceId": "es-1", "body": {"zoneId": "z"}})
        self.assertEqual(answer["ignored"], ["body"])

    def test_lists_of_the_json_kind_are_one_text(self):
        self.answers(200, self.success)
        self.call(VPCPEER + "ListVpcPeerConnections", {"VpcId": ["vpc-1", "vpc-2"]})
        self.assertEqual(self.service.requests[-1].form["VpcId"], '["vpc-1","vpc-2"]')

    def test_parameters_of_the_model_are_told(self):
        told = self.driver.hello["parameters"]
        self.assertIn("CrossRegionBandwidth", told[PRIVATELINK + "CreateVpcEndpoint"])
        self.assertIn("SupportedRegionList.N", told[PRIVATELINK + "CreateVpcEndpointService"])


class OpenapiClient(Alibaba, Protocol, Case):
    name = "alibaba-openapi-client"


class OpenapiCore(Alibaba, Protocol, Case):
    name = "alibaba-openapi-core"


class PopCore(Alibaba, Protocol, Case):
    name, root = "alibaba-pop-core", ""

    def places(self, parameter, style):
        return "form" if style == "rpc" else parameter["in"]


class Elasticsearch(Signed, Protocol, Case):
    name = "alibaba-elasticsearch"
    prefixes, count = (ELASTICSEARCH,), 3
    probe, params = ELASTICSEARCH + "ListVpcEndpoints", {"InstanceId": "es-cn-1"}
    loose = "size"
    root, field, success = "/body", "/Result/0/endpointId", {"RequestId": "1", "Result": [{"endpointId": "right"}]}

    def field_of(self, answer):
        self.assertEqual(self.driver.hello["fields"][self.probe]["/Result/*/endpointId"], "/body/result/*/endpointId")
        return answer["result"]["body"]["result"][0]["endpointId"]

    def test_every_operation_is_sent_as_its_contract_says(self):
        self.success = {"RequestId": "1"}
        super().test_every_operation_is_sent_as_its_contract_says()

    def test_parameters_and_fields_are_those_of_the_models(self):
        hello = self.driver.hello
        self.assertEqual(sorted(hello["parameters"][ELASTICSEARCH + "CreateVpcEndpoint"]),
                         ["ClientToken", "InstanceId", "dryRun", "serviceId", "zoneId"])
        self.assertEqual(hello["fields"][ELASTICSEARCH + "CreateVpcEndpoint"]["/Result/endpointId"], "/body/result/endpointId")
        self.assertEqual(hello["fields"][ELASTICSEARCH + "DeleteVpcEndpoint"]["/Result"], "/body/result")

    def test_a_parameter_that_the_model_lacks_is_ignored(self):
        self.answers(400, self.failure)
        answer = self.call(params={**self.params, "Unknown": "x"})
        self.assertEqual(answer["ignored"], ["Unknown"])
        self.assertNotIn("Unknown", self.service.requests[-1].query)


class Volcengine:
    prefixes, count = ("volcengine",), 4
    probe, params = VOLCENGINE + "DescribeVpcEndpoints", {"PageNumber": 1}
    loose = "PageSize"
    field = "/Result/Endpoints/0/EndpointId"
    success = {"ResponseMetadata": {"RequestId": "1"}, "Result": {"Endpoints": [{"EndpointId": "right"}]}}
    failure = {"ResponseMetadata": {"RequestId": REQUEST_ID,
                                    "Error": {"Code": "EndpointNotFound", "Message": "It is not there."}}}


class SdkCore(Volcengine, Signed, Nested, Protocol, Case):
    name, gateway, truncated = "volcengine-sdk-core", "service", '{"RequestId":"1'
    patience_s = 15  # it tries four times
    create = VOLCENGINE + "CreateVpcEndpoint"
    nested = {"Zones": [{"ZoneId": "z1", "Ipv6Address": None}, {"ZoneId": "z2"}], "SecurityGroupIds": ["a", "b"]}
    flattened = {"Zones.1.ZoneId": "z1", "Zones.2.ZoneId": "z2", "SecurityGroupIds.2": "b"}


class Openapi(Volcengine, Signed, Protocol, Case):
    name, error_is_result = "volcengine-openapi", True
    gateway, truncated = "<html>Bad Gateway</html>", '{"RequestId":"1'


class NodeSkeleton(Volcengine, Protocol, Case):
    name = "skeleton-node"
    command = ["node", DRIVERS / "skeleton/node/driver.mjs"]


class PythonSkeleton(Volcengine, Protocol, Case):
    name = "skeleton-python"
    command = [sys.executable, DRIVERS / "skeleton/python/driver.py"]


class CSkeleton(Volcengine, Protocol, Case):
    name = "skeleton-c"
    command = [os.environ.get("DRIVER_SKELETON", ROOT / "build/dev/drivers/driver_skeleton")]


class Loop(Case):
    """lib/protocol.mjs with drivers that misbehave."""

    def driver(self, call):
        path = self.folder / "driver.mjs"
        path.write_text("""
            import {serve} from '%s/lib/protocol.mjs';
            import {describer} from '%s/lib/errors.mjs';
            console.log('at the start');
            serve({
              hello: {driver: 'd', sdk: 's', version: '1', operations: ['a/b/c/d']},
              call: %s,
              describe: describer({service: () => false}),
            });""" % (DRIVERS, DRIVERS, call))
        driver = Driver(["node", path], self.folder)
        self.addCleanup(driver.kill)
        return driver

    def outcome(self, call, params=None, **others):
        driver = self.driver(call)
        first, second = [driver.call("a/b/c/d", "http://127.0.0.1:1", params or {}, timeout_ms=200, **others) for _ in range(2)]
        self.assertEqual({**first, "id": 0}, {**second, "id": 0})
        return driver, {name: value for name, value in first.items() if name != "id"}

    def test_what_an_sdk_prints_goes_to_the_log(self):
        driver, outcome = self.outcome("() => { console.log('noise'); process.stdout.write('more noise'); return 1; }")
        self.assertEqual(outcome, {"result": 1})
        driver.end()
        self.assertIn(b"noise", b"".join(driver.log))

    def test_undefined_is_null(self):
        self.assertEqual(self.outcome("() => undefined")[1], {"result": None})

    def test_a_result_that_is_no_json_is_an_error(self):
        for value in ("10n", "(() => { const a = []; a.push(a); return a; })()"):
            self.assertEqual(self.outcome("() => (%s)" % value)[1]["error"]["kind"], "client")

    def test_whatever_is_thrown_is_told(self):
        for thrown, message in (("new TypeError('bad')", "bad"), ("'just text'", "just text"), ("null", None),
                                ("undefined", None), ("{name: 'SyntaxError', message: 'plain'}", "plain")):
            with self.subTest(thrown=thrown):
                error = self.outcome("() => { throw %s; }" % thrown)[1]["error"]
                self.assertEqual((error["kind"], error["message"]), ("client", message))

    def test_an_error_outside_of_the_call_answers_it(self):
        for stray in ("setTimeout(() => { throw new Error('stray'); })", "Promise.reject(new Error('stray'))"):
            with self.subTest(stray=stray):
                error = self.outcome("() => { %s; return new Promise(() => {}); }" % stray)[1]["error"]
                self.assertEqual(error["message"], "stray")

    def test_a_call_that_ends_in_spite_of_a_stray_error_has_its_result(self):
        call = "() => { Promise.reject(new Error('stray')); return new Promise((done) => setTimeout(done, 50, 'well')); }"
        self.assertEqual(self.outcome(call)[1], {"result": "well"})

    def test_nulls_are_taken_out_at_any_depth_and_nothing_else(self):
        params = {"a": None, "b": [{"c": None, "d": 0}, None], "e": "", "f": False}
        self.assertEqual(self.outcome("({params}) => params", params)[1]["result"],
                         {"b": [{"d": 0}, None], "e": "", "f": False})

    def test_it_ends_though_a_call_never_does(self):
        driver = self.driver("() => new Promise(() => {})")
        driver.send("a/b/c/d", "http://127.0.0.1:1", {})
        self.assertEqual(driver.end(), 0)

    def test_an_sdk_that_is_not_installed_is_said_in_one_line(self):
        shutil.copytree(DRIVERS / "lib", self.folder / "lib")
        (self.folder / "d").mkdir()
        shutil.copy(DRIVERS / "volcengine-openapi/driver.mjs", self.folder / "d")
        result = subprocess.run(["node", self.folder / "d/driver.mjs"], capture_output=True, text=True, timeout=WAIT_S)
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertIn("@volcengine/openapi is not installed: run npm ci", result.stderr)
        self.assert_one_line(result.stderr)


for kind in (OpenapiClient, OpenapiCore, PopCore, Elasticsearch, SdkCore, Openapi):
    kind.command = ["node", DRIVERS / kind.name / "driver.mjs"]
    if not (DRIVERS / kind.name / "node_modules").is_dir():
        unittest.skip("not installed: ./dev install-deps")(kind)
unittest.addModuleCleanup(shutil.rmtree, Protocol.home, True)


if __name__ == "__main__":
    main()
