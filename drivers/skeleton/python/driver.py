#!/usr/bin/env python3
"""A driver to start from: one operation, sent with a plain HTTP client, unsigned. Copy this file and replace what
stands under "the SDK". docs/driver-protocol.md explains the lines."""
import http.client
import json
import os
import platform
import sys
import urllib.error
import urllib.parse
import urllib.request

OPERATION = "volcengine/privatelink/2020-04-01/DescribeVpcEndpoints"
LINE_BYTES_MAX = 16 << 20

# Standard output belongs to the protocol: whatever else prints, prints to the log.
protocol = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)


# ---- the SDK: an author imports it instead ----

opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class ApiError(Exception):
    def __init__(self, status, body):
        metadata = body.get("ResponseMetadata") or {}
        error = metadata.get("Error") or {}
        super().__init__(error.get("Message"))
        self.status, self.code, self.message = status, error.get("Code"), error.get("Message")
        self.request_id = metadata.get("RequestId")


def flatten(prefix, value):
    if isinstance(value, dict):
        children = value.items()
    elif isinstance(value, list):
        children = enumerate(value, 1)
    else:
        return [(prefix, json.dumps(value) if isinstance(value, (bool, float)) else str(value))]
    return [pair for name, child in children for pair in flatten(f"{prefix}.{name}", child)]


def describe_vpc_endpoints(endpoint, timeout, params):
    query = {"Action": "DescribeVpcEndpoints", "Version": "2020-04-01", **params}
    pairs = [pair for name, value in query.items() for pair in flatten(name, value)]
    url = f"{endpoint}/?{urllib.parse.urlencode(pairs)}"
    try:
        with opener.open(url, timeout=timeout) as response:
            return json.loads(response.read())
    except urllib.error.HTTPError as error:
        with error:
            raise ApiError(error.code, json.loads(error.read())) from error


# ---- the driver ----

def send(line):
    """The place of the SDK's call. It returns what the SDK returns and raises what the SDK raises."""
    return describe_vpc_endpoints(line["endpoint"].rstrip("/"), line["timeout_ms"] / 1000, line["params"])


def kind_of(raised):
    cause = raised.reason if isinstance(raised, urllib.error.URLError) else raised
    if isinstance(raised, ApiError):
        return "service"
    if isinstance(cause, TimeoutError):
        return "timeout"
    return "transport" if isinstance(cause, (OSError, http.client.HTTPException)) else "client"


def describe(raised):
    error = {name: getattr(raised, name, None) for name in ("status", "code", "request_id")}
    message = raised.message if isinstance(raised, ApiError) else str(raised)
    return {"kind": kind_of(raised), **error, "message": message, "type": type(raised).__name__}


def without_nulls(value):
    if isinstance(value, dict):
        return {name: without_nulls(member) for name, member in value.items() if member is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def parse(text):
    """The call, or None where the line is not one."""
    try:
        line = json.loads(text)
    except (ValueError, RecursionError):
        return None
    is_call = isinstance(line, dict) and isinstance(line.get("id"), int) and not isinstance(line["id"], bool)
    return line if is_call else None


def answer(text):
    line = parse(text) if len(text) <= LINE_BYTES_MAX else None
    if line is None:
        return {"id": None, "error": {"kind": "client", "message": "the line is not a JSON object with an integer id"}}
    if line.get("operation") != OPERATION:
        return {"id": line["id"], "unsupported": "the driver does not know the operation"}
    try:
        line["params"] = without_nulls(line.get("params") or {})
        return {"id": line["id"], "result": send(line)}
    except Exception as raised:  # whatever the SDK raises is an answer
        return {"id": line["id"], "error": describe(raised)}


def write(message):
    protocol.write(json.dumps(message).encode() + b"\n")
    protocol.flush()


write({
    "accord": 1,
    "driver": "skeleton-python",
    "sdk": "urllib",
    "version": platform.python_version(),
    "note": "A skeleton for authors of drivers: it calls no SDK and does not sign.",
    "operations": [OPERATION],
})
for text in sys.stdin.buffer:
    write(answer(text))
