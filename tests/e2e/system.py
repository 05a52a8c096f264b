"""A system of real processes in a directory of its own, for end-to-end tests."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

XIAN_POLICY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "configs", "xian", "policy.yaml")
PATIENCE_S = 60  # a sanitized build on a busy machine is slow


class System:
    """Starts `lq up` on a free port; stopped, and its directory removed, at the end of `with`."""

    up_codes = (0,)  # of lq status, once all are up
    listen = "tcp://127.0.0.1:*"
    up_options = ("--no-web",)  # its address is one, and tests run side by side

    def __init__(self, lq):
        self.lq_path = os.path.abspath(lq)
        self.directory = tempfile.mkdtemp(prefix="lianqin-测试 ")
        self.data = os.path.join(self.directory, "var")

    def issues_papers_of_xian(self):
        """To be said before it starts: papers bear the names of the campaign's county, not those of any."""
        with open(XIAN_POLICY, encoding="utf-8") as file:
            names = file.read().split("\npapers:\n")[1].split("\n\n")[0]
        folder = os.path.join(self.data, "config")
        os.makedirs(folder)
        with open(os.path.join(folder, "policy.yaml"), "w", encoding="utf-8") as file:
            file.write(f"revision: with-papers\npapers:\n{names}\n")

    def __enter__(self):
        self.log = open(os.path.join(self.directory, "up.log"), "wb")
        self.start()
        try:
            self.wait_until_up()
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def __exit__(self, kind, *_):
        if self.up.poll() is None:
            self.up.terminate()
        code = self.up.wait(PATIENCE_S)
        self.log.close()
        if kind is not None:
            with open(self.log.name, encoding="utf-8", errors="replace") as log:
                print("---- lq up:", log.read()[-8000:], sep="\n", file=sys.stderr)
        shutil.rmtree(self.directory, ignore_errors=True)
        if kind is None:
            check(code == 0, f"lq up ended with {code}")

    def start(self):
        """Does not wait until it is up."""
        self.up = subprocess.Popen(
            [self.lq_path, "--data", self.data, "up", "--listen", self.listen,
             *self.up_options],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT)

    def stop(self):
        self.up.terminate()
        code = self.up.wait(PATIENCE_S)
        check(code == 0, f"lq up ended with {code}")

    def restart(self):
        """The same directory again, with what its settings say now."""
        self.stop()
        self.start()
        self.wait_until_up()

    def wait_until_up(self):
        until = time.monotonic() + PATIENCE_S
        while self.lq("status").returncode not in self.up_codes:
            check(self.up.poll() is None, "lq up ended")
            check(time.monotonic() < until, "the services are not up after a minute")
            time.sleep(0.1)

    # ------------------------------------------------------------ lq

    def command(self, *arguments):
        return [self.lq_path, "--data", self.data, *arguments]

    def lq(self, *arguments):
        return subprocess.run(self.command(*arguments), stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=10 * PATIENCE_S, check=False,
                              encoding="utf-8", env={**os.environ, "LC_ALL": "C.UTF-8"})

    def json(self, *arguments):
        done = self.lq(*arguments, "--json")
        check(done.returncode == 0, f"lq {' '.join(arguments)}: {done.returncode} {done.stderr}")
        return json.loads(done.stdout)

    def import_folder(self, folder):
        """Imports; gives the exit code, the lines that were refused, and what was said."""
        return outcome(self.lq("import", folder))

    def tips(self):
        """How many records each service has, once all have followed each other to the end."""
        until = time.monotonic() + PATIENCE_S
        before = None
        while True:
            services = {one["service"]: one for one in self.json("status")}
            tips = {name: one["tip"]["seq"] for name, one in services.items() if "tip" in one}
            behind = any(follow["seq"] < tips.get(follow["stream"], 0)
                         for one in services.values() for follow in one.get("follows", []))
            if tips == before and not behind:
                return tips
            check(time.monotonic() < until, f"the services do not catch up: {services}")
            before = tips
            time.sleep(0.2)

    def figures(self, first="", last=""):
        arguments = ["stats", "--by", "township"]
        arguments += ["--from", first] if first else []
        arguments += ["--to", last] if last else []
        return self.json(*arguments)

    # ------------------------------------------------------------ killing

    def pid_of(self, part):
        """The process of a service, or of the bus: the child of lq up that bears its name."""
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                with open(f"/proc/{entry}/stat", encoding="utf-8") as stat:
                    parent = int(stat.read().rsplit(")", 1)[1].split()[1])
                with open(f"/proc/{entry}/cmdline", "rb") as line:
                    words = line.read().split(b"\0")
            except (OSError, IndexError):
                continue
            if parent == self.up.pid and len(words) > 1 and words[-2] == part.encode():
                return int(entry)
        return None

    def kill(self, part):
        """kill -9; False if it was not running just then, because lq up is about to start it."""
        pid = self.pid_of(part)
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
        return pid is not None


def outcome(done):
    refused = {(file, int(line)): why
               for file, line, why in re.findall(r"^(\w+\.csv):(\d+): (.*)$", done.stderr, re.M)}
    return done.returncode, refused, done.stderr


# ---------------------------------------------------------------- checks


def write(folder, name, text, encoding="utf-8"):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "w", encoding=encoding, newline="") as file:
        file.write(text)


def check(held, otherwise):
    if not held:
        raise AssertionError(otherwise)


def check_refused(refused, told):
    wanted = {(row["file"], row["line"]): row["why"] for row in told["refused"]}
    for place, why in wanted.items():
        check(place in refused, f"{place} was kept, though it is wrong: {why}")
    for place, why in refused.items():
        check(place in wanted, f"{place} was refused, though it is right: {why}")


def check_figures(system, told):
    for one in told["figures"]:
        counted = system.figures(one["from"], one["to"])
        check(counted == one["figures"],
              f"from {one['from'] or 'the beginning'} to {one['to'] or 'the end'}:\n"
              f"  counted  {counted}\n  expected {one['figures']}")
