#!/usr/bin/python3
"""The machine's clock is forty days ahead for a while: nothing is recorded by it, and there is a way
on, whether it is set right or was right."""

import json
import os
import subprocess
import sys
import time

from force import load, order
from system import PATIENCE_S, System, check

DAYS_40 = 40 * 86400


class Shifted(System):
    """Its wall clock is ahead by so many seconds; that of lq, too, as on one machine."""

    def __init__(self, lq, shim):
        super().__init__(lq)
        self.offset = os.path.join(self.directory, "offset")
        self.shift(0)
        asan = subprocess.run([lq, "--version"], env={**os.environ, "LD_PRELOAD": shim},
                              capture_output=True, check=False)
        options = os.environ.get("ASAN_OPTIONS", "")
        if asan.returncode != 0:  # a sanitized program wants to be the first that is loaded
            options += ":verify_asan_link_order=0"
        os.environ.update(LD_PRELOAD=shim, CLOCK_OFFSET=self.offset, ASAN_OPTIONS=options)

    def shift(self, seconds):
        with open(self.offset + ".new", "w", encoding="utf-8") as file:
            file.write(str(seconds))
        os.rename(self.offset + ".new", self.offset)

    def all_stand(self):
        states = {one["state"] for one in self.json_of_status() if one["service"] != "bus"}
        return states == {"stands"}

    def none_stands(self):
        return all(one["state"] != "stands" for one in self.json_of_status())

    def json_of_status(self):
        return json.loads(self.lq("status", "--json").stdout)

    def wait_until(self, standing):
        until = time.monotonic() + PATIENCE_S
        while not (self.all_stand() if standing else self.none_stands()):
            check(time.monotonic() < until, f"after a minute: {self.json_of_status()}")
            time.sleep(0.2)


def seal(system):
    done = system.lq("seizure", "record", "I1", "--as", "L1", "--order", "N1", "--target", "E0001",
                     "--kind", "transformer", "--action", "sealed", "--seal", "F1", "--officer",
                     "L1", "--officer", "M1")
    check(done.returncode == 0, done.stderr)


def state_of_the_seal(system):
    return system.json("seizure", "show", "I1")["state"]


def a_leap_stops_commands_and_timers(system):
    system.shift(DAYS_40)
    acked = system.lq("order", "ack", "--as", "L1", "N1")
    check(acked.returncode != 0 and "the clock says 20" in acked.stderr, acked.stderr)
    shown = system.lq("status")
    check(shown.returncode == 1 and "seizure: the clock says" in shown.stderr, shown.stderr)
    check("lq clock confirm" in shown.stderr, shown.stderr)
    chinese = system.lq("status", "--lang", "zh")
    check("时钟显示" in chinese.stderr and "the clock" not in chinese.stderr, chinese.stderr)
    system.wait_until(standing=True)
    check(state_of_the_seal(system) == "in_force", "lapsed on a day that has not come")


def it_goes_on_when_the_clock_is_right_again(system):
    system.shift(0)
    system.wait_until(standing=False)
    check(system.lq("status").returncode == 0, "something stands still")
    acked = system.lq("order", "ack", "--as", "L1", "N1")
    check(acked.returncode == 0, acked.stderr)
    check(state_of_the_seal(system) == "in_force", "lapsed on a day that has not come")


def an_administrator_confirms_it(system):
    system.shift(DAYS_40)
    system.wait_until(standing=True)
    refused = system.lq("clock", "confirm", "--as", "D1")
    check(refused.returncode == 1, f"anybody confirms: {refused.stdout}{refused.stderr}")
    done = system.lq("clock", "confirm", "--as", "admin")
    check(done.returncode == 0 and "seizure" in done.stdout, done.stdout + done.stderr)
    check(system.none_stands(), "it was confirmed")
    again = system.lq("clock", "confirm", "--as", "admin")
    check(again.returncode == 0 and "has not leapt" in again.stdout, again.stdout + again.stderr)
    departed = system.lq("order", "depart", "--as", "L1", "N1")
    check(departed.returncode == 0, departed.stderr)
    check(state_of_the_seal(system) == "lapsed", "its day has come")


def a_start_before_the_last_record_stands(system):
    system.stop()
    system.shift(0)  # and now it is forty days before the last record
    system.start()
    system.wait_until(standing=True)
    system.shift(DAYS_40)
    system.wait_until(standing=False)


def main():
    with Shifted(sys.argv[1], sys.argv[2]) as system:
        load(system)
        order(system, "N1")
        seal(system)
        a_leap_stops_commands_and_timers(system)
        it_goes_on_when_the_clock_is_right_again(system)
        an_administrator_confirms_it(system)
        a_start_before_the_last_record_stands(system)


if __name__ == "__main__":
    main()
