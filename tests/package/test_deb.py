#!/usr/bin/python3
"""The Debian package: test_deb.py CPACK BUILD

It is built of what BUILD has, taken apart, and put into a scratch root, where the units are verified,
user and folders are made, and every unit is started as it says, as far as that goes without systemd."""

import glob
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
from system import check  # noqa: E402

SERVICES = ["shift", "monitor", "ledger", "dispatch", "seizure", "casefile", "tips", "fund", "oversight",
            "evidence", "stats"]
UNITS = ["lianqin-bus.service", "lianqin@.service", "lianqin-metrics.service",
         "lianqin-backup.service", "lianqin-web-cert.service", "lianqin-web.service",
         "lianqin-backup.timer", "lianqin-web-cert.timer", "lianqin.target"]
PAGE = "usr/share/lianqin/web/"  # where npm was to be had when the tree was built
SETTINGS = ["lianqin.yaml", "policy.yaml", "law.yaml", "calendar.yaml", "forms.yaml"]
WANTED = (["usr/bin/lq", "usr/bin/lianqind", "usr/bin/lianqin-probe", "usr/bin/lianqin-web", "usr/libexec/lianqin/lq-full", "usr/lib/sysusers.d/lianqin.conf",
           "usr/lib/tmpfiles.d/lianqin.conf", "usr/share/bash-completion/completions/lq",
           "usr/share/zsh/site-functions/_lq"] +
          [f"usr/lib/systemd/system/{unit}" for unit in UNITS] +
          [f"etc/lianqin/{name}" for name in SETTINGS] +
          [f"usr/share/man/{folder}man{page[-1]}/{page}" for folder in ("", "zh_CN/")
           for page in ("lq.1", "lianqind.8", "lianqin-web.8", "lianqin.yaml.5")] +
          [f"usr/share/doc/lianqin/{name}"
           for name in ("CHANGELOG.md", "operations.md", "operations.zh.md")])
HARDENED = {"User": "lianqin", "NoNewPrivileges": "yes", "CapabilityBoundingSet": "",
            "ProtectSystem": "strict", "StateDirectory": "lianqin", "StateDirectoryMode": "0700",
            "PrivateTmp": "yes", "MemoryDenyWriteExecute": "yes",
            "RestrictAddressFamilies": "AF_UNIX AF_INET AF_INET6"}


def run(*words, **more):
    done = subprocess.run(words, capture_output=True, encoding="utf-8", check=False, timeout=120,
                          stdin=subprocess.DEVNULL, **more)
    check(done.returncode == 0, f"{' '.join(words)}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def build(cpack, tree, work):
    run(cpack, "-G", "DEB", "-B", work, "--config", os.path.join(tree, "CPackConfig.cmake"))
    packages = glob.glob(os.path.join(work, "*.deb"))
    check(len(packages) == 1, f"{packages}")
    return packages[0]


# ---------------------------------------------------------------- what is in it


def check_control(package, work, root):
    control = os.path.join(work, "control")
    run("dpkg-deb", "-e", package, control)
    told = run("dpkg-deb", "-f", package)
    fields = dict(re.findall(r"^([A-Z][A-Za-z-]*): (.*)$", told, re.M))
    check(fields["Package"] == "lianqin" and re.fullmatch(r"[0-9.]+", fields["Version"]), told)
    depends = re.findall(r"[a-z0-9.+-]+(?=[ ,]|$)", fields["Depends"])
    for needed in ("systemd", "libzmq5", "liblmdb0", "libsodium23", "libmicrohttpd12", "libqrencode4", "libwebsockets17",
                   "libwebsockets-evlib-uv"):
        check(needed in depends, f"does not depend on {needed}: {fields['Depends']}")
    with open(os.path.join(control, "conffiles"), encoding="utf-8") as file:
        check(sorted(file.read().split()) == sorted(f"/etc/lianqin/{name}" for name in SETTINGS),
              "conffiles are other files than the settings")
    for script in ("postinst", "prerm", "postrm"):
        path = os.path.join(control, script)
        check(os.access(path, os.X_OK), f"{script} cannot be run")
        run("sh", "-n", path)
        with open(path, encoding="utf-8") as file:
            check(not re.search(r"\brm\b|deluser|userdel", file.read()),
                  f"{script} removes what is not the package's")
    for line in run("dpkg-deb", "-c", package).splitlines():
        mode, owner = line.split()[:2]
        check(owner == "root/root", line)
        check(mode[5] != "w" and mode[8] != "w", f"others may write: {line}")
    for path in WANTED:
        there = os.path.join(root, path)
        check(os.path.isfile(there) and os.path.getsize(there) > 0, f"{path} is missing or empty")
    found = {os.path.relpath(os.path.join(folder, name), root)
             for folder, _, names in os.walk(root) for name in names}
    more = {path for path in found - set(WANTED) if not path.startswith(PAGE)}
    check(not more, f"more than is wanted: {more}")


# ---------------------------------------------------------------- the units


def unit_of(root, name):
    """{key: value} of all sections; what is there twice is joined by a line feed."""
    settings = {}
    with open(os.path.join(root, "usr/lib/systemd/system", name), encoding="utf-8") as file:
        for line in file.read().splitlines():
            rest = re.sub(r"^#.*|lianqin@|@system-service|@privileged", "", line)
            check("@" not in rest, f"not filled in: {line}")
            if line and line[0] not in "#[":
                key, value = line.split("=", 1)
                settings[key] = settings[key] + "\n" + value if key in settings else value
    return settings


def check_units(root):
    for name in UNITS[:5]:
        unit = unit_of(root, name)
        for key, value in HARDENED.items():
            check(unit.get(key) == value, f"{name}: {key} is {unit.get(key)!r}, not {value!r}")
        # Not @resources: libzmq may not be kept from setting the scheduling of its threads.
        check(unit["SystemCallFilter"] == "@system-service\n~@privileged", name)
    web = unit_of(root, "lianqin-web.service")  # as hard, and a stranger to keys and journals
    for key, value in HARDENED.items():
        check(web.get(key) == (None if key.startswith("StateDirectory") else
                               "lianqin-web" if key == "User" else value), f"web: {key} is {web.get(key)!r}")
    check(web["InaccessiblePaths"] == "-/var/lib/lianqin -/var/backups/lianqin", "web sees the data")
    wanted = unit_of(root, "lianqin.target")["Wants"].split()
    check(wanted == ["lianqin-bus.service"] + [f"lianqin@{name}.service" for name in SERVICES],
          f"the target wants {wanted}")


def verify_units(root):
    """As systemd reads them, where it is installed: beside its own, and a shell."""
    folder = "usr/lib/systemd/system"
    if shutil.which("systemd-analyze") is None or not os.path.isdir("/" + folder):
        print("systemd is not installed here: the units are not verified")
        return
    names = ["lianqin-bus.service", "lianqin@shift.service", "lianqin-metrics.service",
             "lianqin-backup.service", "lianqin-web-cert.service", "lianqin-web.service",
             "lianqin-backup.timer", "lianqin-web-cert.timer", "lianqin.target"]
    checked = root + ".checked"
    shutil.copytree(root, checked)
    for target in glob.glob(f"/{folder}/*.target"):
        shutil.copy(target, os.path.join(checked, folder))
    os.makedirs(os.path.join(checked, "bin"))
    shutil.copy("/bin/sh", os.path.join(checked, "bin/sh"))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", f"--root={checked}", *names],
                          capture_output=True, encoding="utf-8", check=False, timeout=60)
    told = [line for line in done.stderr.splitlines() if "lianqin" in line]
    check(done.returncode == 0 and not told, f"{done.returncode} {done.stderr}")
    for name in names[:6]: # 0 is nothing exposed, 10 everything; a unit that says nothing has 9.6
        run("systemd-analyze", "security", "--offline=yes", "--threshold=20", "--no-pager",
            f"--root={checked}", name)
    if os.geteuid() == 0:
        run("systemd-sysusers", f"--root={checked}", "lianqin.conf")
        run("systemd-tmpfiles", f"--root={checked}", "--create", "lianqin.conf")
        state = os.path.join(checked, "var/lib/lianqin")
        check(os.stat(state).st_mode & 0o777 == 0o700 and os.stat(state).st_uid != 0, "its folder")
        check(os.readlink(os.path.join(state, "config")) == "/etc/lianqin", "its settings")
        check(os.stat(os.path.join(checked, "var/backups/lianqin")).st_mode & 0o777 == 0o700, "")


# ---------------------------------------------------------------- running them


class Process:
    """A unit's process, as it is started; `ready` once it says so, if it is of such a type."""

    def __init__(self, place, name, instance=""):
        unit = unit_of(place["root"], name)
        line = unit["ExecStart"].replace("%%", "%").replace("%i", instance).replace("$$", "$")
        for what, where in place["moved"].items():
            line = line.replace(what, where)
        self.unit, self.name = unit, instance or name
        path = os.path.join(place["work"], f"notify-{self.name}")
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(path)
        self.notify.settimeout(60)
        self.log = open(os.path.join(place["work"], f"{self.name}.log"), "w+b")
        journal = os.fstat(self.log.fileno())
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "NOTIFY_SOCKET": path,
                       "JOURNAL_STREAM": f"{journal.st_dev}:{journal.st_ino}"}
        self.process = subprocess.Popen(shlex.split(line), env=environment, cwd="/",
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        if unit["Type"] == "notify":
            check(self.notify.recv(4096) == b"READY=1", f"{self.name} is not ready")

    def said(self):
        self.log.flush()
        with open(self.log.name, encoding="utf-8", errors="replace") as log:
            return log.read()

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        check(code == 0, f"{self.name} ended with {code}: {self.said()}")
        if self.unit["Type"] == "notify":
            check(self.notify.recv(4096) == b"STOPPING=1", f"{self.name} did not say that it stops")


def check_log(process):
    """The system's journal reads the priority off each line, and has the time itself."""
    lines = process.said().splitlines()
    check(lines, f"{process.name} says nothing")
    for line in lines:
        check(re.match(r"<[346]>[a-z]+: \S", line), f"not for the journal: {line!r}")


def check_backup(place):
    backup = Process(place, "lianqin-backup.service")
    check(backup.process.wait(60) == 0, backup.said())
    made = glob.glob(os.path.join(place["backups"], "*.tar"))
    check(len(made) == 1 and re.search(r"/\d{4}-\d\d-\d\d-\d{6}\.tar$", made[0]), f"{made}")
    run(place["lq"], "verify", made[0])


def run_units(root, work):
    data, backups = os.path.join(work, "data"), os.path.join(work, "backups")
    os.mkdir(data, 0o700)
    os.mkdir(backups, 0o700)
    os.mkdir(os.path.join(work, "etc"))
    shutil.copytree(os.path.join(root, "etc/lianqin"), os.path.join(work, "etc/lianqin"))
    os.symlink(os.path.join(work, "etc/lianqin"), os.path.join(data, "config"))
    with socket.socket() as one, socket.socket() as other, socket.socket() as third:
        for each in (one, other, third):
            each.bind(("127.0.0.1", 0))
        ports = [each.getsockname()[1] for each in (one, other, third)]
    settings = os.path.join(work, "etc/lianqin/lianqin.yaml")
    with open(settings, encoding="utf-8") as file:
        text = file.read().replace("tcp://127.0.0.1:7400", f"tcp://127.0.0.1:{ports[0]}")
    text = text.replace("http://127.0.0.1:7480", f"http://127.0.0.1:{ports[2]}")
    text = text.replace('  listen: ""', f"  listen: 127.0.0.1:{ports[1]}")
    with open(settings, "w", encoding="utf-8") as file:
        file.write(text)
    place = {"root": root, "work": work, "backups": backups,
             "lq": os.path.join(root, "usr/bin/lq"),
             "moved": {"/usr/bin/": os.path.join(root, "usr/bin/"), "/var/lib/lianqin": data,
                       "/etc/lianqin": os.path.join(work, "etc/lianqin"),
                       "/var/backups/lianqin": backups}}
    processes = [Process(place, "lianqin-bus.service")]
    try:
        processes += [Process(place, "lianqin@.service", name) for name in SERVICES]
        lq = [place["lq"], "--data", data]
        end = time.monotonic() + 60
        while subprocess.run([*lq, "status"], capture_output=True, check=False).returncode != 0:
            check(time.monotonic() < end, f"not up: {[one.said() for one in processes]}")
            time.sleep(0.1)
        run(*lq, "oversight", "record-interview", "official")
        processes.append(Process(place, "lianqin-web.service"))
        with urllib.request.urlopen(f"http://127.0.0.1:{ports[2]}/", timeout=20) as page:
            check("联勤" in page.read().decode(), "no page")
        processes.append(Process(place, "lianqin-metrics.service"))
        check_backup(place)
        for one in processes[:-1]:
            check_log(one)
    finally:
        for one in reversed(processes):
            if sys.exc_info()[0] is not None:
                print(one.said(), file=sys.stderr)
                one.process.kill()
            else:
                one.end()
    check(sorted(os.listdir(os.path.join(work, "etc/lianqin"))) == sorted(SETTINGS),
          "the settings of a package are not written by its programs")


def main():
    cpack, tree = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="lianqin-deb-") as work:
        package = build(cpack, tree, work)
        root = os.path.join(work, "root")
        run("dpkg-deb", "-x", package, root)
        check_control(package, work, root)
        check_units(root)
        verify_units(root)
        run_units(root, work)


if __name__ == "__main__":
    main()
