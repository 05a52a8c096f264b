#!/usr/bin/python3
"""Every kind of event stands in a golden store, so that a change by which its records are read otherwise, or not at
all, is noticed.

    test_golden_kinds.py KINDS

KINDS is lq-golden-kinds, which counts in the journals themselves.
"""

import glob
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))

# Kinds that no store can have, each with why. At present there is none; one that a store has is no exception.
EXCEPTIONS = {}


def counted(kinds, stores):
    """How many records of each kind all stores have together."""
    with tempfile.TemporaryDirectory() as data:
        folders = []
        for store in stores:
            folders.append(os.path.join(data, os.path.basename(store)))
            os.mkdir(folders[-1])
            subprocess.run(["tar", "--extract", "--file", os.path.join(store, "journals.tar.xz"), "--directory",
                            folders[-1]], check=True)
        done = subprocess.run([kinds, *(os.path.join(folder, "journal") for folder in folders)], stdout=subprocess.PIPE,
                              check=True, encoding="utf-8")
    return {kind: int(number) for kind, number in map(str.split, done.stdout.splitlines())}


def judge(counts):
    """What is wrong, as lines."""
    for kind, number in counts.items():
        if number == 0 and kind not in EXCEPTIONS:
            yield f"{kind}: no golden store has a record of it"
    for kind in EXCEPTIONS:
        if counts.get(kind) != 0:
            yield f"{kind}: an exception that is none: {counts.get(kind, 'there is no such kind')}"


def main():
    stores = sorted(glob.glob(os.path.join(HERE, "[0-9]*-*")))
    counts = counted(sys.argv[1], stores)
    wrong = list(judge(counts))
    if wrong:
        print(*wrong, "Let tests/golden/late_august.txt do what makes such a record, and make the next store with"
              " tests/golden/make: see tests/golden/README.md", sep="\n", file=sys.stderr)
    print(f"{len(counts)} kinds of event in {len(stores)} golden stores, {len(EXCEPTIONS)} exceptions")
    return 1 if wrong or not stores else 0


if __name__ == "__main__":
    sys.exit(main())
