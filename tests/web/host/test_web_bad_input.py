#!/usr/bin/env python3
"""Whatever else than HTTP, WebSocket and ZWS comes to lianqin-web gets what docs/security.md says, at
once, and an honest terminal is answered afterwards."""

import os
import socket
import sys
import time

from curve import Sealed, Terminal, from_z85, read_keys
from host import Host, System, check
from websocket import BINARY, CLOSE, PING, TEXT, Ended, WebSocket

CONTINUATION = 0
AT_ONCE_S = 3.5  # the relay looks every second; libwebsockets alone would wait for four or five
MOST = 64 * 1024 + 64


class Gate:
    """The relay that is tried, before a bus of its own."""

    def __init__(self, host, data):
        self.host, self.address = host, host.address
        with open(os.path.join(data, "keys", "bus.pub"), encoding="ascii") as file:
            self.bus = from_z85(file.read().strip())
        self.keys = read_keys(os.path.join(data, "keys", "clerk.key"))
        self.head = f"Host: {self.address[0]}:{self.address[1]}\r\n".encode()

    def raw(self, data, patience_s=AT_ONCE_S):
        """All that is answered until the connection is closed, and how long that took."""
        begun = time.monotonic()
        with socket.create_connection(self.address, patience_s) as one:
            answer = b""
            try:
                one.sendall(data)
                while some := one.recv(65536):
                    answer += some
            except (ConnectionResetError, BrokenPipeError):
                pass
            except TimeoutError:
                answer += b" (and stays open)"
        return answer, time.monotonic() - begun

    def honest(self):
        """Somebody who does as he should is served."""
        terminal = Terminal(self.address, self.bus, self.keys)
        terminal.sealed.ping()
        flags, payload = terminal.sealed.receive()
        check(flags & 2 and payload.startswith(b"\x04PONG"), f"no PONG: {flags} {payload}")
        terminal.close()


def status_of(answer):
    return int(answer.split()[1]) if answer.startswith(b"HTTP/") else 0


def not_http(gate):
    """0: closed without a word, which is what libwebsockets has for heads that are too long."""
    head = gate.head
    many = b"".join(b"X-%d: 1\r\n" % i for i in range(2000))
    for what, data, wanted in (
            ("rubbish", b"\x00\x01\x02rubbish", (400,)), ("a word", b"hello\r\n\r\n", (400,)),
            ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(32), (400,)),
            ("ZMTP", b"\xff\0\0\0\0\0\0\0\1\x7f\x03\0CURVE" + bytes(47), (400,)),
            ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (400,)),
            ("an empty line", b"\r\n\r\n", (0, 400)), ("a line's end", b"\n", (0, 400)),
            ("a long header", b"GET / HTTP/1.1\r\n" + head + b"X: " + b"a" * 9000 + b"\r\n\r\n", (0, 400)),
            ("many headers", b"GET / HTTP/1.1\r\n" + head + many + b"\r\n", (0, 400)),
            ("a long path", b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n" + head + b"\r\n", (0, 400)),
            ("no Host", b"GET / HTTP/1.1\r\n\r\n", (400,)),
            ("another Host", b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", (421,)),
            ("two Hosts", b"GET / HTTP/1.1\r\n" + head + head + b"\r\n", (400, 421)),
            ("a body", b"GET / HTTP/1.1\r\n" + head + b"Content-Length: 3\r\n\r\nabc", (400,)),
            ("chunks", b"GET / HTTP/1.1\r\n" + head + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", (400,)),
            ("h2c", b"GET / HTTP/1.1\r\n" + head + b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n"
             b"HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n", (400, 403, 404))):
        answer, took_s = gate.raw(data)
        check(status_of(answer) in wanted, f"{what}: {answer[:200]}")
        check(took_s < AT_ONCE_S, f"{what} is closed after {took_s:.1f} s: {answer[:200]}")


def paths_and_methods(gate):
    close = gate.head + b"Connection: close\r\n\r\n"
    for line, wanted in ((b"GET /", 200), (b"HEAD /", 200), (b"GET /?x=1", 200), (b"GET /nothing", 404),
                         (b"GET /../../etc/passwd", 404), (b"GET /%2e%2e/%2e%2e/etc/passwd", 404),
                         (b"GET /?", 200), (b"GET /?x", 200), (b"GET /?" + b"x" * 600, 200), (b"GET /?x&y=2", 200),
                         (b"HEAD /?", 200),
                         (b"GET /etc/passwd", 404), (b"GET //etc/passwd", 404), (b"GET /bus", 426),
                         (b"POST /", 405), (b"PUT /", 405), (b"DELETE /", 405), (b"PATCH /", 405),
                         (b"OPTIONS /", 405)):
        answer, _ = gate.raw(line + b" HTTP/1.1\r\n" + close)
        check(status_of(answer) == wanted, f"{line}: {answer[:100]}")
        check(b"root:" not in answer, f"{line} shows a file")
        check(b"nosniff" in answer and b"default-src 'none'" in answer, f"{line}: without the headers")
    # A path with a NUL is no other path; libwebsockets itself hangs up on some.
    for path in (b"/%00", b"/%00index.html", b"/lead%00", b"/bus%00", b"/%00?", b"/%00?x=1", b"/" + b"%00" * 50, b"/%00" + b"a" * 600):
        for method in (b"GET ", b"HEAD "):
            answer, took_s = gate.raw(method + path + b" HTTP/1.1\r\n" + close)
            check(answer == b"" or status_of(answer) == 400, f"{method}{path[:20]}: {answer[:100]}")
            check(took_s < AT_ONCE_S, f"{path[:20]} is closed after {took_s:.1f} s")
    for path in (b"/%00", b"/%00?x"):
        check(status_of(gate.raw(b"GET " + path + b" HTTP/1.1\r\n" + close)[0]) == 400, path)
    for line in (b"FROB /", b"TRACE /", b"CONNECT x:1"):
        check(status_of(gate.raw(line + b" HTTP/1.1\r\n" + close)[0]) in (400, 405), line)


def not_this_websocket(gate):
    host = f"{gate.address[0]}:{gate.address[1]}"
    for headers, wanted, names in (
            ({"Origin": "http://evil.example"}, 403, "Origin"), ({"Origin": "null"}, 403, "Origin"),
            ({"Origin": f"http://{host}.evil.example"}, 403, "Origin"),
            ({"Origin": f"ws://{host}"}, 403, "Origin"),
            ({"Host": "evil.example", "Origin": "http://evil.example"}, 421, "web.names"),
            ({"Host": None, "Origin": None}, 400, "Host"),
            ({"Sec_WebSocket_Version": "8"}, 426, "13"), ({"Sec_WebSocket_Version": None}, 426, "13"),
            ({"Sec_WebSocket_Version": "13, 8"}, 426, "13"),
            ({"Sec_WebSocket_Key": "c2hvcnQ="}, 400, "16 bytes"), ({"Sec_WebSocket_Key": None}, 400, "16 bytes"),
            ({"Sec_WebSocket_Key": "A" * 400}, 400, "16 bytes"),
            ({"Sec_WebSocket_Protocol": "ZWS2.0"}, 400, "ZWS2.0-CURVE"),
            ({"Sec_WebSocket_Protocol": "ZWS2.0/CURVE"}, 400, "ZWS2.0-CURVE"),
            ({"Sec_WebSocket_Protocol": None}, 400, "ZWS2.0-CURVE"),
            # Of a list libwebsockets takes the first that it has, and what the relay has within is named there, too.
            *(({"Sec_WebSocket_Protocol": f"{other}, ZWS2.0-CURVE"}, 400, "ZWS2.0-CURVE")
              for other in ("http", "bus", "accept", "stray", "other")),
            ({"Connection": "keep-alive"}, 400, "Upgrade"), ({"Upgrade": "spdy"}, 403, ""),
            ({"request": "GET /%00/bus HTTP/1.1"}, 400, "%00"),
            ({"request": "GET /other HTTP/1.1"}, 404, "/bus"), ({"request": "POST /bus HTTP/1.1"}, 405, "GET"),
            ({"request": "GET /bus HTTP/1.0"}, 400, "HTTP/1.1")):
        web = WebSocket(gate.address, **headers)
        check(web.status == wanted, f"{headers}: {web.status} {web.body}")
        check(names in web.body.decode() + str(web.headers), f"{headers} is not told what is expected: {web.body}")
        web.close()
    for headers in ({"Origin": None}, {"Connection": "keep-alive, Upgrade"}, {"Origin": f"https://{host}"}):
        web = WebSocket(gate.address, **headers)
        check(web.status == 101 and web.headers["sec-websocket-protocol"] == "ZWS2.0-CURVE", f"{headers}: {web.status}")
        web.close()


def ended(gate, say, shaken):
    """The code with which it is closed (None: without one), and how long it took until it was."""
    web = WebSocket(gate.address)
    web.socket.settimeout(AT_ONCE_S)
    if shaken:
        Sealed(web, gate.bus, *gate.keys).shake_hands()
    begun, code = time.monotonic(), None
    try:
        say(web)
        while True:
            web.receive()
    except Ended as end:
        code = end.args[0] if end.args else None
    except (BrokenPipeError, ConnectionResetError):
        pass
    try:
        while web.socket.recv(65536):
            pass
    except ConnectionResetError:
        pass
    web.close()
    return code, time.monotonic() - begun


def frames_that_are_none(gate):
    """After the handshake as before it. Where the code may be lost, because more was said behind what
    was wrong, None is right too."""
    cases = (
        ("text", lambda web: web.send_frame(TEXT, b"\x00hello"), {1003}),
        ("empty", lambda web: web.send_frame(BINARY, b""), {1002}),
        ("FLAG 3", lambda web: web.send_frame(BINARY, b"\x03abc"), {1002}),
        ("FLAG 255", lambda web: web.send_frame(BINARY, b"\xff"), {1002}),
        ("a reserved opcode", lambda web: web.send_frame(3, b"\x00abc"), {1002}),
        ("a reserved control opcode", lambda web: web.send_frame(11, b"abc"), {1002}),
        ("reserved bits", lambda web: web.send_frame(BINARY, b"\x00abc", rsv=4), {1002}),
        ("a PING in pieces", lambda web: web.send_frame(PING, b"a", fin=False), {1002}),
        ("a long PING", lambda web: web.send_frame(PING, b"a" * 200), {1002, None}),
        ("a piece of nothing", lambda web: web.send_frame(CONTINUATION, b"a"), {1002}),
        ("a message within another",
         lambda web: (web.send_frame(BINARY, b"\0a", fin=False), web.send_frame(BINARY, b"\0b")), {1002}),
        ("a message too long by its head", lambda web: web.send_frame(BINARY, b"\0a", size=MOST + 1), {1009}),
        ("2^62 bytes", lambda web: web.send_frame(BINARY, b"\0a", size=1 << 62), {1009}),
        ("2^63 bytes", lambda web: web.send_frame(BINARY, b"\0a", size=1 << 63), {1009, None}),
        ("a message too long in pieces",
         lambda web: [web.send_frame(BINARY if i == 0 else CONTINUATION, bytes(1000), fin=False)
                      for i in range(70)], {1009, None}),
        ("CLOSE 1005", lambda web: web.send_frame(CLOSE, b"\x03\xed"), {1002}),
        ("a box that is none", lambda web: web.send_frame(BINARY, b"\x00\x07MESSAGE" + bytes(40)), {1011}),
        ("another box's end", lambda web: web.send_frame(BINARY, b"\x02\x05HELLO" + bytes(194)), {1011}))
    for shaken in (False, True):
        for what, say, wanted in cases:
            code, took_s = ended(gate, say, shaken)
            check(code in wanted, f"{what} is closed with {code}")
            check(took_s < AT_ONCE_S, f"{what} is closed after {took_s:.1f} s")


def what_only_looks_bad(gate):
    """A message in pieces with a PING between them, and the longest one, are heard."""
    terminal = Terminal(gate.address, gate.bus, gate.keys)
    sealed, web = terminal.sealed, terminal.web
    box = b"\x00" + sealed.seal(2, b"\x04PING\x00\x00")
    web.send_frame(BINARY, box[:5], fin=False)
    web.send_frame(PING, b"still here")
    web.send_frame(CONTINUATION, box[5:30], fin=False)
    web.send_frame(CONTINUATION, box[30:])
    check(sealed.receive()[1].startswith(b"\x04PONG"), "a message in pieces is not heard")
    sealed.send(bytes(65536))  # a request as long as one may be; no request, and so refused
    check(sealed.receive()[0] == 0, "the longest message is not heard")
    web.send_frame(CLOSE, b"\x03\xe8")
    try:
        web.receive()
        check(False, "CLOSE is not answered")
    except Ended as end:
        check(end.args[0] == 1000, f"CLOSE is answered with {end.args}")
    terminal.close()


def strangers(gate):
    """The wrong key of the bus, and a key in no list: the bus hangs up, and that is what is told."""
    from nacl import bindings  # pylint: disable=import-outside-toplevel
    other, secret = bindings.crypto_box_keypair()
    for bus, keys in ((other, gate.keys), (gate.bus, (other, secret))):
        web = WebSocket(gate.address)
        try:
            Sealed(web, bus, *keys).shake_hands()
            check(False, "a stranger is let in")
        except Ended as end:
            check(end.args[0] == 1011 and "bus" in end.args[1], f"a stranger is told {end.args}")
        except ValueError:
            pass  # ERROR of the bus
        web.close()


def slow_heads(gate):
    """A request that never ends is not waited for, however it drips."""
    for drips in (False, True):
        begun = time.monotonic()
        with socket.create_connection(gate.address, 30) as one:
            one.sendall(b"GET / HTTP/1.1\r\n")
            one.settimeout(1 if drips else 30)
            while time.monotonic() - begun < 30:
                try:
                    if drips:
                        one.sendall(b"a")
                    if not one.recv(1):
                        break
                except TimeoutError:
                    continue
                except (ConnectionResetError, BrokenPipeError):
                    break
        took_s = time.monotonic() - begun
        check(8 < took_s < 20, f"an unfinished head is closed after {took_s:.1f} s")


def main():
    with System(sys.argv[1]) as system, Host(sys.argv[1], system.data) as host:
        gate = Gate(host, system.data)
        for part in (not_http, paths_and_methods, not_this_websocket, frames_that_are_none,
                     what_only_looks_bad, strangers, slow_heads):
            part(gate)
            gate.honest()
        memory, files = host.memory()
        print(f"{memory} KiB, {files} files afterwards")
        check(files < 30, f"{files} files are left open")


main()
