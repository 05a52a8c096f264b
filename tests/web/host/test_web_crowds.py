#!/usr/bin/env python3
"""Many who do nothing, some who read nothing, some who never stop: lianqin-web keeps within its bounds,
and others are served meanwhile. crowd.py has the same with 2,000 (scripts/bench web)."""

import os
import select
import socket
import sys
import threading
import time

from curve import Ended, Sealed, Terminal, from_z85, read_keys
from host import PATIENCE_S, Host, System, check
from websocket import BINARY, PING, WebSocket

IDLE = 150
WAITING = 64 * 1024


class Crowd:
    def __init__(self, host, data):
        self.host, self.address = host, host.address
        with open(os.path.join(data, "keys", "bus.pub"), encoding="ascii") as file:
            self.bus = from_z85(file.read().strip())
        self.keys = read_keys(os.path.join(data, "keys", "clerk.key"))

    def terminal(self):
        return Terminal(self.address, self.bus, self.keys)

    def honest_s(self):
        """How long it takes to be answered."""
        begun = time.monotonic()
        terminal = self.terminal()
        terminal.sealed.ping()
        check(terminal.sealed.receive()[1].startswith(b"\x04PONG"), "no PONG")
        terminal.close()
        return time.monotonic() - begun


def idle(crowd):
    """They come and go, and leave nothing."""
    time.sleep(1)  # until who was here before has gone
    before = crowd.host.memory()
    terminals = [crowd.terminal() for _ in range(IDLE)]
    with_them = crowd.host.memory()
    each = (with_them[0] - before[0]) / IDLE
    print(f"{IDLE} idle: {each:.1f} KiB each (sanitized builds keep more), {(with_them[1] - before[1]) / IDLE} files each")
    check(with_them[1] - before[1] == 2 * IDLE, f"{with_them[1] - before[1]} files for {IDLE}")
    check(crowd.host.log().count("\n") < 20, f"they fill the log: {crowd.host.log()}")
    for terminal in terminals:
        terminal.close()
    until = time.monotonic() + 20
    while crowd.host.memory()[1] != before[1]:
        check(time.monotonic() < until, f"{crowd.host.memory()[1] - before[1]} files are left")
        time.sleep(0.1)


def fill(web, frame):
    """Sends until the other side takes no more; how many bytes went."""
    web.socket.setblocking(False)
    sent = 0
    while select.select([], [web.socket], [], 2)[1]:
        try:
            sent += web.socket.send(frame)
        except BlockingIOError:
            pass
        except (BrokenPipeError, ConnectionResetError):
            break
        if sent > 64 * 1024 * 1024:
            break
    return sent


def box_of(terminal):
    """A PING in a box of its own, masked with zeros."""
    box = b"\x00" + terminal.sealed.seal(2, b"\x04PING\x00\x00" + bytes(16))
    return bytes([0x82, 0x80 | len(box), 0, 0, 0, 0]) + box


def ping_until_full(terminal):
    """How many PINGs went until no more were taken for two seconds, and what is left of the last."""
    count, left = 0, b""
    terminal.web.socket.setblocking(False)
    while select.select([], [terminal.web.socket], [], 2)[1]:
        if not left:  # many at once: the kernel drops what comes in small packets
            count, left = count + 500, b"".join(box_of(terminal) for _ in range(500))
        try:
            left = left[terminal.web.socket.send(left):]
        except BlockingIOError:
            pass
        check(count < 1000000, "PING after PING is taken from one who reads nothing")
    terminal.web.socket.settimeout(5 * PATIENCE_S)  # of all that is left together
    return count, left


def who_reads_nothing(crowd):
    """PING after PING in boxes, whose answers are not read: the bus is read no further, and then the
    browser neither. Once he reads, they come in their order, and the rest of what he says is taken."""
    before = crowd.host.memory()[0]
    terminal = crowd.terminal()
    terminal.web.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    count, left = ping_until_full(terminal)
    kept = crowd.host.memory()[0] - before
    print(f"who reads nothing: {count} PINGs, {kept} KiB kept")
    check(kept < 4 * 1024, f"{kept} KiB are kept for one who reads nothing")
    check(crowd.honest_s() < 10, "others wait for one who reads nothing")
    rest = threading.Thread(target=lambda: terminal.web.socket.sendall(left))
    rest.start()
    answers = 0
    while answers < count and rest.is_alive():
        check(terminal.sealed.receive()[1].startswith(b"\x04PONG"), "no PONG")
        answers += 1
    rest.join()
    print(f"who reads again: what was left of the PINGs is taken after {answers} PONGs")
    terminal.close()


def a_bus_that_reads_nothing(crowd, lq, data):
    """The other way round: what a browser sends waits within its bounds, and it is read no further."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        with Host(lq, data, "--bus", f"tcp://127.0.0.1:{deaf.getsockname()[1]}") as host:
            web = WebSocket(host.address)
            one, _ = deaf.accept()
            before = host.memory()[0]
            body = bytes(16000)
            sent = fill(web, bytes([0x82, 0xFE, len(body) >> 8, len(body) & 255, 0, 0, 0, 0]) + body)
            kept = host.memory()[0] - before
            print(f"a bus that reads nothing: {sent} bytes sent, {kept} KiB kept")
            check(sent < 32 * 1024 * 1024, "a browser is read without end")
            check(kept < 8 * 1024, f"{kept} KiB are kept for a bus that reads nothing")
            used = host.cpu_s()
            time.sleep(2)
            check(host.cpu_s() - used < 0.5, f"waiting takes {host.cpu_s() - used} s of 2")
            one.close()
            web.close()


def floods(crowd):
    """PING of WebSocket, small messages that are none, connections that say nothing: for some seconds,
    from four at once."""
    webs = [WebSocket(crowd.address) for _ in range(4)]
    for web in webs:
        Sealed(web, crowd.bus, *crowd.keys).shake_hands()
        web.socket.setblocking(False)
    before, until, slowest = crowd.host.memory()[0], time.monotonic() + 5, 0
    pings = bytes([0x80 | PING, 0x84, 0, 0, 0, 0]) + b"ping"
    while time.monotonic() < until:
        for web in webs:
            try:
                web.socket.send(pings * 500)
            except BlockingIOError:
                pass
            try:
                web.socket.recv(65536)
            except BlockingIOError:
                pass
        for _ in range(20):
            socket.create_connection(crowd.address).close()
        slowest = max(slowest, crowd.honest_s())
    kept = crowd.host.memory()[0] - before
    print(f"floods: others answered within {slowest:.2f} s, {kept} KiB kept")
    check(slowest < 10, f"others wait {slowest:.1f} s during a flood")
    check(kept < 16 * 1024, f"a flood keeps {kept} KiB")
    for web in webs:
        web.close()


def too_many(lq, data):
    """One more than web.connections is closed at once and said once; when one has left there is room."""
    with Host(lq, data, settings="web:\n  connections: 20\n") as host:
        crowd = Crowd(host, data)
        terminals = [crowd.terminal() for _ in range(20)]
        for _ in range(50):
            with socket.create_connection(host.address, 10) as one:
                try:
                    check(one.recv(1) == b"", "one too many is not closed")
                except ConnectionResetError:
                    pass
        check(host.log().count("no more are taken (web.connections)") == 1, host.log())
        terminals[0].sealed.ping()
        check(terminals[0].sealed.receive()[1].startswith(b"\x04PONG"), "one of the many is forgotten")
        terminals.pop().close()
        time.sleep(1)
        crowd.terminal().close()
        for terminal in terminals:
            terminal.close()


def few_files(lq, data):
    """It raises its own limit; where it may not, it takes fewer connections, and says so."""
    with Host(lq, data, settings="web:\n  connections: 40\n", files=(80, 1024)) as host:
        check("at most" not in host.log(), host.log())
        crowd = Crowd(host, data)
        for terminal in [crowd.terminal() for _ in range(40)]:
            terminal.close()
    with Host(lq, data, settings="web:\n  connections: 40\n", files=(80, 80)) as host:
        check("at most 8 connections, not 40: this process may open 80 files" in host.log(), host.log())
        crowd = Crowd(host, data)
        terminals = [crowd.terminal() for _ in range(8)]
        with socket.create_connection(host.address, 10) as one:
            check(one.recv(1) == b"", "one too many is not closed")
        for terminal in terminals:
            terminal.close()


def main():
    lq = sys.argv[1]
    with System(lq) as system:
        with Host(lq, system.data) as host:
            crowd = Crowd(host, system.data)
            crowd.honest_s()
            for part in (idle, who_reads_nothing, floods):
                print(part.__name__, flush=True)
                part(crowd)
        a_bus_that_reads_nothing(crowd, lq, system.data)
        too_many(lq, system.data)
        few_files(lq, system.data)


try:
    main()
except Ended as end:
    raise SystemExit(f"a connection ended: {end.args}") from end
