"""What the end-to-end tests share: running the program, a mock as a process, hostile peers."""
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
ACCORD = os.environ.get("ACCORD", str(ROOT / "build/dev/cli/accord"))
CREATE = "alibaba/privatelink/2020-04-15/CreateVpcEndpoint"
VOLC = "volcengine/privatelink/2020-04-01/CreateVpcEndpoint"
FIVE = [
    VOLC,
    CREATE,
    "alibaba/privatelink/2020-04-15/CreateVpcEndpointService",
    "alibaba/elasticsearch/2017-06-13/CreateVpcEndpoint",
    "alibaba/vpcpeer/2022-01-01/CreateVpcPeerConnection",
]


def accord(*arguments, timeout=120, **options):
    """Runs the program; the result has returncode, stdout and stderr as text."""
    return subprocess.run([ACCORD, *map(str, arguments)], capture_output=True, text=True, errors="replace",
                          timeout=timeout, stdin=subprocess.DEVNULL, **options)


class Mock:
    """accord mock as a process of its own, on any free port."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([ACCORD, "mock", "--listen", "127.0.0.1:0", *map(str, arguments)],
                                        stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        found = re.search(r"https?://127\.0\.0\.1:\d+", line)
        if not found:
            self.process.kill()
            raise RuntimeError("the mock did not start: " + line)
        self.url = found.group(0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=30)
        self.process.stdout.close()


class Peer:
    """A server that answers every connection with what `serve(connection, request)` does."""

    def __init__(self, serve):
        self.serve = serve
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = "http://127.0.0.1:%d" % self.listener.getsockname()[1]
        self.requests = 0
        self.open = True
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while self.open:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection):
        with connection:
            connection.settimeout(20)
            try:
                data = b""
                while b"\r\n\r\n" not in data:
                    piece = connection.recv(65536)
                    if not piece:
                        return
                    data += piece
                head, _, body = data.partition(b"\r\n\r\n")
                length = re.search(rb"(?i)content-length: *(\d+)", head)
                while length and len(body) < int(length.group(1)):
                    body += connection.recv(65536)
                self.requests += 1
                self.serve(connection, head, body)
            except OSError:
                pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.open = False
        self.listener.close()


def answer(connection, body, status="200 OK", content_type="application/json"):
    if isinstance(body, str):
        body = body.encode()
    head = "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % (
        status, content_type, len(body))
    connection.sendall(head.encode() + body)


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="accord-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, True)

    def assert_exit(self, result, code):
        self.assertEqual(result.returncode, code, "stdout:\n%s\nstderr:\n%s" % (result.stdout[-4000:], result.stderr[-4000:]))

    def assert_one_line(self, text):
        self.assertEqual(len(text.strip().splitlines()), 1, text)

    def run_results(self, *arguments, **options):
        """accord run with a results stream; the process' result and the records."""
        path = self.folder / "results.ndjson"
        result = accord("run", *arguments, "--results", path, **options)
        records = [json.loads(line) for line in path.read_text().split("\n")[:-1]] if path.exists() else []
        return result, records


def cases_of(records):
    return [r for r in records if r["type"] == "case"]


def main():
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]], verbosity=1)
