#!/usr/bin/python3
"""with_system.py LQ COMMAND...: runs a command beside a real system with a small force on duty. The command finds in its
environment LQ (the program), LQ_DATA (the system's directory), LQ_ENDPOINT (of the bus) and LQ_KEYS (where D1.bundle,
L1.bundle, … are). Ends as the command does."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "e2e"))
import force  # noqa: E402
from system import System, check  # noqa: E402

BADGES = ("D1", "C1", "L1", "L2", "G1", "K1")
OTHERS = (("G1", "吴联", "liaison"), ("I1", "郑督", "inspector"), ("K1", "冯录", "clerk"))  # who are in no shift


def endpoint_of(system):
    with open(os.path.join(system.data, "run", "endpoint"), encoding="utf-8") as file:
        return file.read().split()[0]


def run_beside(system, badges, command, more=None):
    """Runs the command with the keys of these; gives its exit code."""
    endpoint = endpoint_of(system)
    for badge in badges:
        done = system.lq("key", "issue", badge, "--bundle", "--address", endpoint)
        check(done.returncode == 0, done.stderr)
    environment = {**os.environ, "LQ": system.lq_path, "LQ_DATA": system.data, "LQ_ENDPOINT": endpoint,
                   "LQ_KEYS": os.path.join(system.data, "keys"), "LC_ALL": "C.UTF-8", **(more or {})}
    return subprocess.run(command, env=environment, check=False).returncode


def main():
    lq, *command = sys.argv[1:]
    system = System(lq)
    system.issues_papers_of_xian()
    with system:
        force.load(system)
        for badge, name, role in OTHERS:
            done = system.lq("shift", "register", badge, "--name", name, "--role", role)
            check(done.returncode == 0, done.stderr)
        code = run_beside(system, BADGES, command)
    sys.exit(code)


if __name__ == "__main__":
    main()
