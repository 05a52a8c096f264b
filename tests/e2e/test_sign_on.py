#!/usr/bin/python3
"""A lead's terminal is set up with one file, and is nobody else's by mistake."""

import os
import shutil
import subprocess
import sys

from force import load, order
from system import System, check


class Terminal:
    """A directory of its own, as on another machine."""

    def __init__(self, system, name):
        self.lq_path = system.lq_path
        self.data = os.path.join(system.directory, name)

    def lq(self, *arguments):
        return subprocess.run([self.lq_path, "--data", self.data, *arguments], encoding="utf-8",
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)


def bundle_of(system, badge):
    done = system.lq("key", "issue", badge, "--bundle")
    check(done.returncode == 0 and badge + ".bundle" in done.stdout, done.stdout + done.stderr)
    path = os.path.join(system.data, "keys", badge + ".bundle")
    check(os.stat(path).st_mode & 0o777 == 0o600, "others can read a secret key")
    return path


def one_file_is_enough(system):
    device = Terminal(system, "device")
    file = os.path.join(system.directory, "stick.bundle")
    shutil.copy(bundle_of(system, "L1"), file)
    done = device.lq("sign-on", file)
    check(done.returncode == 0 and "set up for L1" in done.stdout, done.stdout + done.stderr)
    check("delete " + file in done.stderr, done.stderr)
    key = os.path.join(device.data, "keys", "L1.key")
    check(os.stat(key).st_mode & 0o777 == 0o600, "others can read the key")
    listed = device.lq("order", "list")  # neither --as nor --bus
    check(listed.returncode == 0 and "N1" in listed.stdout, listed.stdout + listed.stderr)
    kept = device.lq("order", "ack", "N1", "--later", "--bus", "tcp://127.0.0.1:1")
    check(kept.returncode == 0, f"the file told the team: {kept.stderr}")
    sent = device.lq("outbox", "send")
    check(sent.returncode == 0 and "accepted" in sent.stdout, sent.stdout + sent.stderr)
    again = device.lq("sign-on", file)
    check(again.returncode == 0, "the same file again is refused")
    return device


def nobody_is_overwritten(system, device):
    other = bundle_of(system, "L2")
    done = device.lq("sign-on", other)
    check(done.returncode == 1 and "set up for L1" in done.stderr, done.stderr)
    check(not os.path.exists(os.path.join(device.data, "keys", "L2.key")), "half of it was done")
    done = device.lq("sign-on", other, "--force")
    check(done.returncode == 0 and "set up for L2" in done.stdout, done.stderr)
    at_the_bus = system.lq("sign-on", other, "--force")
    check(at_the_bus.returncode == 1 and "the system itself" in at_the_bus.stderr, at_the_bus.stderr)
    with open(os.path.join(device.data, "keys", "bus.pub"), encoding="utf-8") as file:
        right = file.read()
    stranger = ("#" if right[1] != "#" else "%").join((right[:1], right[2:]))
    with open(os.path.join(device.data, "keys", "bus.pub"), "w", encoding="utf-8") as file:
        file.write(stranger)
    done = device.lq("sign-on", other)
    check(done.returncode == 1 and "another system" in done.stderr, done.stderr)
    check(device.lq("sign-on", other, "--force").returncode == 0, "--force does not")


def what_is_no_such_file_is_told(system, device):
    with open(bundle_of(system, "L2"), encoding="utf-8") as file:
        whole = file.read()
    bad = os.path.join(system.directory, "bad.bundle")
    for cut, told in (("badge L2\n", "must have lines"), ("tcp://", "tcp://HOST:PORT"),
                      (whole.split("\nsecret ")[1][:8], "key")):
        with open(bad, "w", encoding="utf-8") as file:
            file.write(whole.replace(cut, "" if cut.startswith("badge") else "x" * len(cut)))
        done = device.lq("sign-on", bad)
        check(done.returncode == 1 and told in done.stderr, f"{cut}: {done.stderr}")
    with open(bad, "w", encoding="utf-8") as file:
        file.write(whole.replace("badge L2", "badge ../L2"))
    check(device.lq("sign-on", bad).returncode == 2, "a path for a badge")
    everywhere = system.lq("key", "issue", "L2", "--bundle", "--address", "tcp://0.0.0.0:7400")
    check(everywhere.returncode == 2 and "--address" in everywhere.stderr, everywhere.stderr)


def main():
    with System(sys.argv[1]) as system:
        load(system)
        order(system, "N1")
        device = one_file_is_enough(system)
        nobody_is_overwritten(system, device)
        what_is_no_such_file_is_told(system, device)


if __name__ == "__main__":
    main()
