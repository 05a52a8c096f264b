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
import tempfile

import county
from driven import Driven
from play import photograph, words
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


# Services that follow a stream which no version followed that made a store up to this one: they write behind what
# they had what they keep of it, as soon as they are started.
FOLLOW_SINCE = {"stats": ("shift", "0003"), "dispatch": ("seizure and casefile", "0003"), "seizure": ("casefile", "0003"),
                "tips": ("shift", "0003"), "oversight": ("shift", "0003"), "ledger": ("shift", "0003")}


def same(shown, told, where):
    """`told` is in `shown`: an object may have gained members, a list has the same rows (what may be
    done next: more)."""
    if isinstance(told, dict) and isinstance(shown, dict):
        for key, value in told.items():
            if key == "act_by_day" and not shown.get("in_days"):
                value = told["last_day"]  # a term in hours waits for no working day (decision 0055)
            if key == "next" and isinstance(value, list):  # offered since decision 0057 only where something is unpublished
                value = [step for step in value if step.get("verb") != "publish_decision"]
                if not value and key not in shown:
                    continue
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


def chains(living, before, *verdicts):
    """How many records each stream has, and the hash of the last: the same bytes as before. The journal of a service
    that no version of then had is not there until it is started."""
    verified = county.verified(living)
    for name, one in verified.items():
        is_new = name not in before and one["verdict"] == "not here"
        check(one["verdict"] in verdicts or is_new, f"{name}: lq verify says '{one['verdict']}'")
    return {name: (one["records"], one["events"], one["tip_hash"])
            for name, one in verified.items()}


def check_chains(shown, before, store):
    """Nothing is written by a start alone, but by those who follow more than then."""
    more = {name: stream for name, (stream, last) in FOLLOW_SINCE.items() if store[:4] <= last}
    for name, stream in more.items():
        check(shown[name][0] > before[name][0], f"{name} has not followed {stream}")
    same(*({name: one for name, one in chains_.items() if name not in more}
           for chains_ in (shown, before)), "lq verify")


def reader(asked, told):
    """Who was told, if not the clerk. Since decision 0033 names of suspects are told to few: what was told to everybody
    before it, these are told."""
    if "reader" in told:
        return ("--as", told["reader"]) if "#" in asked else ()
    return ("--as", county.COMMANDER) if asked.startswith("case") else ()


def opened(lq, folder, told):
    """Terms that ended since would ring at the start: where some run, the clock is that of then."""
    living = Driven(lq, told["opened_at"]) if "opened_at" in told else System(lq)
    os.makedirs(living.data, mode=0o700)
    subprocess.run(["tar", "--extract", "--file", os.path.join(folder, "journals.tar.xz"),
                    "--directory", living.data], check=True)
    return living


def check_file(living):
    """The pieces of a file are told to nobody: what they come to is."""
    kind, number, name = county.FILE
    path = os.path.join(living.directory, "got")
    county.say(living, "clerk", 0, f"evidence get {kind} {number} --to", path)
    with open(path, "rb") as file:
        check(file.read() == photograph(name), f"the file of {kind} {number} has other bytes")


def go_on(living, before):
    """A new command to every service, and what is verified then."""
    with tempfile.TemporaryDirectory() as folder:
        stand = words(folder)
        newer = [(who, 0, line.format_map(stand)) for service, (who, line) in county.AGAIN_NEWER.items()
                 if service in before]
        for who, code, line in county.AGAIN + newer:
            county.say(living, who, code, line)
    tips = living.tips()
    for name, (records, _, _) in before.items():
        check(tips[name] > records, f"{name} has written nothing")
        check(chains(living, before, "ok")[name][0] == tips[name], f"{name}: lq verify counts otherwise")


def open_again(lq, folder):
    with open(os.path.join(folder, "told.json"), encoding="utf-8") as file:
        told = json.load(file)
    before = {name: (one["records"], one["events"], one["tip_hash"])
              for name, one in told["verified"].items()}
    living = opened(lq, folder, told)
    same(chains(living, before, "ok", "tables of another version"), before, "lq verify before the start")
    with living:  # only then are there the tables of this version
        living.tips()
        check_chains(chains(living, before, "ok"), before, os.path.basename(folder))
        for line, wanted in told["shows"].items():
            same(living.json(*line.split(), *reader(line, told)), wanted, f"lq {line}")
        for number, wanted in told["records"].items():
            same(living.json("record", number, *reader(number, told)), wanted, f"lq record {number}")
        if "evidence" in before:
            check_file(living)
        go_on(living, before)
    return len(told["shows"]), len(told["records"])


def main():
    folders = sorted(glob.glob(os.path.join(county.HERE, "[0-9]*-*")))
    check(folders, "there is no golden store")
    for folder in folders:
        shows, records = open_again(sys.argv[1], folder)
        print(f"{os.path.basename(folder)}: {shows} answers and {records} records as they were")


if __name__ == "__main__":
    main()
