#!/usr/bin/python3
"""A team lead without signal keeps what he does by what his terminal remembers, and reads the last
orders with their age."""

import datetime
import json
import os
import re
import sys
import time

from force import load, order
from system import System, check

AWAY = ("--bus", "tcp://127.0.0.1:1")  # what no signal looks like


def nothing_is_known_before_it_was_read(system):
    for line in (("order", "list"), ("order", "show", "N1")):
        done = system.lq(*line, "--as", "L1", *AWAY)
        check(done.returncode == 3 and done.stdout == "", f"{line}: {done.stdout}{done.stderr}")
    done = system.lq("order", "ack", "N1", "--later", "--as", "L1", *AWAY)
    check(done.returncode == 3, f"it cannot know the team: {done.stdout}{done.stderr}")


def the_last_orders_are_readable(system):
    seen = system.lq("order", "list", "--as", "L1")
    check(seen.returncode == 0 and "N1" in seen.stdout, seen.stderr)
    away = system.lq("order", "list", "--as", "L1", *AWAY)
    check(away.returncode == 3, "the exit code does not say that the bus was not reached")
    lines = away.stdout.splitlines()
    check(re.match(r"as of \d{4}-\d\d-\d\d \d\d:\d\d:\d\d, less than a minute ago", lines[0]), lines)
    check("\n".join(lines[1:]) == seen.stdout.strip("\n"), "other rows than were read")
    # an order that was only listed can be shown; json stays json
    shown = system.lq("order", "show", "N1", "--as", "L1", *AWAY)
    check(shown.returncode == 3 and shown.stdout.startswith("as of "), shown.stdout + shown.stderr)
    check("E0001" in shown.stdout and "T01" in shown.stdout, shown.stdout)
    shown = system.lq("order", "show", "N1", "--as", "L1", "--json", *AWAY)
    check(json.loads(shown.stdout)["order"]["number"] == "N1", shown.stdout)
    check("as of " in shown.stderr, shown.stderr)
    # another question was not asked before, and is not answered by the next best
    other = system.lq("order", "list", "--team", "T02", "--as", "L1", *AWAY)
    check(other.returncode == 3 and other.stdout == "", other.stdout)
    check(system.lq("order", "list", "--as", "L2", *AWAY).stdout == "", "read by somebody else")

    # participants that were seen stay when the order is listed again
    joined = system.lq("order", "join", "N1", "T01", "M1", "--as", "L1")
    check(joined.returncode == 0, joined.stderr)
    system.lq("order", "show", "N1", "--as", "L1")
    system.lq("order", "list", "--as", "L1")
    shown = system.lq("order", "show", "N1", "--as", "L1", *AWAY)
    check("M1" in shown.stdout, shown.stdout)


def what_is_kept_needs_no_signal(system):
    done = system.lq("order", "ack", "N1", "--as", "L1")  # the team is learnt here
    check(done.returncode == 0, done.stderr)
    for step in ("depart", "arrive"):
        done = system.lq("order", step, "N1", "--later", "--as", "L1", *AWAY)
        check(done.returncode == 0 and "no answer" not in done.stderr, done.stderr)
    done = system.lq("outbox", "send", "--as", "L1")
    check(done.returncode == 0 and done.stdout.count("accepted") == 2, done.stdout + done.stderr)
    check("on_scene" in json.dumps(system.json("order", "show", "N1")), "it has not arrived")


# ---------------------------------------------------------------- clocks


def varint(number):
    out = b""
    number &= (1 << 64) - 1
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def read_varint(data, at):
    number = shift = 0
    while True:
        number |= (data[at] & 127) << shift
        shift += 7
        at += 1
        if data[at - 1] < 128:
            return number - (1 << 64) if number >> 63 else number, at


def clock_file(system):
    return os.path.join(system.data, "terminal", "L1", "clock")


def set_clock(system, offset_s):
    """The terminal's clock as if it had been measured so: what to add to it."""
    with open(clock_file(system), "wb") as file:
        file.write(b"\x08" + varint(offset_s * 1000) + b"\x10" + varint(int(time.time() * 1000)))


def measured_clock(system):
    with open(clock_file(system), "rb") as file:
        data = file.read()
    return read_varint(data, 1)[0] if data[:1] == b"\x08" else 0


def happened(system):
    return [one["happened"] for one in system.json("outbox", "--as", "L1")]


def minute(ahead_s):
    county = datetime.timezone(datetime.timedelta(hours=8))
    return datetime.datetime.fromtimestamp(time.time() + ahead_s, county).strftime("%Y-%m-%d %H:%M")


def acts_are_kept_by_the_clock_of_the_bus(system):
    check(system.lq("order", "finish", "N1", "--as", "L1").returncode == 0, "not finished")
    order(system, "N2")
    check(system.lq("order", "list", "--as", "L1").returncode == 0, "not reached")
    check(abs(measured_clock(system)) < 1000, "it is the same clock")
    set_clock(system, -7200)
    done = system.lq("order", "ack", "N2", "--later", "--as", "L1", *AWAY)
    check("7200 s ahead of the bus's" in done.stdout, done.stdout)
    check(happened(system)[0][:16] in (minute(-7200), minute(-7260)), happened(system))
    # what a person typed is his own word
    typed = system.lq("order", "depart", "N2", "--later", "--as", "L1", "--at", "2015-03-06 13:14", *AWAY)
    check("ahead" not in typed.stdout, typed.stdout)
    check(happened(system)[1][:16] == "2015-03-06 13:14", happened(system))
    system.lq("outbox", "drop", "1", "--as", "L1")
    system.lq("outbox", "drop", "2", "--as", "L1")

    # kept by a clock that was measured wrongly: after now by the bus's, corrected when that is reached
    set_clock(system, 7200)
    done = system.lq("order", "ack", "N2", "--later", "--as", "L1", *AWAY)
    check("7200 s behind the bus's" in done.stdout, done.stdout)
    done = system.lq("outbox", "send", "--as", "L1")
    check(done.returncode == 0 and "accepted" in done.stdout, done.stdout + done.stderr)
    check("number 1: " in done.stderr and "so it is sent as of" in done.stderr, done.stderr)
    check(abs(measured_clock(system)) < 1000, "not measured again")


def a_time_without_a_day_is_the_nearest_past(system):
    for ahead in (7200, -60):
        typed = minute(ahead)[11:]
        done = system.lq("order", "arrive", "N2", "--later", "--as", "L1", "--at", typed, *AWAY)
        check(done.returncode == 0, done.stderr)
        check(("yesterday" in done.stderr) == (ahead > 0 and minute(ahead)[:10] == minute(0)[:10]),
              done.stderr)
    first, second = happened(system)
    check(first[:10] == minute(7200 - 86400)[:10] and second[:16] == minute(-60)[:11] + typed,
          (first, second))
    for number in ("1", "2"):
        system.lq("outbox", "drop", number, "--as", "L1")
    # who is on duty later today is a question about what is to come
    told = system.lq("shift", "now", "--at", minute(7200)[11:])
    check("yesterday" not in told.stderr, told.stderr)


def main():
    with System(sys.argv[1]) as system:
        load(system)
        order(system, "N1")
        system.lq("key", "issue", "L1", "L2")
        nothing_is_known_before_it_was_read(system)
        the_last_orders_are_readable(system)
        what_is_kept_needs_no_signal(system)
        acts_are_kept_by_the_clock_of_the_bus(system)
        a_time_without_a_day_is_the_nearest_past(system)


if __name__ == "__main__":
    main()
