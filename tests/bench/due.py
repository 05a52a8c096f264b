"""What ten thousand terms cost: how long `lq due` takes, how soon all of ten thousand marks of one second have rung,
and how long `lq file` takes of a foundry with a long history.

usage: due.py LQ [--terms N] [--rounds N]
Medians of one run, in milliseconds, of whole commands; beside them a command that asks nothing (lq help).
"""

import argparse
import os
import pathlib
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

from driven import Driven  # noqa: E402
from system import check  # noqa: E402

START = "2015-07-01 12:00"
LIMITS = {"due": 20, "rung": 1000, "file": 100}


def write(folder, name, lines):
    with open(os.path.join(folder, name + ".csv"), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def ledgers(folder, terms):
    """So many transformers, all sealed at one second, on orders of one team."""
    orders = (terms + 99) // 100

    def place(order):
        return "E0001" if order > orders - 3 else f"E{order + 1:04}"

    write(folder, "people", ["badge,name,unit,role,team,group,phone", "D1,王台,环保局,desk,,A,", "L1,赵一,公安局,lead,T01,A,",
                             "M1,钱二,公安局,officer,T01,A,", "C1,李总,县政府,commander,,A,"])
    write(folder, "enterprises", [
        "enterprise,name,township,owner,lat,lon,kind,responsible_1,responsible_2,measures,deadline",
        *(f"E{number:04},厂{number},甲镇,张三,38.2,116.4,malleable_iron_foundry,李一,李二,停产,2016-05-01"
          for number in range(1, orders + 2))])
    write(folder, "rota", ["date,shift,group,starts_at,ends_at"] + [
        f"2015-07-{day:02},all,A,2015-07-{day:02}T00:00:00+08:00,2015-07-{day:02}T23:59:59+08:00" for day in (1, 2)])
    write(folder, "operations", ["operation,issued_at,desk,kind,target,priority,vehicles,machines,teams"] + [
        f"O{number:05},2015-07-01T08:00:00+08:00,D1,raid,{place(number)},routine,1,0,T01" for number in range(1, orders + 1)])
    write(folder, "seizures", ["item,operation,target,kind,action,seal,officer_1,officer_2,at,specification"] + [
        f"I{number:06},O{(number - 1) // 100 + 1:05},{place((number - 1) // 100 + 1)},transformer,sealed,"
        f"F{number:06},L1,M1,2015-07-01T09:00:00+08:00,S9-{number}kVA" for number in range(1, terms + 1)])


def median_ms(rounds, act):
    taken = []
    for _ in range(rounds):
        begin = time.monotonic()
        act()
        taken.append((time.monotonic() - begin) * 1000)
    return statistics.median(taken)


def tip(system):
    return {one["service"]: one["tip"]["seq"] for one in system.json("status") if "tip" in one}["seizure"]


def until_rung(system, terms):
    """All marks that come 72 hours before the end: at the same second."""
    before = tip(system)
    system.at("2015-07-28 23:59:58")
    time.sleep(1)
    system.at("2015-07-29 00:00:00")
    begin = time.monotonic()
    while tip(system) - before < terms:
        check(time.monotonic() - begin < 60, f"{tip(system) - before} of {terms} marks within a minute")
        time.sleep(0.02)
    return (time.monotonic() - begin) * 1000


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("lq")
    arguments.add_argument("--terms", type=int, default=10000)
    arguments.add_argument("--rounds", type=int, default=21)
    given = arguments.parse_args()
    with Driven(given.lq, START) as system:
        folder = os.path.join(system.directory, "ledgers")
        os.mkdir(folder)
        ledgers(folder, given.terms)
        system.do("import", folder)
        system.tips()
        running = len(system.json("due", "--limit", str(2 * given.terms)))
        check(running >= given.terms, f"{running} terms run")
        told = {"nothing": median_ms(given.rounds, lambda: system.do("help")),
                "due": median_ms(given.rounds, lambda: system.do("due")),
                "file": median_ms(given.rounds, lambda: system.do("file", "E0001")),
                "rung": until_rung(system, given.terms)}
    print(f"terms that run                              {running:8}")
    print(f"lq help (asks nothing)                      {told['nothing']:8.1f} ms")
    print(f"lq due, of all of them                      {told['due']:8.1f} ms   {LIMITS['due']} allowed")
    print(f"lq file of a foundry with 300 items         {told['file']:8.1f} ms   {LIMITS['file']} allowed")
    print(f"until all marks of one second have rung     {told['rung']:8.1f} ms   {LIMITS['rung']} allowed")
    return 0 if all(told[name] <= limit for name, limit in LIMITS.items()) else 1


if __name__ == "__main__":
    sys.exit(main())
