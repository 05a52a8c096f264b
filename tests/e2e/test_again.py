#!/usr/bin/python3
"""A command that nobody answered, typed again with the id that lq told: it is carried out once,
whether the service had taken it in or not."""

import os
import re
import signal
import sys
import time

from system import PATIENCE_S, System, check


def interviews(system):
    return len(system.json("oversight", "interviews"))


def ask_a_deaf_service(system, *options):
    """The service does not run while it is asked; afterwards it does, and finds the request."""
    pid = system.pid_of("oversight")
    os.kill(pid, signal.SIGSTOP)
    try:
        done = system.lq("oversight", "record-interview", "official", *options)
    finally:
        os.kill(pid, signal.SIGCONT)
    check(done.returncode == 3, f"asking a deaf service ended with {done.returncode}")
    told = re.search(r"--id ([0-9a-f-]{36})", done.stderr)
    check(told is not None, f"lq does not tell the id: {done.stderr}")
    return told.group(1)


def main():
    with System(sys.argv[1]) as system:
        settings = os.path.join(system.data, "config", "lianqin.yaml")
        with open(settings, encoding="utf-8") as file:
            patient = file.read()
        with open(settings, "w", encoding="utf-8") as file:
            file.write(re.sub(r"give_up_ms: \d+", "give_up_ms: 3000", patient))
        again = ["oversight", "record-interview", "official", "--id"]
        nothing = system.lq("again")
        check(nothing.returncode == 1 and "nothing to repeat" in nothing.stderr, nothing.stderr)
        told = ask_a_deaf_service(system)
        until = time.monotonic() + PATIENCE_S
        while interviews(system) == 0:  # it was carried out all the same
            check(time.monotonic() < until, "the service has not found the request")
            time.sleep(0.1)
        done = system.lq("again")
        check(done.returncode == 0 and "sent before" in done.stdout, f"{done.stdout}{done.stderr}")
        check("record_interview" in done.stderr and "official" in done.stderr, done.stderr)
        check(interviews(system) == 1, "lq again has it carried out twice")
        check(system.lq("again").returncode == 1, "it is answered, and repeated still")
        done = system.lq(*again, told)
        check(done.returncode == 0 and "sent before" in done.stdout, f"{done.stdout}{done.stderr}")
        check(interviews(system) == 1, "carried out twice")

        other = system.lq("oversight", "record-interview", "enterprise", "--id", told)
        check(other.returncode == 1, "other words under the same id are not refused")
        fresh = system.lq(*again, "0190a5c4-1b2d-7e3f-8a4b-5c6d7e8f9a0b")
        check(fresh.returncode == 0 and "before" not in fresh.stdout, fresh.stdout + fresh.stderr)
        check(interviews(system) == 2, "an id that nobody had used is not taken")
        for wrong in ("", "O0001", "0190a5c4-1b2d-4e3f-8a4b-5c6d7e8f9a0b"):  # version 4
            done = system.lq(*again, wrong)
            check(done.returncode == 2 and "--id takes" in done.stderr, f"{wrong}: {done.stderr}")
        many = system.lq("shift", "plan", "--to", "2015-03-09", "--first", "A", "--id", told)
        check(many.returncode == 2 and "many shifts" in many.stderr, many.stderr)


if __name__ == "__main__":
    main()
