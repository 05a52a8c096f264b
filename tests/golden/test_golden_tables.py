#!/usr/bin/python3
"""What `apply` makes of old events: the same rows as long as the tables have the same version.

    test_golden_tables.py TABLES [--write]

TABLES is lq-golden-tables. tables.txt beside this file has a line for each service of each golden
store: the version of its tables and a hash of their rows. A service whose `apply` makes other rows
of old events, though no row has another shape, must raise `tables_version` (decision 0018), or the
stores of its users keep the rows of before. --write writes tables.txt anew, once that is done.
"""

import glob
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOLD = os.path.join(HERE, "tables.txt")


def made(tables, folder):
    with tempfile.TemporaryDirectory() as data:
        subprocess.run(["tar", "--extract", "--file", os.path.join(folder, "journals.tar.xz"),
                        "--directory", data], check=True)
        done = subprocess.run([tables, os.path.join(data, "journal")], stdout=subprocess.PIPE,
                              check=True, encoding="utf-8")
    name = os.path.basename(folder)
    return {(name, service): (version, rows) for service, version, rows in
            map(str.split, done.stdout.splitlines())}


def judge(now, told):
    """What is wrong with what is made now, as lines."""
    for (store, service), (version, rows) in now.items():
        version_then, rows_then = told.get((store, service), (None, None))
        if version == version_then and rows != rows_then:
            yield (f"{store}, {service}: other rows come of old events, under the same version of the"
                   f" tables. If that is meant, raise tables_version of {service} (decision 0018)")
        elif version != version_then:
            yield (f"{store}, {service}: the tables have another version than tables.txt says. If"
                   f" that is meant: ninja update_golden_tables")
    for store, service in told.keys() - now.keys():
        yield f"{store}, {service}: is in tables.txt, but not here any more"


def main():
    now = {}
    for folder in sorted(glob.glob(os.path.join(HERE, "[0-9]*-*"))):
        now |= made(sys.argv[1], folder)
    with open(TOLD, encoding="utf-8") as file:
        told = {(store, service): (version, rows) for store, service, version, rows in
                map(str.split, file)}
    wrong = list(judge(now, told))
    if sys.argv[2:] == ["--write"]:
        if any("raise tables_version" in line for line in wrong):
            print(*wrong, sep="\n", file=sys.stderr)
            return 1
        with open(TOLD, "w", encoding="utf-8") as file:
            for (store, service), values in now.items():
                print(store, service, *values, file=file)
        return 0
    print(*wrong, sep="\n", file=sys.stderr)
    return 1 if wrong or not now else 0


if __name__ == "__main__":
    sys.exit(main())
