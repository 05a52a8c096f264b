#!/usr/bin/python3
"""kill -9 of each service and of the bus in the middle of an import: the import ends as without,
nothing is lost or there twice, and the journals verify."""

import signal
import subprocess
import sys
import tempfile
import threading
import time

import make_county
from system import PATIENCE_S, System, check, check_figures, check_refused, outcome

PARTS = ["shift", "ledger", "dispatch", "bus", "seizure", "casefile", "stats", "tips", "oversight", "evidence", "monitor", "fund"]


def kill_in_turn(system, running, killed):
    """Each once, while the import runs; some of them while others are still starting. Between two of
    them the import is held, or it would be over too soon."""
    for part in PARTS:
        time.sleep(0.02)
        while running.poll() is None and not system.kill(part):
            time.sleep(0.02)
        if running.poll() is None:
            killed.append(part)
        running.send_signal(signal.SIGSTOP)
        time.sleep(0.15)
        running.send_signal(signal.SIGCONT)


def main():
    lq = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        _, told = make_county.make(folder, seed=11, size=400, wrong=True)
        with System(lq) as system:
            running = subprocess.Popen(system.command("import", folder), stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                       encoding="utf-8")
            killed = []
            killer = threading.Thread(target=kill_in_turn, args=(system, running, killed))
            killer.start()
            out, said = running.communicate(timeout=5 * PATIENCE_S)
            killer.join()
            done = subprocess.CompletedProcess([], running.returncode, out, said)
            code, refused, said = outcome(done)
            check(code == 1, f"the import ended with {code} after {killed}:\n{said}")
            check(killed == PARTS, f"the import was too quick, only these were killed: {killed}")
            check_refused(refused, told)
            system.wait_until_up()
            system.tips()
            check_figures(system, told)
            verified = system.lq("verify")
            check(verified.returncode == 0, f"lq verify: {verified.stdout}{verified.stderr}")
            print("killed:", " ".join(killed))


if __name__ == "__main__":
    main()
