#!/usr/bin/python3
"""A disk that fills up: commands are refused with what to do, reading goes on, nothing ends or is
started again in turn, and with room everything goes on by itself.

The disk is a tmpfs of this test's own, which takes root; without, the test is left out (77)."""

import contextlib
import ctypes
import json
import os
import subprocess
import sys
import time

from system import System, check

MIB = 1 << 20
CLONE_NEWNS, MS_REC, MS_PRIVATE = 0x20000, 0x4000, 0x40000


def own_mounts():
    """What is mounted from now on is seen by this process and its children, and ends with them."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) != 0 or \
            libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None) != 0:
        print(f"no mounts of one's own here: {os.strerror(ctypes.get_errno())}")
        sys.exit(77)


class SmallSystem(System):
    """A system on a disk of its own, with a policy."""

    up_codes = (0, 1)  # 1: up, and full

    def __init__(self, lq, size_mib, policy=""):
        super().__init__(lq)
        self.disk = os.path.join(self.directory, "disk")
        self.data = os.path.join(self.disk, "var")
        os.mkdir(self.disk)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size_mib}m", "tmpfs",
                               self.disk], check=False)
        if done.returncode != 0:
            print("a tmpfs cannot be mounted here")
            sys.exit(77)
        os.makedirs(os.path.join(self.data, "config"))
        with open(os.path.join(self.data, "config", "policy.yaml"), "w", encoding="utf-8") as file:
            file.write("revision: test\n" + policy)

    def __exit__(self, kind, *rest):
        try:
            super().__exit__(kind, *rest)
        finally:
            subprocess.run(["umount", self.disk], check=False)

    def fill(self, leave_bytes):
        found = os.statvfs(self.disk)
        with open(os.path.join(self.disk, "other"), "ab") as file:
            os.posix_fallocate(file.fileno(), 0,
                               max(found.f_bavail * found.f_frsize - leave_bytes, 1))

    def make_room(self):
        with contextlib.suppress(FileNotFoundError):
            os.remove(os.path.join(self.disk, "other"))

    def pids(self):
        return {one["service"]: one.get("pid") for one in self.raw_status()[1]}

    def raw_status(self):
        done = self.lq("status", "--json")
        return done, json.loads(done.stdout)

    def record(self):
        return self.lq("oversight", "record-interview", "official")


def check_refused(system, words):
    before = time.monotonic()
    done = system.record()
    check(done.returncode == 1, f"{done.returncode} {done.stderr}")
    check("accepted" not in done.stdout, done.stdout)
    for word in words:
        check(word in done.stderr, f"'{word}' is not told: {done.stderr}")
    check(system.data not in done.stderr, f"a path is told: {done.stderr}")
    check(time.monotonic() - before < 25, "it took long to be told")
    check("official" in system.lq("oversight", "interviews").stdout, "what is there cannot be read")


def test_refused_early(lq):
    """With the default limit, long before the end of the disk."""
    with SmallSystem(lq, 300) as system:
        check(system.record().returncode == 0, "refused with room")
        status = system.lq("status")
        check("DISK FREE" in status.stdout and "free" not in status.stderr, status.stderr)
        system.fill(200 * MIB)  # little, but more than the limit
        status = system.lq("status")
        check(status.returncode == 0, f"{status.returncode} {status.stderr}")
        check("warning" in status.stderr and "nearly full" in status.stderr and
              "cannot be told" in status.stderr, status.stderr)
        check(system.record().returncode == 0, "refused with room")

        system.make_room()
        system.fill(100 * MIB)
        before = system.pids()
        check_refused(system, ["oversight", "disk", "MiB free", "128 MiB", "make room"])
        status = system.lq("status")
        check(status.returncode == 1, f"{status.returncode} {status.stderr}")
        check(status.stdout.count(" full ") == 11, status.stdout)
        check(status.stderr.count("\n") == 1 and "the disk of the journals is full" in
              status.stderr and "128 MiB" in status.stderr, status.stderr)
        status, services = system.raw_status()
        check(all("full" in one for one in services if one["service"] != "bus"), status.stdout)
        chinese = system.lq("--lang", "zh", "status")
        check("空间不足" in chinese.stdout and "日志所在磁盘已满" in chinese.stderr, chinese.stderr)
        check(system.pids() == before, "a service was started again")

        system.restart()  # starts, reads and says so; the exit code of its status is 1
        check_refused(system, ["MiB free"])
        with open(system.log.name, encoding="utf-8", errors="replace") as log:
            check("MiB free; below 128 MiB" in log.read(), "lq up does not say so")
        system.make_room()
        check(system.record().returncode == 0, "refused with room")
        check(system.lq("status").stderr == "", "told of a disk that has room")


def test_full_to_the_end(lq):
    """Without a limit: a write finds no room."""
    with SmallSystem(lq, 40, "disk_refuse_free_mib: 0\n") as system:
        check(system.record().returncode == 0, "refused with room")
        before = system.pids()
        system.fill(0)
        for _ in range(200):  # until the pages that are free within the file are used up
            done = system.record()
            if done.returncode != 0:
                break
        check_refused(system, ["oversight", "found no room", "15 seconds"])
        until = time.monotonic() + 40  # it tries again meanwhile, and does not say so while it does
        while "oversight takes no commands" not in system.lq("status").stderr:
            check(time.monotonic() < until, system.lq("status").stderr)
            system.record()
        check(system.lq("status").returncode == 1, "lq status says that all is well")
        check(system.pids() == before, "a service was started again")
        system.make_room()
        until = time.monotonic() + 60
        while system.record().returncode != 0:
            check(time.monotonic() < until, "it does not go on")
            time.sleep(1)
        check(system.pids() == before, "a service was started again")
        check(system.lq("verify").returncode == 0, "a journal is damaged")


def main():
    own_mounts()
    lq = os.path.abspath(sys.argv[1])
    test_refused_early(lq)
    test_full_to_the_end(lq)


if __name__ == "__main__":
    main()
