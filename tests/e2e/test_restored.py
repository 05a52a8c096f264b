#!/usr/bin/python3
"""Journals that were put back from last night's copy: whoever has seen more is told so, by name of
the stream and what to do, instead of waiting for ever or passing over what is recorded now."""

import os
import shutil
import sys
import time

from system import PATIENCE_S, System, check

# How far they have followed ledger: to the last record that had an effect with them.
FOLLOWERS = {"monitor": 5, "dispatch": 5, "seizure": 5, "casefile": 5, "tips": 5, "fund": 5, "stats": 4}
TOGETHER = "put back all journals from one and the same backup"


def register(system, *numbers):
    for number in numbers:
        done = system.lq("ledger", "register", number, "--name", f"厂{number}", "--township", "东乡")
        check(done.returncode == 0, done.stderr)


def put_back(system, copy, *services):
    """Copies journals back from a backup; of all services, if none is named."""
    for service in services or os.listdir(copy):
        journal = os.path.join(system.data, "journal", service)
        shutil.rmtree(journal)
        shutil.copytree(os.path.join(copy, service), journal)


def wait_until(held, what):
    until = time.monotonic() + PATIENCE_S
    while not held():
        check(time.monotonic() < until, what)
        time.sleep(0.2)


def states(system):
    rows = {}
    for line in system.lq("status").stdout.splitlines()[1:]:
        service, state = line.split()[:2]
        rows[service] = state
    return rows


def check_verified(system, otherwise):
    """`lq verify`: ok, but for the services that `otherwise` names, whose words it gives."""
    done = system.lq("verify", "--json")
    check(done.returncode == (1 if otherwise else 0), f"{done.stdout}{done.stderr}")
    for service, words in otherwise.items():
        check(f"{service}: {service} has followed ledger up to {words}" in done.stderr, done.stderr)
        check(TOGETHER in done.stderr, done.stderr)
        check(system.lq("verify", service).returncode == 1, f"lq verify {service} is content")
    check(done.stdout.count("DIVERGED") == len(otherwise), done.stdout)


def watch(system, file, *options):
    return system.lq("watch", "ledger", "--resume", file, *options)


def check_watch_ends(system, file, words):
    with open(file, encoding="utf-8") as stream:
        before = stream.read()
    done = watch(system, file)
    check(done.returncode == 1 and words in done.stderr, f"{done.returncode}: {done.stderr}")
    check("--from-start" in done.stderr and file in done.stderr, done.stderr)
    with open(file, encoding="utf-8") as stream:
        check(stream.read() == before, "the position was moved")


def one_journal_of_yesterday(system, night, desk):
    """The services that follow it stand and say so, and nobody is given figures that mix the two."""
    put_back(system, night, "ledger")
    check_verified(system, {name: f"record {seq}, but that journal ends at record 2"
                            for name, seq in FOLLOWERS.items()})
    system.start()
    wait_until(lambda: states(system) == {name: "stands" if name in FOLLOWERS else "up"
                                          for name in ["bus", "shift", "ledger", "oversight", "evidence"]
                                          + list(FOLLOWERS)}, "the followers do not stand")
    with open(system.log.name, encoding="utf-8") as log:
        check("stats has followed ledger up to record 4, but that" in log.read(), "up says nothing")
    done = system.lq("status")
    check(done.returncode == 1, f"lq status ended with {done.returncode}")
    for name, seq in FOLLOWERS.items():
        check(f"{name} stands: {name} has followed ledger up to record {seq}" in done.stderr,
              done.stderr)
    check("ends at record 2, but record 5" in done.stderr and TOGETHER in done.stderr, done.stderr)
    check_watch_ends(system, desk, "ends at record 2, but record 5")

    # the stream grows past them, on another way: nobody goes on as if nothing had been
    register(system, "N3", "N4", "N5", "N6")
    check_verified(system, {name: f"record {seq}, but that journal has another record there"
                            for name, seq in FOLLOWERS.items()})
    wait_until(lambda: "record 5 of ledger is another one" in system.lq("status").stderr,
               "the followers do not look again")
    check_watch_ends(system, desk, "record 5 of ledger is another one")
    figures = system.lq("stats")
    check(figures.returncode != 0 and TOGETHER in figures.stderr, figures.stderr)


def the_right_journal_again(system, today):
    """Once the journal is there that belongs to the others, they go on by themselves."""
    system.stop()
    put_back(system, today, "ledger")
    system.start()
    system.wait_until_up()
    register(system, "E6")
    check(system.tips()["ledger"] == 6, "the records are not followed")
    check_verified(system, {})
    check(system.lq("stats").returncode == 0, "there are no figures")


def all_journals_of_yesterday(system, night, desk):
    """They fit together; who was not put back with them is told."""
    system.stop()
    put_back(system, night)
    system.start()
    system.wait_until_up()
    check_verified(system, {})
    register(system, "N3", "N4")
    check(system.tips()["ledger"] == 4, "the records are not followed")
    check_watch_ends(system, desk, "ends at record 4, but record 5")
    with open(desk, "w", encoding="utf-8") as stream:
        stream.write("ledger 5\n")  # as an earlier version kept it
    check_watch_ends(system, desk, "ends at record 4, but record 5")
    for line in ("ledger 5 ", "ledger 5 ab", "ledger 5 " + 64 * "x", "ledger x"):
        with open(desk, "w", encoding="utf-8") as stream:
            stream.write(f"{line}\n")
        done = watch(system, desk)
        check(done.returncode == 1 and f"{desk}:1: " in done.stderr, f"{line}: {done.stderr}")
    os.unlink(desk)
    done = watch(system, desk, "--from-start", "--count", "4")
    check(done.returncode == 0 and "N4" in done.stdout, f"{done.stdout}{done.stderr}")


def main():
    with System(sys.argv[1]) as system:
        system.wait_until_up()
        journals = os.path.join(system.data, "journal")
        night, today = (os.path.join(system.directory, name) for name in ("night", "today"))
        desk = os.path.join(system.directory, "desk")
        register(system, "E1", "E2")
        system.tips()
        system.stop()
        shutil.copytree(journals, night)
        system.start()
        system.wait_until_up()
        register(system, "E3")
        done = system.lq("ledger", "step", "E3", "suspended")
        check(done.returncode == 0, done.stderr)
        register(system, "E4")
        done = watch(system, desk, "--from-start", "--count", "5")
        check(done.returncode == 0 and done.stdout.count("premises_registered") == 4, done.stderr)
        with open(desk, encoding="utf-8") as stream:
            line = stream.read().split()
        check(line[:2] == ["ledger", "5"] and len(line[2]) == 64, line)
        system.tips()
        check_verified(system, {})
        system.stop()
        shutil.copytree(journals, today)
        one_journal_of_yesterday(system, night, desk)
        the_right_journal_again(system, today)
        all_journals_of_yesterday(system, night, desk)


if __name__ == "__main__":
    main()
