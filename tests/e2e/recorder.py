"""The recorder as a process, and its journal read by code that is not ours to test."""
import dataclasses
import pathlib
import re
import signal
import socket
import struct
import subprocess
import threading

from support import ACCORD, ROOT

MARK = b"accord-journal 1\n"
ENDS = ["whole", "upstream-failed", "client-gone"]


def crc_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = (byte >> 1) ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


TABLE = crc_table()


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


@dataclasses.dataclass
class Record:
    number: int
    base_url: bytes
    method: bytes
    target: bytes
    request_headers: list
    request_body: bytes
    status: int
    response_headers: list
    response_body: bytes
    request_cut: bool
    response_cut: bool
    end: str
    why: bytes
    signer: bytes

    def header(self, name, headers=None):
        for key, value in headers if headers is not None else self.response_headers:
            if key.lower() == name.lower():
                return value
        return None


class Payload:
    def __init__(self, data):
        self.data = data
        self.at = 0

    def number(self, form):
        value, = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return value

    def text(self):
        length = self.number("I")
        if length == 0xFFFFFFFF:
            return None
        self.at += length
        return self.data[self.at - length:self.at]

    def pairs(self):
        return [(self.text(), self.text()) for _ in range(self.number("I"))]


def read_record(data):
    p = Payload(data)
    number = p.number("Q")
    _started, _duration, _first = p.number("q"), p.number("q"), p.number("q")
    status, request_cut, response_cut, end = p.number("I"), p.number("B"), p.number("B"), p.number("B")
    base_url, why, signer, _rules = p.text(), p.text(), p.text(), p.text()
    method, target, request_headers, request_body = p.text(), p.text(), p.pairs(), p.text()
    response_headers, response_body = p.pairs(), p.text()
    assert p.at == len(data)
    return Record(number, base_url, method, target, request_headers, request_body, status, response_headers,
                  response_body, bool(request_cut), bool(response_cut), ENDS[end], why, signer)


def read_journal(path, checked=True):
    """All records; a torn tail is left out. Damage is an error."""
    data = pathlib.Path(path).read_bytes()
    assert data.startswith(MARK)
    records, at = [], len(MARK)
    while at + 24 <= len(data):
        head = data[at:at + 24]
        mark, length, number, payload_crc, head_crc = struct.unpack("<4sIQII", head)
        assert mark == b"\xacREC" and crc32c(head[:20]) == head_crc, "damaged at %d" % at
        payload = data[at + 24:at + 24 + length]
        if len(payload) < length:
            break
        assert not checked or crc32c(payload) == payload_crc
        records.append(read_record(payload))
        assert records[-1].number == number
        at += 24 + length
    return sorted(records, key=lambda record: record.number)


class Recorder:
    """accord record as a process of its own, on any free port."""

    def __init__(self, folder, *arguments, listen="127.0.0.1:0", environment=None):
        self.folder = pathlib.Path(folder)
        self.journal = self.folder / "recording.journal"
        self.process = subprocess.Popen([ACCORD, "record", "--listen", listen, "--out", str(folder),
                                         *map(str, arguments)],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        self.lines = []
        line = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        if not found:
            _, err = self.process.communicate(timeout=30)
            raise RuntimeError("the recorder did not start: " + line + err)
        self.url = found.group(0)
        self.port = int(found.group(1))
        self.changed = threading.Condition()
        self.reader = threading.Thread(target=self._read_lines, daemon=True)
        self.reader.start()

    def _read_lines(self):
        for line in self.process.stderr:
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.changed.notify_all()

    def wait_for_line(self, part, seconds=20):
        with self.changed:
            if not self.changed.wait_for(lambda: any(part in line for line in self.lines), seconds):
                raise AssertionError("no line with %r among %r" % (part, self.lines))

    def wait_for_lines(self, count, seconds=20):
        with self.changed:
            if not self.changed.wait_for(lambda: len(self.lines) >= count, seconds):
                raise AssertionError("not %d lines: %r" % (count, self.lines))
            return list(self.lines)

    def stop(self):
        """Exit code and what it printed."""
        self.process.send_signal(signal.SIGTERM)
        out = self.process.stdout.read()
        code = self.process.wait(timeout=30)
        self.reader.join(30)
        self.process.stdout.close()
        self.process.stderr.close()
        return code, out

    def kill(self):
        self.process.kill()
        self.process.wait(timeout=30)
        self.reader.join(30)
        self.process.stdout.close()
        self.process.stderr.close()

    def records(self):
        return read_journal(self.journal)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.returncode is None:
            self.stop()

    def connect(self, timeout=20):
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def raw(self, data, timeout=20):
        """Sends bytes, says that there are no more, and returns all that comes back."""
        with self.connect(timeout) as connection:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            return receive_all(connection)


def receive_all(connection):
    data = b""
    try:
        while True:
            piece = connection.recv(65536)
            if not piece:
                return data
            data += piece
    except ConnectionResetError:
        return data


def statuses(data):
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d\d\d) ", data)]


class Upstream:
    """Answers what `script` says: a function of (connection, head, body) for each request of a connection, which
    returns whether the connection goes on."""

    def __init__(self, script):
        self.script = script
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.url = "http://127.0.0.1:%d" % self.port
        self.requests = []
        self.connections = 0
        self.open = True
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while self.open:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        data = b""
        with connection:
            connection.settimeout(60)
            try:
                more = True
                while more:
                    while b"\r\n\r\n" not in data:
                        piece = connection.recv(65536)
                        if not piece:
                            return
                        data += piece
                    head, _, data = data.partition(b"\r\n\r\n")
                    body, data = self._body(connection, head, data)
                    self.requests.append((head, body))
                    more = self.script(connection, head, body)
            except OSError:
                pass

    @staticmethod
    def _body(connection, head, data):
        def line():
            nonlocal data
            while b"\r\n" not in data:
                data += connection.recv(65536)
            text, _, data = data.partition(b"\r\n")
            return text

        def take(count):
            nonlocal data
            pieces = [data[:count]]
            data = data[count:]
            missing = count - len(pieces[0])
            while missing > 0:
                pieces.append(connection.recv(min(missing, 1 << 20)))
                if not pieces[-1]:
                    raise OSError("ended")
                missing -= len(pieces[-1])
            return b"".join(pieces)

        if re.search(rb"(?i)\r\ntransfer-encoding: *chunked", head):
            pieces = []
            while True:
                size = int(line().split(b";")[0], 16)
                if size == 0:
                    while line():
                        pass
                    return b"".join(pieces), data
                pieces.append(take(size))
                assert line() == b""
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        body = take(int(length.group(1))) if length else b""
        return body, data

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.open = False
        self.listener.close()


def say(connection, body, status="200 OK", headers=""):
    connection.sendall(("HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n" % (status, len(body), headers)).encode() + body)
    return True


TLS = ROOT / "tests/fixtures/tls"
