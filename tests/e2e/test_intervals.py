#!/usr/bin/python3
"""How long teams took on the campaign, as lq stats intervals tells it, beside what the ledgers themselves say."""

import csv
import datetime
import math
import os
import sys

from system import System, check

XIAN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "configs", "xian")
STEPS = ("acknowledged", "departed", "on_scene", "finished")
INTERVALS = {"to_answer": (0, 1), "to_depart": (1, 2), "to_arrive": (2, 3), "to_finish": (3, 4), "whole": (0, 4)}


def ledger(name):
    with open(os.path.join(XIAN, name + ".csv"), encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def instant(text):
    return datetime.datetime.fromisoformat(text)


def from_the_ledgers():
    """Milliseconds of each interval by priority."""
    orders = {row["operation"]: row for row in ledger("operations")}
    times = {}
    for row in ledger("progress"):
        times.setdefault((row["operation"], row["team"]), {})[row["status"]] = instant(row["at"])
    samples = {}
    for (order, _), taken in times.items():
        at = [instant(orders[order]["issued_at"])] + [taken.get(step) for step in STEPS]
        for name, (first, last) in INTERVALS.items():
            if at[first] and at[last]:
                ms = round((at[last] - at[first]).total_seconds() * 1000)
                samples.setdefault((orders[order]["priority"], name), []).append(ms)
    return samples


def nearest_rank(ordered, percent):
    return ordered[math.ceil(len(ordered) * percent / 100) - 1]


def main():
    with System(sys.argv[1]) as system:
        done = system.lq("import", XIAN)
        check(done.returncode == 0, done.stderr)
        system.tips()
        told = {(row["part"], row["interval"]): row for row in system.json("stats", "intervals", "--by", "priority")}
        samples = from_the_ledgers()
        check(set(told) == set(samples), f"{sorted(told)}")
        for key, values in samples.items():
            values.sort()
            row = told[key]
            got = (row["count"], row["p50_millis"], row["p90_millis"], row["p99_millis"])
            wanted = (len(values), *(nearest_rank(values, percent) for percent in (50, 90, 99)))
            check(got == wanted, f"{key}: {got}, and the ledgers say {wanted}")
        whole = system.json("stats", "intervals")
        check([row["count"] for row in whole] == [769] * 5, f"{whole}")
        both = [row["count"] for row in system.json("stats", "intervals", "--by", "shift")
                if row["interval"] == "to_answer"]
        check(sum(both) == 769 and len(both) == 2, f"{both}")


if __name__ == "__main__":
    main()
