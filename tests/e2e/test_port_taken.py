#!/usr/bin/python3
"""A bus whose address is taken says so and stops: no other address instead."""

import os
import socket
import subprocess
import sys
import tempfile

from system import System, check


def up(lq, data, *options):
    return subprocess.run([lq, "--data", data, "up", *options], stdin=subprocess.DEVNULL,
                          capture_output=True, encoding="utf-8", timeout=60, check=False)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def main():
    lq = os.path.abspath(sys.argv[1])
    with socket.socket() as other, tempfile.TemporaryDirectory() as directory:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        data = os.path.join(directory, "var")
        os.makedirs(os.path.join(data, "config"))
        for key in ("listen", "link_listen"):
            with open(os.path.join(data, "config", "lianqin.yaml"), "w", encoding="utf-8") as file:
                rest = "" if key == "listen" else f"  listen: tcp://127.0.0.1:{free_port()}\n"
                file.write(f"bus:\n{rest}  {key}: tcp://0.0.0.0:{port}\n")
            done = up(lq, data)
            told = f"tcp://0.0.0.0:{port} is taken by another program"
            check(done.returncode == 1 and told in done.stderr, f"{done.returncode} {done.stderr}")
            check("bus." + key in done.stderr and "lianqin.yaml" in done.stderr, done.stderr)
            check(not os.path.exists(os.path.join(data, "run", "endpoint")), "it listens elsewhere")
        done = up(lq, os.path.join(directory, "other"), "--listen", f"tcp://127.0.0.1:{port}")
        check(done.returncode == 1 and "--listen" in done.stderr, done.stderr)
    with System(lq) as system:  # and the address is free again when a system has ended
        check(system.lq("status").returncode == 0, "not up")


if __name__ == "__main__":
    main()
