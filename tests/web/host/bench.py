#!/usr/bin/env python3
"""What lianqin-web takes: bench.py LQ ROUNDS. Memory and files of 2,000 browsers that are connected and
say nothing, by http and by TLS; CPU and time of a message to each of 200 beside them. Fails beyond the budgets."""

import os
import resource
import statistics
import sys
import tempfile
import time

from curve import Terminal, from_z85, read_keys
from host import Host, System, check
from test_web_tls import certify, settings

IDLE, ACTIVE, EACH = 2000, 200, 20
KIB_MOST, FILES_MOST, MICROSECONDS_MOST = 40, 4, 80


def connect(host, system, address, ca, count):
    with open(os.path.join(system.data, "keys", "bus.pub"), encoding="ascii") as file:
        bus = from_z85(file.read().strip())
    keys = read_keys(os.path.join(system.data, "keys", "clerk.key"))
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


def messages(host, terminals, rounds):
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


def main():
    lq, rounds = sys.argv[1], int(sys.argv[2])
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 16384), hard))
    ok = True
    print("| | KiB each | files each | handshake, ms (with Python's half) | CPU a message, µs | last of 200, ms |")
    print("|---|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder, System(lq) as system:
        ca = certify(folder)
        for name, tls in (("http", False), ("TLS", True)):
            with Host(lq, system.data, settings=settings(folder)) as host:
                address = host.tls_address if tls else host.address
                terminals, kib, files, each_s = connect(host, system, address, ca if tls else None, IDLE)
                check(len(terminals) == IDLE, "not all are connected")
                cpu, last = messages(host, terminals[:ACTIVE], rounds)  # the others are still there
                for terminal in terminals:
                    terminal.close()
            print(f"| {name} | {kib:.1f} | {files:.1f} | {each_s * 1000:.1f} | {cpu:.0f} | {last:.1f} |", flush=True)
            ok = ok and kib <= KIB_MOST and files <= FILES_MOST and cpu <= MICROSECONDS_MOST
    if not ok:
        raise SystemExit(f"beyond the budget: {KIB_MOST} KiB, {FILES_MOST} files, {MICROSECONDS_MOST} µs a message")


main()
