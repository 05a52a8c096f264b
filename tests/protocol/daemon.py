"""A real lianqind in a directory of its own, and its list of keys, edited as the document says."""

import os
import re
import subprocess
import time

from client import make_keys, write_key_file

START_MS = 30000


class Daemon:
    def __init__(self, program, directory):
        self.data = os.path.join(directory, "data")
        self.log_path = os.path.join(directory, "log")
        self.keys = {}  # badge -> (public, secret)
        with open(self.log_path, "w") as log:
            self.process = subprocess.Popen(
                [program, "--data", self.data, "--listen", "tcp://127.0.0.1:*", "all"],
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.endpoint = self.first_line("run/endpoint")
        self.bus_public = self.first_line("keys/bus.pub")

    def path(self, name):
        return os.path.join(self.data, name)

    def first_line(self, name):
        """Of a file that the daemon writes as it starts; the endpoint's comes last."""
        until = time.monotonic() + START_MS / 1000
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with open(self.path(name)) as file:
                    line = file.readline()
                if line.endswith("\n"):
                    return line.strip()
            except FileNotFoundError:
                pass
            time.sleep(0.02)
        raise RuntimeError(f"lianqind did not start:\n{self.log()}")

    def log(self):
        with open(self.log_path) as file:
            return file.read()

    def edit_keys(self, edit):
        """Replaces the list of keys by rename, so that the bus never reads half of one."""
        path = self.path("keys/authorized")
        with open(path) as file:
            text = edit(file.read())
        descriptor = os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        os.rename(path + ".new", path)

    def issue_key(self, badge, roles):
        keys = self.keys[badge] = make_keys()
        write_key_file(self.path(f"keys/{badge}.key"), keys)
        self.edit_keys(lambda text: text + f"{keys[0]} {badge} {roles} # made by hand\n")

    def revoke_key(self, badge):
        revoked = r"\1 revoked 2015-03-06T13:14:38+08:00\2"
        line = re.compile(rf"^(\S+ {re.escape(badge)} \S+)(.*)$", re.MULTILINE)
        self.edit_keys(lambda text: line.sub(revoked, text))

    def stop(self):
        """Ends it in order; gives its exit status."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
        return self.process.wait()
