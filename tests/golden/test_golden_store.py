#!/usr/bin/python3
"""Journals that earlier versions wrote: each store here is verified, opens, every stream replays, shows
what it showed then, takes one new command a service, and still replays.

    test_golden_store.py LQ

A later version may show more than was shown (a member, a column), but nothing else in its place.
"""

import glob
import json
import os
import subprocess
import sys

import county
from system import System, check


# Members that events had from the rows that they make, and that no version ever wrote: reserved, and
# not shown any more. What was told of each is what a member shows that is not set.
UNSET = {
    "order_issued": {"cancelled_at_ms": 0, "cancel_reason": "", "participants": 0},
    "case_opened": {"step": "opened", "filed_at_ms": 0, "solved_at_ms": 0},
}
UNSET["item_sealed"] = UNSET["item_dismantled"] = {
    "extended_at_ms": 0, "extended_by": "", "released_at_ms": 0, "released_by": "",
    "lapsed_at_ms": 0}


# Services that follow a stream which no version of then followed: they write behind what they had what
# they keep of it, as soon as they are started.
FOLLOW_SINCE = {"stats": "shift", "dispatch": "seizure and casefile", "seizure": "casefile",
                "tips": "shift", "oversight": "shift", "ledger": "shift"}


# Services that no version of then had: their journals are not there until they are started.
NEW_SINCE = {"evidence", "fund", "monitor"}


def same(shown, told, where):
    """`told` is in `shown`: an object may have gained members, a list has the same rows (what may be
    done next: more)."""
    if isinstance(told, dict) and isinstance(shown, dict):
        for key, value in told.items():
            unset = UNSET.get(where.rpartition(".event.")[2], {})
            if key not in shown and key in unset and value == unset[key]:
                continue
            check(key in shown, f"{where}: {key} is missing")
            same(shown[key], value, f"{where}.{key}")
    elif isinstance(told, list) and where.endswith(".next"):
        for step in told:  # more may be possible by now, and for others
            check(any(all(one[key] == step[key] for key in ("of", "command", "step"))
                      for one in shown), f"{where}: {step} is missing")
    elif isinstance(told, list) and isinstance(shown, list):
        check(len(shown) == len(told), f"{where}: {len(shown)} rows, then it was {len(told)}")
        for number, (one, other) in enumerate(zip(shown, told)):
            same(one, other, f"{where}[{number}]")
    else:
        check(shown == told, f"{where}: shows {shown!r}, then it was {told!r}")


def chains(living, *verdicts):
    """How many records each stream has, and the hash of the last: the same bytes as before."""
    verified = county.verified(living)
    for name, one in verified.items():
        is_new = name in NEW_SINCE and one["verdict"] == "not here"
        check(one["verdict"] in verdicts or is_new, f"{name}: lq verify says '{one['verdict']}'")
    return {name: (one["records"], one["events"], one["tip_hash"])
            for name, one in verified.items()}


def check_chains(shown, told):
    """Nothing is written by a start alone, but by those who follow more than then."""
    for name, (records, _, _) in told.items():
        if name in FOLLOW_SINCE:
            check(shown[name][0] > records, f"{name} has not followed {FOLLOW_SINCE[name]}")
    same(*({name: one for name, one in chains_.items() if name not in FOLLOW_SINCE}
           for chains_ in (shown, told)), "lq verify")


def reader(asked):
    """Since decision 0033 names of suspects are told to few: what was told then, these are told."""
    return ("--as", county.COMMANDER) if asked.startswith("case") else ()


def open_again(lq, folder):
    with open(os.path.join(folder, "told.json"), encoding="utf-8") as file:
        told = json.load(file)
    before = {name: (one["records"], one["events"], one["tip_hash"])
              for name, one in told["verified"].items()}
    living = System(lq)
    os.makedirs(living.data, mode=0o700)
    subprocess.run(["tar", "--extract", "--file", os.path.join(folder, "journals.tar.xz"),
                    "--directory", living.data], check=True)
    same(chains(living, "ok", "tables of another version"), before, "lq verify before the start")
    with living:  # only then are there the tables of this version
        living.tips()
        check_chains(chains(living, "ok"), before)
        for line, wanted in told["shows"].items():
            same(living.json(*line.split(), *reader(line)), wanted, f"lq {line}")
        for number, wanted in told["records"].items():
            same(living.json("record", number, *reader(number)), wanted, f"lq record {number}")
        for who, code, line in county.AGAIN:
            county.say(living, who, code, line)
        tips = living.tips()
        for name, (records, _, _) in before.items():
            check(tips[name] > records, f"{name} has written nothing")
            check(chains(living, "ok")[name][0] == tips[name], f"{name}: lq verify counts otherwise")
    return len(told["shows"]), len(told["records"])


def main():
    folders = sorted(glob.glob(os.path.join(county.HERE, "[0-9]*-*")))
    check(folders, "there is no golden store")
    for folder in folders:
        shows, records = open_again(sys.argv[1], folder)
        print(f"{os.path.basename(folder)}: {shows} answers and {records} records as they were")


if __name__ == "__main__":
    main()
