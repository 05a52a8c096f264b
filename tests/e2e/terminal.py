"""What a terminal gets of lq, and how wide that is."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import unicodedata

COLUMNS = 80
ESCAPE = re.compile(r"\x1b\[[0-9;]*[mK]")


def run_on_terminal(system, *arguments, columns=COLUMNS, errors=False, **environment):
    """The exit code, and what a terminal gets; standard error only with `errors`."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    own = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "COLUMNS")}
    process = subprocess.Popen(system.command(*arguments), stdin=subprocess.DEVNULL, stdout=slave,
                               stderr=slave if errors else subprocess.PIPE,
                               env={**own, "LC_ALL": "C.UTF-8", "TERM": "xterm", **environment})
    os.close(slave)
    told = b""
    while True:
        try:
            some = os.read(master, 65536)
        except OSError:
            break
        if not some:
            break
        told += some
    process.communicate()
    os.close(master)
    return process.returncode, told.decode().replace("\r\n", "\n")


def on_terminal(system, *arguments, **how):
    return run_on_terminal(system, *arguments, **how)[1]


def width(text):
    return sum(0 if unicodedata.combining(one) else
               2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
