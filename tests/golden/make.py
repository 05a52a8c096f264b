#!/usr/bin/python3
"""Makes a golden store with the lq that is given, and writes down what it shows.

    make.py LQ DIRECTORY

DIRECTORY gets journals.tar.xz, the journals of all services as lq left them when it was stopped, and
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
from system import System, check


class Living(System):
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


def events():
    """Every kind of event that the messages of that version know."""
    return {f"{service}.{name}" for service in county.SERVICES
            for name in county.event_kinds(service)}


def another_history(living):
    """The ledger's journal is put back from an older copy and accepted as it is."""
    journal = os.path.join(living.data, "journal", "ledger")
    copy = os.path.join(living.directory, "ledger")
    living.tips()
    living.stop()
    shutil.copytree(journal, copy)
    living.start()
    living.wait_until_up()
    check(living.lq("ledger", "step", "QY-9000", "inspected").returncode == 0, "the step is not taken")
    living.tips()
    living.stop()
    shutil.rmtree(journal)
    shutil.copytree(copy, journal)
    living.start()
    accept = ["diverged", "accept", "ledger", "--reason", "盘坏了", "--as", "admin"]
    until = time.monotonic() + 60
    while living.lq("status").returncode != 0:
        living.lq(*accept)
        check(time.monotonic() < until, living.lq("status").stderr)
        time.sleep(0.5)


def main():
    lq, directory = sys.argv[1:]
    os.makedirs(directory, exist_ok=True)
    with Living(lq) as living:
        living.packed = os.path.abspath(os.path.join(directory, "journals.tar.xz"))
        county.work(living)
        another_history(living)
        tips = living.tips()
        first, counts = county.records(living, tips)
        missing = events() - set(counts)
        check(not missing, f"no event of these kinds: {sorted(missing)}")
        told = {
            "verified": county.verified(living),
            "kinds": counts,
            "records": first,
            "shows": {line: living.json(*line.split()) for line in county.SHOWS},
        }
        check(living.tips() == tips, "showing has written something")
    with open(os.path.join(directory, "told.json"), "w", encoding="utf-8") as out:
        json.dump(told, out, ensure_ascii=False, indent=1)
        out.write("\n")
    for kind, count in counts.items():
        print(f"{kind:34}{count:6}")


if __name__ == "__main__":
    main()
