#!/usr/bin/python3
"""The import itself is ended midway, several times, by SIGKILL and by Ctrl-C; run again it goes on,
and what comes out is what an import without a break makes."""

import os
import signal
import subprocess
import sys
import tempfile
import time

import make_county
from system import PATIENCE_S, System, check, check_figures, check_refused


def interrupt(system, folder, with_signal, records):
    """Ends an import once so many records more are there; while they are counted it is held."""
    running = subprocess.Popen(system.command("import", folder), stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    before, until = count(system), time.monotonic() + PATIENCE_S
    while running.poll() is None and count(system) < before + records:
        check(time.monotonic() < until, "the import does not go on")
        running.send_signal(signal.SIGCONT)
        time.sleep(0.01)
        running.send_signal(signal.SIGSTOP)
    was_running = running.poll() is None
    running.send_signal(with_signal)
    running.send_signal(signal.SIGCONT)
    running.wait(PATIENCE_S)
    return was_running


def count(system):
    return sum(one["tip"]["seq"] for one in system.json("status") if "tip" in one)


def main():
    lq = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        _, told = make_county.make(folder, seed=5, size=80, wrong=True)
        with System(lq) as system:
            broken = 0
            for with_signal in (signal.SIGKILL, signal.SIGINT, signal.SIGKILL, signal.SIGTERM):
                broken += interrupt(system, folder, with_signal, 150)
            check(broken >= 2, f"only {broken} imports were still running when they were ended")
            code, refused, said = system.import_folder(folder)
            check(code == 1, f"the last import ended with {code}:\n{said}")
            check_refused(refused, told)
            check_figures(system, told)
            before = system.tips()
            system.import_folder(folder)
            check(system.tips() == before, "an import after the last one added records")


if __name__ == "__main__":
    main()
