"""The four signature schemes, written again from the vendors' pages, so that what the recorder makes is judged by code
that is not ours to test."""
import base64
import datetime
import hashlib
import hmac
import urllib.parse


def encode(text):
    return urllib.parse.quote(text, safe="-_.~")


def canonical_query(pairs):
    return "&".join(encode(name) + "=" + encode(value) for name, value in sorted(pairs))


def pairs_of(text):
    return urllib.parse.parse_qsl(text, keep_blank_values=True)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def hmac256(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def now(form):
    return datetime.datetime.now(datetime.timezone.utc).strftime(form)


class Request:
    def __init__(self, method, target, headers=(), body=b""):
        self.method = method
        self.path, _, self.query = target.partition("?")
        self.headers = [(name.lower(), value) for name, value in headers]
        self.body = body

    @classmethod
    def of(cls, head, body):
        """What an upstream received."""
        lines = head.decode("latin-1").split("\r\n")
        method, target, _ = lines[0].split(" ")
        return cls(method, target, [tuple(part.strip() for part in line.split(":", 1)) for line in lines[1:]], body)

    def header(self, name):
        return next((value for key, value in self.headers if key == name), "")

    @property
    def target(self):
        return self.path + ("?" + self.query if self.query else "")

    def wire(self):
        head = "%s %s HTTP/1.1\r\n" % (self.method, self.target)
        head += "".join("%s: %s\r\n" % pair for pair in self.headers)
        if self.body:
            head += "Content-Length: %d\r\n" % len(self.body)
        return head.encode() + b"\r\n" + self.body


# ---- ACS3-HMAC-SHA256 ----

def acs3_signature(request, names, secret):
    headers = "".join("%s:%s\n" % (name, request.header(name).strip()) for name in names)
    canonical = "\n".join([request.method, request.path, canonical_query(pairs_of(request.query)), headers,
                           ";".join(names), sha256(request.body)])
    return hmac256(secret.encode(), "ACS3-HMAC-SHA256\n" + sha256(canonical.encode())).hex()


def acs3_sign(request, key, secret, token=None):
    request.headers += [("x-acs-action", "DescribeX"), ("x-acs-version", "2020-04-15"),
                        ("x-acs-date", now("%Y-%m-%dT%H:%M:%SZ")), ("x-acs-signature-nonce", "nonce-of-client"),
                        ("x-acs-content-sha256", sha256(request.body))]
    if token:
        request.headers += [("x-acs-security-token", token), ("x-acs-accesskey-id", key)]
    names = sorted(name for name, _ in request.headers if name == "host" or name.startswith("x-acs-"))
    signature = acs3_signature(request, names, secret)
    request.headers.append(("authorization", "ACS3-HMAC-SHA256 Credential=%s,SignedHeaders=%s,Signature=%s" % (
        key, ";".join(names), signature)))


def acs3_check(request, key, secret, token=None):
    grant = dict(part.split("=", 1) for part in request.header("authorization").split(" ", 1)[1].split(","))
    names = grant["SignedHeaders"].split(";")
    assert grant["Credential"] == key and "host" in names
    assert request.header("x-acs-security-token") == (token or "")
    assert request.header("x-acs-content-sha256") == sha256(request.body)
    assert grant["Signature"] == acs3_signature(request, names, secret)


# ---- RPC HMAC-SHA1 ----

def rpc_signature(method, pairs, secret):
    text = method + "&%2F&" + encode(canonical_query(pairs))
    return base64.b64encode(hmac.new((secret + "&").encode(), text.encode(), hashlib.sha1).digest()).decode()


def rpc_sign(request, key, secret, token=None):
    added = [("AccessKeyId", key), ("SignatureMethod", "HMAC-SHA1"), ("SignatureVersion", "1.0"),
             ("SignatureNonce", "nonce-of-client"), ("Timestamp", now("%Y-%m-%dT%H:%M:%SZ")), ("Format", "JSON")]
    added += [("SecurityToken", token)] if token else []
    pairs = pairs_of(request.query) + pairs_of(request.body.decode()) + added
    text = urllib.parse.urlencode(added + [("Signature", rpc_signature(request.method, pairs, secret))])
    if request.method == "POST" and request.body:
        request.body += b"&" + text.encode()
    else:
        request.query += "&" + text


def rpc_check(request, key, secret, token=None):
    pairs = pairs_of(request.query) + pairs_of(request.body.decode())
    said = dict(pairs)
    assert len(said) == len(pairs) and said["AccessKeyId"] == key, pairs
    assert said.get("SecurityToken") == token
    signature = said["Signature"]
    assert signature == rpc_signature(request.method, [p for p in pairs if p[0] != "Signature"], secret)


# ---- ROA HMAC-SHA1 ----

def roa_signature(request, secret):
    headers = "".join("%s:%s\n" % pair for pair in sorted(request.headers) if pair[0].startswith("x-acs-"))
    query = "&".join(name + ("=" + value if value else "") for name, value in sorted(pairs_of(request.query)))
    text = "\n".join([request.method, request.header("accept"), request.header("content-md5"),
                      request.header("content-type"), request.header("date"),
                      headers + request.path + ("?" + query if query else "")])
    return base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha1).digest()).decode()


def roa_sign(request, key, secret, token=None):
    request.headers += [("accept", "application/json"), ("date", now("%a, %d %b %Y %H:%M:%S GMT")),
                        ("x-acs-version", "2017-06-13"), ("x-acs-signature-nonce", "nonce-of-client"),
                        ("x-acs-signature-method", "HMAC-SHA1"), ("x-acs-signature-version", "1.0")]
    if token:
        request.headers += [("x-acs-security-token", token), ("x-acs-accesskey-id", key)]
    request.headers.append(("authorization", "acs %s:%s" % (key, roa_signature(request, secret))))


def roa_check(request, key, secret, token=None):
    assert request.header("x-acs-security-token") == (token or "")
    assert request.header("authorization") == "acs %s:%s" % (key, roa_signature(request, secret))


# ---- Volcengine HMAC-SHA256 ----

def volc_signature(request, names, scope, secret):
    headers = "".join("%s:%s\n" % (name, " ".join(request.header(name).split())) for name in names)
    canonical = "\n".join([request.method, request.path, canonical_query(pairs_of(request.query)), headers,
                           ";".join(names), sha256(request.body)])
    text = "HMAC-SHA256\n%s\n%s\n%s" % (request.header("x-date"), "/".join(scope), sha256(canonical.encode()))
    key = secret.encode()
    for part in scope:
        key = hmac256(key, part)
    return hmac256(key, text).hex()


def volc_sign(request, key, secret, token=None):
    date = now("%Y%m%dT%H%M%SZ")
    request.headers.append(("x-date", date))
    if request.body:
        request.headers.append(("x-content-sha256", sha256(request.body)))
    if token:
        request.headers.append(("x-security-token", token))
    names = sorted(name for name, _ in request.headers if name in ("host", "x-date", "x-content-sha256",
                                                                  "x-security-token"))
    scope = [date[:8], "cn-beijing", "privatelink", "request"]
    request.headers.append(("authorization", "HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s" % (
        key, "/".join(scope), ";".join(names), volc_signature(request, names, scope, secret))))


def volc_check(request, key, secret, token=None):
    grant = dict(part.strip().split("=", 1) for part in request.header("authorization").split(" ", 1)[1].split(","))
    said, *scope = grant["Credential"].split("/")
    names = grant["SignedHeaders"].split(";")
    assert said == key and scope[1:] == ["cn-beijing", "privatelink", "request"]
    assert request.header("x-security-token") == (token or "")
    assert grant["Signature"] == volc_signature(request, names, scope, secret)


# name: (sign, check, a request to sign)
SCHEMES = {
    "acs3-hmac-sha256": (acs3_sign, acs3_check, lambda host: Request(
        "POST", "/?RegionId=cn-x&Name=a%20b", [("Host", host), ("Content-Type", "application/json")], b'{"a":1}')),
    "acs-rpc-hmac-sha1": (rpc_sign, rpc_check, lambda host: Request(
        "GET", "/?Action=DescribeX&Version=2020-04-15&Name=a%20b%2Bc", [("Host", host)])),
    "acs-rpc-hmac-sha1 form": (rpc_sign, rpc_check, lambda host: Request(
        "POST", "/", [("Host", host), ("Content-Type", "application/x-www-form-urlencoded")],
        b"Action=DescribeX&Version=2020-04-15&Name=a+b")),
    "acs-roa-hmac-sha1": (roa_sign, roa_check, lambda host: Request(
        "POST", "/openapi/instances/es-1/vpc-endpoints?b=2&a=1", [("Host", host), ("Content-Type", "application/json")],
        b'{"a":1}')),
    "volc-hmac-sha256": (volc_sign, volc_check, lambda host: Request(
        "GET", "/?Action=DescribeX&Version=2020-04-01&Name=a%20b", [("Host", host)])),
}
