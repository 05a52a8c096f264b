#!/usr/bin/python3
"""Makes a golden store with the lq that is given, and writes down what it shows.

    make.py LQ DIRECTORY

The clock is driven by libfaketime, so that terms end and ring. DIRECTORY gets journals.tar.xz, the journals of all services as lq left them when it was stopped, and
told.json, what a later version must find in them. The script make builds the lq of a commit first.
"""

import glob
import json
import os
import shutil
import subprocess
import sys
import time

import county
from driven import Driven
from system import check


class Living(Driven):
    """As in the end-to-end tests, but the journals are packed once it has stopped."""

    packed = None

    def __exit__(self, kind, *_):
        if self.up.poll() is None:
            self.up.terminate()
        self.up.wait(60)
        if kind is None and self.packed is not None:
            pack(self.data, self.packed)
        super().__exit__(kind, *_)


def pack(data, archive):
    """The same bytes for the same journals: names sorted, nobody's name, no time."""
    journals = sorted(glob.glob(os.path.join(data, "journal", "*", "data.mdb")))
    check(len(journals) == len(county.SERVICES), f"journals: {journals}")
    subprocess.run(
        ["tar", "--create", "--xz", "--file", archive, "--directory", data, "--sparse",
         "--owner=0", "--group=0", "--numeric-owner", "--mtime=2016-01-01", "--sort=name",
         *(os.path.relpath(path, data) for path in journals)], check=True)


def events_to_come(counts):
    """The kinds of event of that version that neither this store nor an earlier one has. (Pieces of files are told
    to services alone: test_golden_kinds.py counts them where they lie.)"""
    known = {f"{service}.{name}" for service in county.SERVICES for name in county.event_kinds(service)}
    for told in glob.glob(os.path.join(county.HERE, "[0-9]*-*", "told.json")):
        with open(told, encoding="utf-8") as file:
            known -= {kind.split(" ")[0] for kind in json.load(file)["kinds"]}
    return sorted(known - {kind.split(" ")[0] for kind in counts} - {"evidence.chunk_kept"})


OPENED_AT = "2016-08-24 14:00"  # by the clock of who opens it: no term ends between
LOST = ("ledger", "casefile")  # whose journals are put back from older copies


def stopped(living, clock):
    """Once all have followed each other to the end. Who starts next begins with this clock."""
    living.tips()
    living.stop()
    living.at(clock)


def accepted(living):
    """The streams stand as they are now."""
    until = time.monotonic() + 60
    while living.lq("status").returncode != 0:
        for name in LOST:
            living.lq("diverged", "accept", name, "--reason", "盘坏了", "--as", "admin")
        check(time.monotonic() < until, living.lq("status").stderr)
        time.sleep(0.5)


def another_history(living):
    """Journals are put back from older copies and accepted as they are."""
    copies = {name: (os.path.join(living.data, "journal", name), os.path.join(living.directory, name)) for name in LOST}
    stopped(living, "2016-08-24 09:00")
    for journal, copy in copies.values():
        shutil.copytree(journal, copy)
    living.start()
    living.wait_until_up()
    county.say(living, "clerk", 0, "ledger step QY-9000 inspected")
    county.say(living, "QH007", 0, "case file 夏案2")
    stopped(living, "2016-08-24 10:00")
    for journal, copy in copies.values():
        shutil.rmtree(journal)
        shutil.copytree(copy, journal)
    living.start()
    accepted(living)


def told_by(living):
    """What a later version must tell. What is told of people is recorded before, so the chains come last."""
    tips = living.tips()
    first, counts = county.records(living, tips)
    missing = events_to_come(counts)
    check(not missing, f"no event of these kinds: {missing}")
    told = {"opened_at": OPENED_AT, "reader": county.INSPECTOR, "kinds": counts, "records": first,
            "shows": {line: living.json(*line.split()) for line in county.SHOWS}}
    written = {name for name, tip in living.tips().items() if tip != tips[name]}
    check(written <= county.READINGS, f"showing has written something: {written}")
    return {**told, "verified": county.verified(living)}


def main():
    lq, directory = sys.argv[1:]
    os.makedirs(directory, exist_ok=True)
    living = Living(lq, county.STARTS)
    county.configure(living)
    with living:
        living.packed = os.path.abspath(os.path.join(directory, "journals.tar.xz"))
        county.work(living)
        another_history(living)
        living.at("2016-08-24 12:00")
        told = told_by(living)
    with open(os.path.join(directory, "told.json"), "w", encoding="utf-8") as out:
        json.dump(told, out, ensure_ascii=False, indent=1)
        out.write("\n")
    for kind, count in told["kinds"].items():
        print(f"{kind:50}{count:6}")


if __name__ == "__main__":
    main()
