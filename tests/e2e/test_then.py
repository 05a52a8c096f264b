#!/usr/bin/python3
"""Who leads and who belongs is asked as of when it happened, and who has left has left since then."""

import sys

from force import load
from system import System, check


def done(system, *arguments):
    run = system.lq(*arguments)
    check(run.returncode == 0, f"lq {' '.join(arguments)}: {run.stdout}{run.stderr}")
    return run


def refused(system, words, *arguments):
    run = system.lq(*arguments)
    check(run.returncode == 1 and words in run.stderr,
          f"lq {' '.join(arguments)}: {run.returncode} {run.stdout}{run.stderr}")


def the_office_changes_the_roster_before_there_is_a_signal(system):
    done(system, "shift", "register", "M2", "--name", "周五", "--role", "officer", "--team", "T02",
         "--group", "A")
    done(system, "key", "issue", "--all")
    done(system, "order", "issue", "--as", "D1", "--kind", "raid", "--target", "E0001", "--team",
         "T01", "--team", "T02", "--number", "N1")
    for step in ("ack", "depart"):
        done(system, "order", step, "--as", "L2", "--later", "N1")
    done(system, "order", "join", "--as", "L2", "--later", "N1", "T02", "M2")
    done(system, "shift", "amend", "M2", "--team", "T01")
    done(system, "shift", "amend", "L2", "--role", "officer")
    done(system, "shift", "register", "L3", "--name", "新组长", "--role", "lead", "--team", "T02",
         "--group", "A")
    done(system, "outbox", "send", "--as", "L2")
    shown = system.json("order", "show", "N1")
    step = [part["step"] for part in shown["order"]["assignments"] if part["team"] == "T02"]
    check(step == ["departed"], f"what the lead of then did is lost: {shown}")
    refused(system, "M2 周五 is recorded for order N1 already", "order", "join", "--as", "D1", "N1",
            "T02", "M2")
    refused(system, "is in team T02 at ", "order", "join", "--as", "D1", "N1", "T01", "M2")
    refused(system, "L2 does not lead team T02 at ", "order", "arrive", "--as", "L2", "N1")
    done(system, "order", "join", "--as", "D1", "N1", "T02", "L2")


def who_has_left_has_left_since_then(system):
    was = system.json("shift", "on-duty")
    done(system, "shift", "leave", "M1")
    refused(system, "is in team T01 at ", "order", "join", "--as", "D1", "N1", "T02", "M1")
    done(system, "order", "join", "--as", "D1", "N1", "T01", "M1")  # he was there then
    is_ = system.json("shift", "on-duty")
    check(is_["people"] == was["people"] - 1, f"{was} {is_}")
    then = system.json("shift", "on-duty", "--on", was["at_ms"])
    check((then["people"], then["leads"]) == (was["people"], was["leads"]), f"{was} {then}")
    check(system.json("shift", "people", "--team", "T01", "--on", was["at_ms"]) !=
          system.json("shift", "people", "--team", "T01"), "people as they were are those of now")


def the_rows_are_shown(system):
    rows = system.json("shift", "show", "L2")
    check([row["role"] for row in rows] == ["lead", "officer"], rows)
    check("from" not in rows[0] or rows[0]["from"] < rows[1]["from"], rows)
    table = done(system, "shift", "show", "L2").stdout
    check("SINCE" in table and len(table.splitlines()) == 3, table)
    refused(system, "nobody with the badge X9 is registered", "shift", "show", "X9")


def main():
    with System(sys.argv[1]) as system:
        load(system)
        the_office_changes_the_roster_before_there_is_a_signal(system)
        who_has_left_has_left_since_then(system)
        the_rows_are_shown(system)


if __name__ == "__main__":
    main()
