#!/usr/bin/python3
"""What officials read, on a terminal of 80 columns: the sample campaign and a day of the force are loaded, and every
command of lq that reads is run over them in Chinese and English (reads.py)."""

import sys

import reads
from day import Day, play
from system import check


def main():
    with Day(sys.argv[1]) as day:
        play(day)
        wrong = reads.walk(day)
        check(not wrong, f"{len(wrong)} lines:\n" + "\n".join(wrong))


if __name__ == "__main__":
    main()
