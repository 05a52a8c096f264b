#!/usr/bin/python3
"""An order on which something was done is not cancelled: whoever has just sealed an item is told which."""

import sys

from force import load, order
from system import System, check


def done(system, who, *line):
    told = system.lq(*line, "--as", who)
    check(told.returncode == 0, f"{line}: {told.stderr}")
    return told.stdout


def cancel(system, who, number):
    return system.lq("order", "cancel", number, "--why", "entered twice", "--as", who)


def seal(system, number, name, at="E0001"):
    done(system, "L1", "seizure", "record", name, "--order", number, "--target", at, "--kind",
         "transformer", "--action", "sealed", "--seal", f"F{name}", "--officer", "L1", "--officer", "M1")


def what_was_sealed_keeps_the_order(system):
    order(system, "N1")
    done(system, "D1", "order", "join", "N1", "T01", "M1")
    done(system, "D1", "order", "join", "N1", "T01", "L1")
    for i in range(10):  # at once: the terminal has seen the seal, so dispatch must have
        name = f"I{i}"
        seal(system, "N1", name)
        for who in ("D1", "C1"):
            told = cancel(system, who, "N1")
            check(told.returncode == 1 and "ORDER_CARRIED_OUT" in told.stderr
                  and f"{name} (F{name})" in told.stderr, f"{who}: {told.stdout}{told.stderr}")
        shown = system.json("order", "show", "N1")
        check([one["number"] for one in shown["work"]] == [name], shown)
        done(system, "H1", "seizure", "release", name)
    told = cancel(system, "D1", "N1")
    check(told.returncode == 1 and "ORDER_HAS_PARTICIPANTS" in told.stderr, told.stderr)
    told = cancel(system, "C1", "N1")
    check(told.returncode == 0, told.stderr)


def what_was_dismantled_keeps_it_for_good(system):
    order(system, "N2")
    done(system, "L1", "seizure", "record", "J1", "--order", "N2", "--target", "E0001", "--kind", "cupola",
         "--action", "dismantled", "--officer", "L1", "--officer", "M1")
    told = system.lq("order", "cancel", "N2", "--why", "x", "--as", "C1", "--lang", "zh")
    check(told.returncode == 1 and "J1" in told.stderr and "拆除" in told.stderr, told.stderr)
    for step in ("ack", "depart", "arrive", "finish"):
        done(system, "L1", "order", step, "N2")


def main():
    with System(sys.argv[1]) as system:
        load(system)
        what_was_sealed_keeps_the_order(system)
        what_was_dismantled_keeps_it_for_good(system)
        system.restart()  # and still known
        shown = system.json("order", "show", "N2")
        check([one["kind"] for one in shown["work"]] == ["item_dismantled"], shown)
    print("nothing that was done hangs on an order that was cancelled")


if __name__ == "__main__":
    main()
