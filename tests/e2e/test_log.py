#!/usr/bin/python3
"""`lq log` tells what was recorded of one thing, `lq file` all that is recorded of one premises."""

import sys

from system import System, check


def lq(system, *what):
    done = system.lq(*what)
    check(done.returncode == 0, f"{what}: {done.stderr}")
    return done.stdout


def kind(row):
    return next(iter(row["event"]))


def main():
    with System(sys.argv[1]) as system:
        for number in "E0001", "E0002":
            lq(system, "ledger", "register", number, "--name", "厂", "--township", "镇")
        lq(system, "ledger", "step", "E0001", "suspended")
        lq(system, "oversight", "record-interview", "enterprise") # of another premises, if of any
        lq(system, "tips", "record", "Q001", "--channel", "letter", "--premises", "E0001",
           "--content", "夜里开工")

        told = [kind(row) for row in system.json("log", "premises", "e1")]
        check(told == ["premises_registered", "status_changed"], f"log says {told}")
        told = [kind(row) for row in system.json("log", "企业", "２")]
        check(told == ["premises_registered"], f"log in Chinese says {told}")

        rows = system.json("file", "1")
        told = [(row["stream"], kind(row)) for row in rows]
        check(told == [("ledger", "premises_registered"), ("ledger", "status_changed"),
                       ("tips", "tip_recorded")], f"file says {told}")
        check(rows[0]["occurred_at"] <= rows[-1]["occurred_at"], "not in the order of time")
        check(all(row["actor"] == "clerk" for row in rows), f"who: {rows}")

        # What is told of one thing does not depend on how much was recorded of others.
        for number in range(40):
            lq(system, "oversight", "record-interview", f"enterprise {number}")
        lq(system, "tips", "verify", "Q001", "--reward", "100")
        told = [(row["seq"], kind(row)) for row in system.json("log", "tip", "Q001")]
        check([what for _, what in told] == ["tip_recorded", "tip_verified"] and told[0] < told[1],
              f"the tip's log says {told}")
        told = [kind(row) for row in system.json("file", "1")]
        check(told == ["premises_registered", "status_changed", "tip_recorded", "tip_verified"],
              f"file says {told}: what is done with a thing belongs to its premises")
        told = [kind(row) for row in system.json("log", "interview", "YT0041")]
        check(told == ["interview_recorded"], f"the last interview's log says {told}")
        rows = system.json("oversight", "interviews")
        check([row["entered"]["record"] for row in rows] == list(range(1, 42)), f"{rows[:2]}")
        check("oversight#41" in lq(system, "oversight", "interviews"), "the list has no records")

        for wrong in ("log", "premises", "E0003"), ("file", "E0003"):
            done = system.lq(*wrong)
            check(done.returncode == 1 and "nothing is recorded of E0003" in done.stderr,
                  f"{wrong}: {done.returncode} {done.stderr}")
        done = system.lq("log", "ship", "1")
        check(done.returncode == 2 and "is no kind of thing that is recorded; there are: person" in done.stderr, done.stderr)


if __name__ == "__main__":
    main()
