"""lianqin-web as a process, at a free port, before a system of its own or anything else."""

import os
import re
import resource
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "e2e"))
from system import PATIENCE_S, System, check  # pylint: disable=wrong-import-position


class Host:
    """Starts lianqin-web; `address` and `tls_address` are where it listens."""

    def __init__(self, lq, data, *options, settings="", page=None, files=None):
        self.program = os.path.join(os.path.dirname(os.path.abspath(lq)), "lianqin-web")
        self.directory = tempfile.TemporaryDirectory(prefix="lianqin-网页 ")
        self.data, self.options, self.page, self.files = data, options, page, files
        self.settings = os.path.join(self.directory.name, "lianqin.yaml")
        with open(self.settings, "w", encoding="utf-8") as file:
            file.write(settings)
        self.start()

    def start(self):
        """Waits until it listens."""
        self.log_path = os.path.join(self.directory.name, "web.log")
        page = ["--page", self.page] if self.page is not None else []
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(  # pylint: disable=subprocess-popen-preexec-fn
                [self.program, "--data", self.data, "--settings", self.settings, "--listen",
                 "http://127.0.0.1:*", *page, *self.options], stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, preexec_fn=self.limit_files, env={**os.environ, "ASAN_OPTIONS": self.sanitizer()})
        until = time.monotonic() + PATIENCE_S
        while "the bus is at" not in self.log():
            check(self.process.poll() is None, f"lianqin-web ended: {self.log()}")
            check(time.monotonic() < until, f"lianqin-web does not listen: {self.log()}")
            time.sleep(0.05)
        self.address = self.listens("http")
        self.tls_address = self.listens("https")

    def limit_files(self):
        """In the process that becomes lianqin-web: (soft, hard)."""
        if self.files is not None:
            resource.setrlimit(resource.RLIMIT_NOFILE, self.files)

    @staticmethod
    def sanitizer():
        """What was freed is given back soon, so that memory can be measured."""
        return os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1:thread_local_quarantine_size_kb=64"

    def listens(self, scheme):
        found = re.search(rf"the page is at {scheme}://([^:/]+):(\d+)/", self.log())
        return (found[1], int(found[2])) if found else None

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()

    def memory(self):
        """(resident KiB, open files)."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            resident = int(re.search(r"VmRSS:\s+(\d+)", status.read())[1])
        return resident, len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def cpu_s(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self, code=0):
        """Ends it as systemd would; it must end well (no sanitizer has anything to say)."""
        self.process.terminate()
        ended = self.process.wait(PATIENCE_S)
        check(ended == code, f"lianqin-web ended with {ended}: {self.log()[-4000:]}")

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if self.process.poll() is None:
            if kind is None:
                self.stop()
            else:
                self.process.kill()
                self.process.wait()
        if kind is not None:
            print("---- lianqin-web:", self.log()[-8000:], sep="\n", file=sys.stderr)
        self.directory.cleanup()


__all__ = ["Host", "PATIENCE_S", "System", "check"]
