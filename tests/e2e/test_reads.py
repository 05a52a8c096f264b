#!/usr/bin/python3
"""What officials read, on a terminal of 80 columns: the sample campaign and a day of the force are loaded, and every
command of lq that reads is run over them in Chinese and English (reads.py)."""

import os
import sys

import reads
from day import Day, play
from system import check


def a_countys_own_words(day):
    """What the county calls a kind stands in its settings: shown, and taken."""
    path = os.path.join(day.data, "config", "lianqin.yaml")
    with open(path, encoding="utf-8") as file:
        settings = file.read()
    check("\nwords: []\n" in settings, "lianqin.yaml names no words")
    of = day.json("seizure", "list", "--kind", "cupola")
    with open(path, "w", encoding="utf-8") as file:
        file.write(settings.replace("\nwords: []\n", "\nwords: [{of: cupola, is: 化铁炉}]\n"))
    check(of and day.json("seizure", "list", "--kind", "化铁炉") == of, "the county's word is not taken")
    told = day.do("seizure", "show", of[0]["number"], "--lang", "zh")
    check("化铁炉" in told and "冲天炉" not in told, f"the county's word is not shown: {told}")
    check("化铁炉" in day.do("stats", "--lang", "zh"), "figures do not show the county's word")
    check("cupola" in day.do("seizure", "show", of[0]["number"], "--lang", "en"), "English")


def main():
    with Day(sys.argv[1]) as day:
        play(day)
        reads.read_all(day)
        a_countys_own_words(day)


if __name__ == "__main__":
    main()
