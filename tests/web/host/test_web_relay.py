#!/usr/bin/env python3
"""A terminal in another language that speaks CURVE over WebSocket, through lianqin-web to the real bus
and services: it asks, commands and follows like one over TCP, and comes back after the bus, the relay
or both were started again. Then the relay as lq up starts it."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from curve import Client, Ended, WebClient, from_z85, read_keys
from host import Host, PATIENCE_S, System, check
from websocket import WebSocket, open_socket

from client import load_messages  # of tests/protocol, which curve.py has put there

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..")


def wait_until(true, what):
    until = time.monotonic() + PATIENCE_S
    while not true():
        check(time.monotonic() < until, what)
        time.sleep(0.1)


class World:
    """The clerk, over WebSocket and over TCP."""

    def __init__(self, system, host, messages):
        self.system, self.host, self.messages = system, host, messages
        keys = os.path.join(system.data, "keys")
        self.key_path = os.path.join(keys, "clerk.key")
        with open(os.path.join(keys, "bus.pub"), encoding="ascii") as file:
            self.bus_text = file.read().strip()

    def by_web(self, address=None, tls=None):
        return WebClient(self.messages.lq, address or self.host.address, from_z85(self.bus_text),
                         read_keys(self.key_path), tls)

    def by_tcp(self):
        with open(os.path.join(self.system.data, "run", "endpoint"), encoding="ascii") as file:
            endpoint = file.read().strip()
        with open(self.key_path, encoding="ascii") as file:
            keys = dict(line.split(" ", 1) for line in file.read().splitlines())
        return Client(self.messages.lq, endpoint, self.bus_text, (keys["public"], keys["secret"]))

    def again(self):
        """Connects as a page does: again and again, until it is let in."""
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                client = self.by_web()
                client.status("bus")
                return client
            except (Ended, OSError, AssertionError):
                check(time.monotonic() < until, "nobody is let in again")
                time.sleep(0.2)


def the_page(lq):
    """Files of any size, plain and packed, several on one connection, and not again if they are the same; with
    the longest headers that the settings allow."""
    with tempfile.TemporaryDirectory() as folder:
        large = os.urandom(3 * 1024 * 1024)
        for name, data in (("index.html", b"<p>"), ("large.js", large), ("large.js.gz", b"packed"), ("empty.css", b"")):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(data)
        names = ", ".join(chr(ord("a") + i) * 63 + "." + "x" * 60 + "." + "y" * 60 + "." + "z" * 60 for i in range(8))
        with Host(lq, folder, settings=f"web:\n  names: [{names}]\n", page=folder) as host:
            web = WebSocket.__new__(WebSocket)
            web.socket, web.kept = open_socket(host.address), b""
            def ask(line, more=""):
                web.socket.sendall(f"{line} HTTP/1.1\r\nHost: 127.0.0.1\r\n{more}\r\n".encode())
                return web.read_answer(line.startswith("HEAD"))
            for _ in range(3):
                status, headers, body = ask("GET /large.js")
                check(status == 200 and body == large, f"the large file: {status} {len(body)}")
                check(ask("GET /large.js", f"If-None-Match: {headers['etag']}\r\n")[0] == 304, "it is sent again")
                check(ask("GET /large.js", "Accept-Encoding: br, gzip\r\n")[2] == b"packed", "the packed file")
                status, headers, body = ask("HEAD /large.js")
                check(status == 200 and headers["content-length"] == str(len(large)) and not body, "HEAD")
                check(ask("GET /empty.css")[0] == 200 and ask("GET /")[2] == b"<p>", "on one connection")
            web.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            web.socket.sendall(b"GET /large.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            before = host.memory()[0]
            time.sleep(1)  # it is not read, and not kept a second time for who does not read
            check(host.memory()[0] - before < 1024, f"{host.memory()[0] - before} KiB for a slow reader")
            check(web.read_answer()[2] == large, "the large file, slowly")
            web.close()


def asks_and_commands(w):
    shift = w.messages.shift
    clerk = w.by_web()
    check(clerk.status("bus").service == "bus", "the bus does not answer")
    person = shift.Person(badge="P9001", name="韩卫东", unit="公安局", role=w.messages.lq.OFFICER)
    data = clerk.command_bytes(shift.Command(register_person=person))
    first = clerk.call("shift", "command", data).outcome
    check(clerk.call("shift", "command", data).outcome == first, "the same bytes again are decided anew")
    rejected = clerk.rejected("shift", shift.Command(register_person=person))
    check(rejected.code == "PERSON_KNOWN", rejected.code)
    clerk.close()


def follows_as_over_tcp(w):
    """A campaign's records: replies of any size, the same as over TCP, byte for byte."""
    code, _, said = w.system.import_folder(os.path.join(ROOT, "configs", "xian"))
    check(code in (0, 1), f"import: {code} {said}")
    web, tcp = w.by_web(), w.by_tcp()
    sizes = 0
    for service in ("ledger", "dispatch", "seizure"):
        over_web = web.fetch_all(service)
        over_tcp = tcp.fetch_all(service)
        check(len(over_web) > 0 and list(over_web) == list(over_tcp), f"{service} differs over WebSocket")
        sizes = max(sizes, web.fetch(service, 0).ByteSize())
    check(sizes > 64 * 1024, f"no reply is longer than the relay reads ahead: {sizes}")
    parked = web.request("ledger", "fetch", w.messages.lq.Fetch(
        after=len(web.fetch_all("ledger")), wait_ms=20000).SerializeToString())
    web.send(parked)
    check(web.receive(300) is None, "a parked fetch is answered at once")
    ledger = w.messages.ledger
    tcp.accepted("ledger", ledger.Command(register_premises=ledger.Premises(
        number="X-0999", name="测试铸造厂", township="垒头乡", standing=ledger.ENTERPRISE)))
    told = web.receive(5000)
    check(told is not None and told.correlation == parked.correlation, "a parked fetch is not woken")
    web.close()
    tcp.close()


def comes_back_after_the_bus(w):
    """A bus that is started again listens at another port here; the relay finds it."""
    clerk = w.by_web()
    clerk.status("bus")
    w.system.stop()
    try:
        clerk.status("bus", deadline_ms=5000)
        check(False, "a bus that is gone answers")
    except Ended as end:
        check(end.args[:1] == (1011,), f"who was connected is told {end.args}")
    clerk.close()
    try:
        w.by_web()
        check(False, "a bus that is gone lets somebody in")
    except Ended as end:
        check(end.args == (1013, "the bus is not reached"), f"who comes now is told {end.args}")
    w.system.start()
    w.system.wait_until_up()
    w.again().close()
    w.system.kill("bus")
    w.again().close()


def comes_back_after_the_relay(w):
    clerk = w.by_web()
    clerk.status("bus")
    w.host.stop()
    try:
        clerk.socket.sealed.receive()
        check(False, "a relay that is gone answers")
    except Ended as end:
        check(end.args[:1] == (1001,), f"who was connected is told {end.args}")
    w.host.start()
    w.again().close()


def what_answers_is_no_bus(w):
    """A program that is no bus at the bus's address, and one that says nothing."""
    for says, wanted in ((b"220 mail.example ESMTP and so on, for sixty-four bytes at the very least\r\n", 1011),
                         (b"", 1013)):
        with socket.create_server(("127.0.0.1", 0)) as other:
            endpoint = f"tcp://127.0.0.1:{other.getsockname()[1]}"
            with Host(w.system.lq_path, w.system.data, "--bus", endpoint) as host:
                web = WebSocket(host.address)
                one, _ = other.accept()
                one.sendall(says)
                if not says:
                    one.close()
                try:
                    web.receive()
                    check(False, "nobody says that it is no bus")
                except Ended as end:
                    check(end.args[0] == wanted, f"who waits for a bus is told {end.args}")
                one.close()
                web.close()


class WithPage(System):
    """As lq up starts it where the page has an address of its own."""

    up_options = ()

    def start(self):
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.port = one.getsockname()[1]
        os.makedirs(os.path.join(self.data, "config"), exist_ok=True)
        with open(os.path.join(self.data, "config", "lianqin.yaml"), "w", encoding="utf-8") as file:
            file.write(f"web:\n  listen: http://127.0.0.1:{self.port}\n")
        super().start()

    def said(self):
        with open(self.log.name, encoding="utf-8", errors="replace") as log:
            return log.read()


def child(system):
    """The process id of lianqin-web below lq up."""
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/cmdline", "rb") as line:
                words = line.read().split(b"\0")
            with open(f"/proc/{entry}/stat", encoding="utf-8") as stat:
                parent = int(stat.read().rsplit(")", 1)[1].split()[1])
        except (OSError, IndexError):
            continue
        if words[0].endswith(b"lianqin-web") and parent == system.up.pid:
            return int(entry)
    return None


def under_lq_up(lq, messages):
    with WithPage(lq) as system:
        w = World(system, None, messages)
        address = ("127.0.0.1", system.port)
        wait_until(lambda: f"the page is at http://127.0.0.1:{system.port}/" in system.said(), system.said())
        w.by_web(address).close()
        first = child(system)
        os.kill(first, 9)
        wait_until(lambda: child(system) not in (None, first), "lianqin-web is not started again")
        wait_until(lambda: system.said().count("the page is at") == 2, system.said())
        w.by_web(address).close()
        other = os.path.join(system.directory, "other")
        os.makedirs(os.path.join(other, "config"))
        shutil.copy(os.path.join(system.data, "config", "lianqin.yaml"), os.path.join(other, "config"))
        code, said = run_for_a_moment([lq, "--data", other, "up", "--listen", "tcp://127.0.0.1:*"])
        check(code != 0 and "is taken" in said and "web.listen" in said and "--no-web" in said, said)


def refused_settings(lq):
    """Each says which key, and what would do."""
    with tempfile.TemporaryDirectory() as folder:
        for text, names in (("listen: http://0.0.0.0:7480", "web.tls_listen"),
                            ("listen: https://127.0.0.1:7480", "http://HOST:PORT"),
                            ("listen: http://127.0.0.1:7480/desk", "http://HOST:PORT"),
                            ("tls_listen: https://0.0.0.0:7443", "web.certificate"),
                            ("names: ['a b']", "a host's name"), ("connections: 0", "1"),
                            ("paeg: x", "page")):
            path = os.path.join(folder, "lianqin.yaml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(f"web:\n  {text}\n")
            host = os.path.join(os.path.dirname(os.path.abspath(lq)), "lianqin-web")
            done = run_for_a_moment([host, "--data", folder, "--settings", path])
            check(done[0] == 1 and names in done[1] and "lianqin.yaml" in done[1], f"{text}: {done}")
        check(run_for_a_moment([host, "--what"])[0] == 2, "a wrong option is taken")
        check(re.match(r"lianqin-web \(Lianqin\) [0-9.]+", run_for_a_moment([host, "--version"])[1]), "no version")


def run_for_a_moment(words):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=60,
                          check=False)
    return done.returncode, done.stdout + done.stderr


def main():
    lq = sys.argv[1]
    refused_settings(lq)
    the_page(lq)
    with tempfile.TemporaryDirectory() as generated:
        messages = load_messages(os.path.join(ROOT, "proto"), generated)
        with System(lq) as system, Host(lq, system.data) as host:
            w = World(system, host, messages)
            for part in (asks_and_commands, follows_as_over_tcp, comes_back_after_the_bus,
                         comes_back_after_the_relay, what_answers_is_no_bus):
                print(part.__name__, flush=True)
                part(w)
        under_lq_up(lq, messages)


main()
