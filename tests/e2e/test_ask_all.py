#!/usr/bin/python3
"""lq due, alerts and audit ask all services at once: those that do not answer hold none of the others.

    test_ask_all.py LQ
"""

import os
import signal
import sys
import time

from force import load, order
from system import System, check

STOPPED = "seizure", "casefile", "ledger"
SAID = "查封", "案件", "台账"  # as people are told of them
SILENCE_S = 10  # that lq waits for those who stay silent; signing on takes 3 s more then


def main():
    system = System(sys.argv[1])
    with system:
        load(system)
        for badge in "D1", "C1", "H1", "L1":
            check(system.lq("key", "issue", badge).returncode == 0, badge)
        order(system, "O0001")
        system.tips()
        before = system.lq("due", "--lang", "zh")
        check(before.returncode == 0 and "O0001" in before.stdout, f"{before}")
        pids = [system.pid_of(service) for service in STOPPED]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            began = time.monotonic()
            done = system.lq("due", "--lang", "zh")
            took = time.monotonic() - began
            check(done.returncode == 3 and "O0001" in done.stdout, f"{done}")
            check(all(service in done.stderr for service in SAID), f"{done}")
            check(took < 2 * SILENCE_S, f"three silent services held lq due for {took} s")
            done = system.lq("alerts", "--as", "L1", "--lang", "zh")
            check(done.returncode == 3 and all(service in done.stderr for service in SAID), f"{done}")
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
        done = system.lq("due", "--lang", "zh")
        check(done.returncode == 0 and "O0001" in done.stdout and done.stderr == "", f"{done}")


if __name__ == "__main__":
    main()
