#!/usr/bin/python3
"""`lq … show` says what may be done next and who may, and what it says can be typed."""

import sys

from system import System, check


def lines_of(system, *what):
    done = system.lq(*what)
    check(done.returncode == 0, f"{what}: {done.stderr}")
    return [line for line in done.stdout.splitlines() if line.startswith("next")]


def told(system, number):
    steps = system.json("ledger", "show", number).get("next", [])
    check(all(step["of"] == number for step in steps), f"{number} is told {steps}")
    return [(step["command"], step["step"], step["who"], step["behalf"]) for step in steps]


def main():
    who = ["commander", "desk", "clerk", "lead"]
    with System(sys.argv[1]) as system:
        for number, standing, kind in ("E1", "enterprise", "foundry"), \
                                      ("S1", "unlicensed_site", "kiln"):
            done = system.lq("ledger", "register", number, "--name", "厂", "--township", "镇",
                             "--kind", kind, "--standing", standing)
            check(done.returncode == 0, done.stderr)
        check(lines_of(system, "ledger", "show", "S1") == [] and told(system, "S1") == [],
              "an unlicensed site is told of steps")

        taken = []
        while steps := told(system, "E1"):
            words = [f"step {step}" for _, step, _, _ in steps]
            check(all(one == ("record_step", one[1], who, []) for one in steps), f"{steps}")
            shown = ", ".join(f"{one} ({', '.join(who)})" for one in words)
            lines = lines_of(system, "ledger", "show", "E1")
            check(lines == [f"next: {shown}"], f"{lines}, but it is {shown}")
            noun_verb, step = ["ledger", "step", "E1"], words[-1].split()[1]
            done = system.lq(*noun_verb, step)
            check(done.returncode == 0, f"{step} was told, and rejected: {done.stderr}")
            taken.append(step)
        check(taken == ["suspended", "inspected", "closed"], f"taken: {taken}")
        check(lines_of(system, "ledger", "show", "E1") == [], "closed, and a step is told")
        shown = system.lq("ledger", "show", "E1", "--csv")
        check(shown.returncode == 0 and "next" not in shown.stdout, shown.stdout)


if __name__ == "__main__":
    main()
