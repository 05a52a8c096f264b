#!/usr/bin/python3
"""What officials read, on a terminal of 80 columns: the sample campaign and a day of the force are loaded, and every
command of lq that reads is run over them in Chinese and English (reads.py)."""

import sys

import reads
from day import Day, play


def main():
    with Day(sys.argv[1]) as day:
        play(day)
        reads.read_all(day)


if __name__ == "__main__":
    main()
