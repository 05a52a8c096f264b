#!/usr/bin/python3
"""A day of the force (day.py), against what it must come to. With --watch it is told as it happens."""

import sys

from day import Day, play


def main():
    with Day(sys.argv[1], watched="--watch" in sys.argv[2:]) as day:
        play(day)


if __name__ == "__main__":
    main()
