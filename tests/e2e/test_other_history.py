#!/usr/bin/python3
"""A journal that was put back from last night's copy and is to stand as it is, because there is no
other: an administrator accepts it, and everybody who follows it is as if it had never been otherwise."""

import csv
import io
import json
import os
import shutil
import sys

from system import System, check
from test_restored import FOLLOWERS, put_back, register, states, wait_until


def step(system, number, what):
    done = system.lq("ledger", "step", number, what)
    check(done.returncode == 0, done.stderr)


def tip_about(system, number, premises):
    return system.lq("tips", "record", number, "--channel", "hotline", "--premises", premises,
                     "--content", "夜间排污")


def fail_to_accept(system):
    """Who may not, without a reason, or where nothing has diverged."""
    done = system.lq("diverged", "accept", "ledger", "--as", "admin")
    check(done.returncode == 2 and "--reason" in done.stderr, done.stderr)
    done = system.lq("diverged", "accept", "ledger", "--reason", "盘坏了")
    check(done.returncode == 1 and "may not" in done.stderr, done.stderr)
    done = system.lq("diverged", "accept", "shift", "--reason", "盘坏了", "--as", "admin")
    check(done.returncode == 1 and "nothing to accept" in done.stderr, done.stderr)
    check(len(standing(system)) == len(FOLLOWERS), "something was accepted")


def diverged(system, code):
    done = system.lq("diverged", "--json")
    check(done.returncode == code, f"{done.returncode}: {done.stdout}{done.stderr}")
    return json.loads(done.stdout)


def standing(system):
    done = system.lq("diverged", "--json")
    return [row for row in json.loads(done.stdout) if row["state"] == "stands"]


def main():
    with System(sys.argv[1]) as system:
        journals, night = os.path.join(system.data, "journal"), os.path.join(system.directory, "n")
        register(system, "E1", "E2")
        step(system, "E1", "suspended")
        system.tips()
        system.stop()
        shutil.copytree(journals, night)
        system.start()
        system.wait_until_up()
        register(system, "E3")  # gone, with its step and what people did on it
        step(system, "E3", "suspended")
        step(system, "E1", "inspected")
        done = tip_about(system, "T1", "E3")
        check(done.returncode == 0, done.stderr)
        before = system.tips()["ledger"]
        system.stop()
        put_back(system, night, "ledger")
        system.start()
        wait_until(lambda: len(standing(system)) == len(FOLLOWERS), "the followers do not stand")
        register(system, "E4", "E5", "E6")
        step(system, "E2", "suspended")
        step(system, "E2", "inspected")
        step(system, "E4", "suspended")
        # a position that had no effect is not always written down
        wait_until(lambda: all(row["parts_after"] in (2, 3) for row in standing(system)),
                   f"where they part is not found: {standing(system)}")
        rows = {row["service"]: row for row in standing(system)}
        check(set(rows) == set(FOLLOWERS), rows)
        check(rows["stats"]["followed"] == before, rows)

        fail_to_accept(system)
        done = system.lq("diverged", "accept", "ledger", "tips", "--reason", "盘坏了", "--as", "admin")
        check(done.returncode == 0 and "lq diverged show tips" in done.stderr, done.stderr)
        check(states(system)["tips"] == "up" and states(system)["stats"] == "stands", "not tips alone")
        done = system.lq("diverged", "accept", "ledger", "--reason", "盘坏了", "--as", "admin")
        check(done.returncode == 0, done.stderr)
        system.wait_until_up()
        tips = system.tips()
        done = system.lq("verify")
        check(done.returncode == 0, f"{done.stdout}{done.stderr}")
        system.restart()
        check(system.tips() == tips, "it is not what it was after a restart")

        # what stands: nothing of E3, E1 only suspended, and what was recorded since
        rows = csv.DictReader(io.StringIO(system.lq("stats", "--csv").stdout.lstrip("\ufeff")))
        counts = {row["kind"]: int(row["count"]) for row in rows
                  if row["figure"] == "ledger" and int(row["count"])}
        check(counts == {"suspended": 2, "inspected": 1}, counts)
        check(tip_about(system, "T2", "E3").returncode == 1, "E3 is known")
        check(tip_about(system, "T3", "E6").returncode == 0, "E6 is not known")
        rows = {row["service"]: row for row in diverged(system, 0)}
        check(set(rows) == set(FOLLOWERS) and all(row["state"] == "accepted" and
              row["by"] == "admin" and row["reason"] == "盘坏了" for row in rows.values()), rows)
        shown = system.json("diverged", "show", "tips")
        check([row["event"] for row in shown] == ["tip_recorded"] and "T1" in shown[0]["details"],
              shown)


if __name__ == "__main__":
    main()
