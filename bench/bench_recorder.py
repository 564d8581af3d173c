#!/usr/bin/env python3
"""bench_recorder [--rounds N] [--seconds S] [--million]: the recorder beside other proxies before one upstream.

Upstream is nginx with one answer of 469 bytes; the load is wrk on one thread, with distinct URLs. Peers are nginx as
a plain reverse proxy, nginx with Lua writing a JSON line for each exchange, and mitmdump writing flows; those that are
not installed are left out (Debian: wrk nginx-light libnginx-mod-http-lua mitmproxy). All run at once and take turns,
so that a machine that changes its speed changes it for all; ratios are medians of the rounds. "added" is the
median latency of one sequential client less that without a proxy. --million: memory of the recorder over 1,000,000
exchanges instead.
"""
import argparse
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve()
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
LUA_MODULE = pathlib.Path("/usr/lib/nginx/modules/ngx_http_lua_module.so")
BODY = ('{"RequestId":"0ED8D006-F706-4D23-88ED-E11ED28DCAC0","EndpointId":"ep-bench0000000000000","Zones":"' + "x" * 400)[:466] + '"}\n'

BASE = """
worker_processes 1; daemon off; pid {dir}/{name}.pid; error_log {dir}/{name}.err warn; {main}
events {{ worker_connections 8192; }}
http {{
  {http}
  access_log {log}; keepalive_requests 100000000; default_type application/json;
  client_body_temp_path {dir}/tmp; proxy_temp_path {dir}/tmp; fastcgi_temp_path {dir}/tmp; uwsgi_temp_path {dir}/tmp;
  scgi_temp_path {dir}/tmp;
  upstream u {{ server 127.0.0.1:{upstream}; keepalive 32; keepalive_requests 100000000; }}
  server {{ listen 127.0.0.1:{port} backlog=1024; location / {{ {location} }} }}
}}
"""
PROXY = 'proxy_pass http://u; proxy_http_version 1.1; proxy_set_header Connection "";'
LUA_MAIN = "load_module /usr/lib/nginx/modules/ndk_http_module.so; load_module %s;" % LUA_MODULE
LUA_HTTP = ("log_format rec escape=json '{\"t\":\"$msec\",\"method\":\"$request_method\",\"uri\":\"$request_uri\",\"reqh\":\"$reqh\","
            "\"reqb\":\"$request_body\",\"status\":$status,\"resh\":\"$resh\",\"resb\":\"$resb\"}';")
LUA = """set $resb ""; set $reqh ""; set $resh ""; lua_need_request_body on;
    body_filter_by_lua_block { ngx.ctx.b = (ngx.ctx.b or "") .. (ngx.arg[1] or ""); if ngx.arg[2] then
      ngx.var.resb = ngx.ctx.b; ngx.var.reqh = ngx.req.raw_header(true);
      local t = {}; for k, v in pairs(ngx.resp.get_headers()) do t[#t+1] = k .. ": " .. tostring(v) end
      ngx.var.resh = table.concat(t, "\\n") end } """
WRK = """local n = 0
request = function() n = n + 1; return wrk.format("GET", "/?Action=CreateVpcEndpoint&Version=2020-04-15&VpcId=vpc-" .. n) end
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Bench:
    def __init__(self, folder, accord):
        self.folder, self.accord = folder, accord
        (folder / "tmp").mkdir()
        (folder / "load.lua").write_text(WRK)
        self.processes, self.ports = {}, {}

    def start(self, name, command, port):
        log = open(self.folder / (name.replace(" ", "-") + ".log"), "wb")
        self.processes[name] = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
                                                env=dict(os.environ, HOME=str(self.folder)))
        self.ports[name] = port
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.processes[name].poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        sys.exit("bench_recorder: %s did not start" % name)

    def nginx(self, name, **members):
        port = free_port()
        fields = {"dir": self.folder, "name": name.replace(" ", "-"), "port": port, "upstream": self.ports.get("direct", 1), "main": "",
                  "http": "", "log": "off", "location": PROXY, **members}
        path = self.folder / (fields["name"] + ".conf")
        path.write_text(BASE.format(**fields))
        self.start(name, [NGINX, "-c", path, "-e", self.folder / (fields["name"] + ".err")], port)

    def start_all(self):
        self.nginx("direct", location="return 200 '%s';" % BODY)
        self.nginx("nginx")
        if LUA_MODULE.exists():
            self.nginx("nginx with Lua", main=LUA_MAIN, http=LUA_HTTP, log="%s/lua.jsonl rec" % self.folder, location=LUA + PROXY)
        for name, arguments in (("accord record", []), ("accord record, disk", ["--sync", "disk"])):
            port = free_port()
            self.start(name, [self.accord, "record", "--upstream", self.upstream(), "--listen", "127.0.0.1:%d" % port,
                              "--pass-through", "--out", self.folder / name.replace(" ", "-"), *arguments], port)
        if shutil.which("mitmdump"):
            port = free_port()
            self.start("mitmdump", ["mitmdump", "-q", "--set", "confdir=%s/mitm" % self.folder, "--mode", "reverse:" + self.upstream(),
                                    "--listen-host", "127.0.0.1", "-p", str(port), "-w", self.folder / "flows"], port)

    def upstream(self):
        return "http://127.0.0.1:%d" % self.ports["direct"]

    def load(self, name, connections, seconds):
        """Requests a second, median latency in microseconds."""
        out = subprocess.run(["wrk", "-t1", "-c%d" % connections, "-d%gs" % seconds, "--latency", "-s", self.folder / "load.lua",
                              "http://127.0.0.1:%d" % self.ports[name]], capture_output=True, text=True, timeout=seconds + 60).stdout
        rate = re.search(r"Requests/sec:\s+([\d.]+)", out)
        median = re.search(r"(?m)^\s+50%\s+([\d.]+)(us|ms|s)", out)
        if not rate or not median or "Non-2xx" in out or "Socket errors" in out:
            sys.exit("bench_recorder: %s: wrk said:\n%s" % (name, out))
        return float(rate.group(1)), float(median.group(1)) * {"us": 1, "ms": 1e3, "s": 1e6}[median.group(2)]

    def memory(self, name):
        text = pathlib.Path("/proc/%d/status" % self.processes[name].pid).read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1024

    def stop(self):
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(30)


def compare(bench, rounds, seconds):
    bench.start_all()
    rates, latencies = {name: [] for name in bench.ports}, {name: [] for name in bench.ports}
    for number in range(-1, rounds):
        for name in bench.ports:
            rate, _ = bench.load(name, 16, seconds)
            _, latency = bench.load(name, 1, seconds)
            if number >= 0:  # the first round warms up
                rates[name].append(rate)
                latencies[name].append(latency)
    print("%-22s %14s %10s %14s %10s %8s" % ("proxy", "requests/s c16", "of nginx", "median us c1", "added us", "MiB"))
    for name in bench.ports:
        ratio = statistics.median(a / b for a, b in zip(rates[name], rates["nginx"]))
        added = statistics.median(a - b for a, b in zip(latencies[name], latencies["direct"]))
        print("%-22s %14.0f %9.0f%% %14.0f %10.0f %8.0f" % (name, statistics.median(rates[name]), 100 * ratio,
                                                           statistics.median(latencies[name]), added, bench.memory(name)))


def million(bench, seconds):
    bench.start_all()
    done = 0
    while done < 1000000:
        rate, _ = bench.load("accord record", 16, seconds)
        done += int(rate * seconds)
        print("after %8d exchanges: %.1f MiB" % (done, bench.memory("accord record")), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--million", action="store_true")
    options = parser.parse_args()
    accord = os.environ.get("ACCORD") or str(HERE.parent.parent / "cli/accord")
    if not shutil.which("wrk") or not pathlib.Path(NGINX).exists():
        print("bench_recorder: left out: wrk and nginx are not installed (Debian: wrk nginx-light libnginx-mod-http-lua mitmproxy)")
        return
    folder = pathlib.Path(tempfile.mkdtemp(prefix="accord-bench-"))
    bench = Bench(folder, accord)
    try:
        if options.million:
            million(bench, options.seconds)
        else:
            compare(bench, options.rounds, options.seconds)
    finally:
        bench.stop()
        shutil.rmtree(folder, ignore_errors=True)


main()
