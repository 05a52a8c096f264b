#!/usr/bin/env python3
"""What lianqin-web takes: bench.py LQ ROUNDS. Memory and files of 2,000 browsers that are connected and
say nothing, by http and by TLS; CPU and time of a message to each of 200 beside them, and how long after an order is issued the
last of these 200 has it. Fails beyond the budgets."""

import os
import resource
import select
import statistics
import sys
import tempfile
import time

from curve import Terminal, WebClient, from_z85, read_keys
from host import HERE, Host, System, check
from client import load_messages  # of tests/protocol, which curve.py has put there
import force  # of tests/e2e, as host.py has put it
from test_web_tls import certify, settings

IDLE, ACTIVE, EACH = 2000, 200, 20
PATIENCE_MS = 20000
KIB_MOST, FILES_MOST, MICROSECONDS_MOST = 32, 4, 80
ORDER_MS_MOST, ORDERS = 50, 15  # the median; so many orders


def keys_of(system, badge):
    """The bus's public key, and the pair of that badge."""
    with open(os.path.join(system.data, "keys", "bus.pub"), encoding="ascii") as file:
        bus = from_z85(file.read().strip())
    return bus, read_keys(os.path.join(system.data, "keys", badge + ".key"))


def connect(host, system, address, ca, count):
    bus, keys = keys_of(system, "clerk")
    before, begun = host.memory(), time.monotonic()
    terminals = []
    for _ in range(count):
        terminals.append(Terminal(address, bus, keys, ca))
    took_s = time.monotonic() - begun
    for terminal in terminals:  # who said nothing for 75 s would be let go
        terminal.sealed.ping()
        terminal.sealed.receive()
    after = host.memory()
    return terminals, (after[0] - before[0]) / count, (after[1] - before[1]) / count, took_s / count


def pings(host, terminals, rounds):
    """PING to the bus and PONG back: two deliveries each. CPU of the relay alone."""
    times, cpu, count = [], host.cpu_s(), 0
    for _ in range(rounds):
        for _ in range(EACH):
            for terminal in terminals:
                terminal.sealed.ping()
            begun = time.monotonic()
            for terminal in terminals:
                terminal.sealed.receive()
            times.append((time.monotonic() - begun) * 1000)
            count += 2 * len(terminals)
    return (host.cpu_s() - cpu) * 1e6 / count, statistics.median(times)


def until_all_have(terminals, begun):
    """In ms, until each of them has something to read. Python reads it afterwards: it would take its turn with 200 of what
    elsewhere are 200 machines."""
    waiting = select.poll()
    for terminal in terminals:
        waiting.register(terminal.web.socket, select.POLLIN)
    missing = len(terminals)
    while missing > 0:
        ready = waiting.poll(PATIENCE_MS)
        check(ready, f"{missing} were not told")
        for file, _ in ready:
            waiting.unregister(file)
        missing -= len(ready)
    return (time.monotonic() - begun) * 1000


def orders(messages, desk, terminals):
    """From when the command of an order is under way until the last terminal is told of it, which each waits for by Fetch."""
    dispatch, times = messages.dispatch, []
    followed = len(desk.fetch_all("dispatch"))
    for i in range(ORDERS):
        fetch = messages.lq.Fetch(after=followed, wait_ms=20000).SerializeToString()
        for terminal in terminals:
            terminal.send(messages.lq.Request(correlation=i + 1, service="dispatch", fetch=fetch).SerializeToString())
        order = desk.request("dispatch", "command", desk.command_bytes(dispatch.Command(issue_order=dispatch.IssueOrder(
            kind="raid", target="E0001", priority=dispatch.URGENT, teams=["T01"]))))
        time.sleep(0.3)  # until all wait
        desk.send(order)
        times.append(until_all_have(terminals, time.monotonic()))
        for terminal in terminals:
            reply = messages.lq.Reply.FromString(terminal.recv_multipart()[0])
            check(reply.events.events, "a fetch that waits is answered with nothing")
        number = messages.lq.Outcome.FromString(desk.wait(order).outcome).accepted.number
        desk.accepted("dispatch", dispatch.Command(cancel_order=dispatch.CancelOrder(order=number, why="measured")))
        followed = len(desk.fetch_all("dispatch"))
    return statistics.median(times)


def main():
    lq, rounds = sys.argv[1], int(sys.argv[2])
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 16384), hard))
    ok = True
    print("| | KiB each | files each | handshake, ms (with Python's half) | CPU a message, µs | last of 200, ms | order to the last of 200, ms |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder, System(lq) as system:
        ca = certify(folder)
        messages = load_messages(os.path.join(HERE, "..", "..", "..", "proto"), folder)
        force.load(system)
        check(system.lq("key", "issue", "D1").returncode == 0, "no key for the desk")
        for name, tls in (("http", False), ("TLS", True)):
            with Host(lq, system.data, settings=settings(folder)) as host:
                address = host.tls_address if tls else host.address
                terminals, kib, files, each_s = connect(host, system, address, ca if tls else None, IDLE - 1)
                check(len(terminals) == IDLE - 1, "not all are connected")  # one more: the desk, who issues orders
                cpu, last = pings(host, terminals[:ACTIVE], rounds)  # the others are still there
                desk = WebClient(messages.lq, address, *keys_of(system, "D1"), ca if tls else None)
                told = orders(messages, desk, terminals[:ACTIVE])
                desk.close()
                for terminal in terminals:
                    terminal.close()
            print(f"| {name} | {kib:.1f} | {files:.1f} | {each_s * 1000:.1f} | {cpu:.0f} | {last:.1f} | {told:.1f} |", flush=True)
            ok = ok and kib <= KIB_MOST and files <= FILES_MOST and cpu <= MICROSECONDS_MOST and told <= ORDER_MS_MOST
    if not ok:
        raise SystemExit(f"beyond the budget: {KIB_MOST} KiB, {FILES_MOST} files, {MICROSECONDS_MOST} µs a message, {ORDER_MS_MOST} ms an order")


main()
