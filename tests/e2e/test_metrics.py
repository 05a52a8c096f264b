#!/usr/bin/python3
"""What there is to measure: `lq metrics`, and the address that lq up serves for a scraper. The text is
read as strictly as the exposition format 0.0.4 is written down."""

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
import time

from system import System, check

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (-?[0-9.]+(?:e[+-]?[0-9]+)?)")
SERVICES = ["shift", "monitor", "ledger", "dispatch", "seizure", "casefile", "tips", "fund", "oversight",
            "evidence", "stats"]
UNITS = ("_bytes", "_seconds", "_ratio", "_records", "_total", "_info", "_per_day")
PLAIN = ("lianqin_up", "lianqin_full", "lianqin_follow_halted", "lianqin_orders_open",
         "lianqin_orders_unanswered")


def read(text):
    """{name: {labels: value}}; fails on whatever is not of the format."""
    check(text.endswith("\n"), "the last line has no end")
    metrics, kinds, helped, current = {}, {}, set(), None
    for line in text[:-1].split("\n"):
        if line.startswith("# HELP "):
            _, _, name, words = line.split(" ", 3)
            check(re.fullmatch(NAME, name) and words and name not in helped, line)
            helped.add(name)
            current = name
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            check(name == current and name not in kinds and name not in metrics, line)
            check(kind in ("gauge", "counter"), line)
            check((kind == "counter") == name.endswith("_total"), line)
            check(name.startswith("lianqin_") and (name.endswith(UNITS) or name in PLAIN), line)
            kinds[name] = kind
            metrics[name] = {}
        else:
            found = SAMPLE.fullmatch(line)
            check(found, f"not a sample: {line!r}")
            name, labels, value = found.groups()
            check(name == current and name in kinds, f"not below its TYPE: {line}")
            labels = tuple(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels or ""))
            check(labels not in metrics[name], f"twice: {line}")
            check(len({label for label, _ in labels}) == len(labels), line)
            metrics[name][labels] = float(value)
    check(set(kinds) == helped, "TYPE and HELP differ")
    return metrics


def of(metrics, name, service, **more):
    return metrics[name].get((("service", service), *more.items()))


def check_fresh(metrics, started):
    """What a system without an event says, that was started at about that time."""
    for service in SERVICES:
        check(of(metrics, "lianqin_up", service) == 1, f"{service} is not up")
        check(of(metrics, "lianqin_journal_records_total", service) == 0, service)
        check(of(metrics, "lianqin_journal_bytes", service) > 0, service)
        check(0 <= of(metrics, "lianqin_journal_fill_ratio", service) < 0.1, service)
        check(of(metrics, "lianqin_full", service) == 0, service)
        check(0 < of(metrics, "lianqin_disk_free_bytes", service) <=
              of(metrics, "lianqin_disk_size_bytes", service), service)
        check(of(metrics, "lianqin_disk_refuse_bytes", service) == 128 << 20, service)
        check(abs(of(metrics, "lianqin_start_time_seconds", service) - started) < 120, service)
    check(of(metrics, "lianqin_up", "bus") == 1, "the bus is not up")
    check(not metrics["lianqin_journal_growth_bytes_per_day"], "a guess without records")
    check(of(metrics, "lianqin_follow_lag_records", "dispatch", stream="shift") == 0, "lag")
    check(of(metrics, "lianqin_follow_halted", "stats", stream="dispatch") == 0, "halted")
    check(metrics["lianqin_orders_open"] == {(): 0} and
          metrics["lianqin_orders_unanswered"] == {(): 0}, "orders")


def ask(port, path="/metrics", method="GET"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path)
        reply = connection.getresponse()
        return reply.status, reply.getheader("Content-Type"), reply.read().decode(), reply
    finally:
        connection.close()


def scrape(port):
    status, kind, text, _ = ask(port)
    check(status == 200 and kind == "text/plain; version=0.0.4; charset=utf-8", f"{status} {kind}")
    return read(text)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def until(held, otherwise):
    end = time.monotonic() + 60
    while not held():
        check(time.monotonic() < end, otherwise)
        time.sleep(0.2)


def test_once(system, started):
    done = system.lq("metrics")
    check(done.returncode == 0 and done.stderr == "", f"{done.returncode} {done.stderr}")
    check_fresh(read(done.stdout), started)
    system.lq("oversight", "record-interview", "official")
    metrics = read(system.lq("metrics").stdout)
    check(of(metrics, "lianqin_journal_records_total", "oversight") == 1, "records")
    check(of(metrics, "lianqin_commands_total", "oversight", result="accepted") == 1, "accepted")
    check(of(metrics, "lianqin_commands_total", "oversight", result="rejected") == 0, "rejected")
    check(of(metrics, "lianqin_commits_total", "oversight") >= 1, "commits")
    for wrong in ("9464", "localhost/x:1", "tcp://127.0.0.1:1"):
        done = system.lq("metrics", "--listen", wrong)
        check(done.returncode == 2 and "HOST:PORT" in done.stderr, f"{wrong}: {done.stderr}")


def test_scraper(system, port):
    def is_up(service):
        return of(scrape(port), "lianqin_up", service) == 1

    until(lambda: is_up("bus"), "the bus does not know the key of metrics")
    check(of(scrape(port), "lianqin_journal_records_total", "oversight") == 1, "records")
    status, _, text, _ = ask(port, "/")
    check(status == 404 and "/metrics" in text, f"{status} {text}")
    status, _, _, reply = ask(port, method="POST")
    check(status == 405 and "GET" in reply.getheader("Allow"), f"{status}")
    check(ask(port, method="HEAD")[0] == 200, "HEAD")
    check("metrics" in system.lq("key", "list").stdout, "it has no key of its own")

    pid = system.pid_of("stats")
    os.kill(pid, 19)  # SIGSTOP: it is there, and answers nothing
    try:
        metrics = scrape(port)
        check(of(metrics, "lianqin_up", "stats") == 0, "a service that answers nothing is up")
        check(of(metrics, "lianqin_up", "shift") == 1 and of(metrics, "lianqin_up", "bus") == 1,
              "the others")
        check(of(metrics, "lianqin_journal_bytes", "stats") is None, "a guess")
    finally:
        os.kill(pid, 18)
    until(lambda: is_up("stats"), "stats is not up again")

    bus = system.pid_of("bus")
    os.kill(bus, 9)
    until(lambda: system.pid_of("bus") not in (None, bus), "no new bus")
    until(lambda: is_up("bus"), "the new bus is not found")
    done = system.lq("metrics", "--listen", f"127.0.0.1:{port}")
    check(done.returncode == 1 and "is taken" in done.stderr, done.stderr)


def test_scraper_alone(system, port):
    """Beside a system that ends, and is started again at another address."""
    alone = subprocess.Popen(system.command("metrics", "--listen", f"127.0.0.1:{port}"),
                             stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)

    def answers():
        with contextlib.suppress(OSError):
            return scrape(port)
        return None

    try:
        until(answers, "it does not listen")
        check(of(scrape(port), "lianqin_up", "bus") == 1, "the bus is not up")
        system.stop()
        metrics = scrape(port)
        check(set(metrics["lianqin_up"].values()) == {0}, f"what is down is up: {metrics}")
        check(not metrics["lianqin_journal_bytes"] and "lianqin_orders_open" not in metrics,
              "a guess")
        system.listen = f"tcp://127.0.0.1:{free_port()}"
        system.start()
        system.wait_until_up()
        until(lambda: of(scrape(port), "lianqin_up", "stats") == 1, "the new address is not found")
    finally:
        alone.terminate()
        check(alone.wait(60) == 0, "it ended badly")


def main():
    lq = os.path.abspath(sys.argv[1])
    port = free_port()
    with System(lq) as system:
        test_once(system, time.time())
        with open(os.path.join(system.data, "config", "lianqin.yaml"), "w",
                  encoding="utf-8") as file:
            file.write(f"metrics:\n  listen: 127.0.0.1:{port}\n")
        system.restart()
        test_scraper(system, port)
        test_scraper_alone(system, free_port())


if __name__ == "__main__":
    main()
