#!/usr/bin/python3
"""How long lq takes to start: start.py LQ ROUNDS

Prints the medians of `lq help`, of what else asks nobody, and of a program that does nothing (true),
which is what starting any program takes here. In turns, so that all have the same machine. Fails if
the median of `lq help` is more than 15 ms."""

import os
import statistics
import subprocess
import sys
import time

MOST_MS = 15


def start(words):
    began = time.perf_counter()
    with open(os.devnull, "wb") as nowhere:
        subprocess.run(words, stdin=subprocess.DEVNULL, stdout=nowhere, stderr=nowhere, check=True)
    return (time.perf_counter() - began) * 1000


def main():
    lq, rounds = sys.argv[1], int(sys.argv[2])
    lines = {"a program that does nothing": ["/bin/true"], "lq help": [lq, "help"],
             "lq help order issue": [lq, "help", "order", "issue"],
             "lq complete (Tab)": [lq, "complete", "ord"]}
    taken = {name: [] for name in lines}
    for name, words in [*lines.items()] + [*lines.items()] * rounds:  # the first is not counted
        taken[name].append(start(words))
    libraries = subprocess.run(["ldd", lq], capture_output=True, check=True).stdout.count(b"\n")
    print(f"| started {rounds} times in turns | median ms | least ms |\n|---|--:|--:|")
    for name, times in taken.items():
        print(f"| {name} | {statistics.median(times[1:]):.1f} | {min(times[1:]):.1f} |")
    print(f"\n{libraries} shared libraries.")
    median = statistics.median(taken["lq help"][1:])
    if median > MOST_MS:
        sys.exit(f"lq help takes {median:.1f} ms; at most {MOST_MS} are allowed")


main()
