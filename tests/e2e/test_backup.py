#!/usr/bin/python3
"""A backup that is taken while commands flow fits together, holds what had been acknowledged, and is
put back into another data directory; one that is damaged is refused with words."""

import os
import shutil
import stat
import subprocess
import sys
import tarfile
import time

import force
from system import PATIENCE_S, System, check

FOLDERS = ["config", "keys", "journal"]


def start_flow(system):
    """Premises are registered as fast as they are taken, more than there is time for."""
    folder = os.path.join(system.directory, "flow")
    os.mkdir(folder)
    with open(os.path.join(folder, "enterprises.csv"), "w", encoding="utf-8") as file:
        file.write(force.ENTERPRISES.splitlines()[0] + "\n")
        file.writelines(f"F{i},厂{i},甲镇,张三,38.2,116.4,malleable_iron_foundry,李一,李二,停产,"
                        "2027-05-01\n" for i in range(100000))
    return subprocess.Popen(system.command("import", folder, "--quiet"), stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def records_of(system, service):
    return next(one["tip"]["seq"] for one in system.json("status") if one["service"] == service)


def run_backup(system, file):
    """While premises are registered; gives what it holds, and the figures before it began."""
    before, figures = system.tips(), system.figures()
    flow = start_flow(system)
    try:
        until = time.monotonic() + PATIENCE_S
        while records_of(system, "ledger") < before["ledger"] + 100:
            check(flow.poll() is None and time.monotonic() < until, "the commands do not flow")
        before["ledger"] = records_of(system, "ledger")
        rows = verified(system.json("backup", file))
        check(flow.poll() is None, "the commands did not flow all the time")
        check(records_of(system, "ledger") > rows["ledger"], "it stood while it was copied")
    finally:
        flow.kill()
        flow.wait()
    for service, records in before.items():
        check(rows[service] >= records, f"{service}: {rows[service]} of {records} records")
    return rows, figures


def verified(rows):
    check(all(row["verdict"] == "ok" and row["tip_hash"] for row in rows), rows)
    return {row["service"]: row["records"] for row in rows}


def check_file(system, file, rows):
    check(stat.S_IMODE(os.stat(file).st_mode) == 0o600, "others may read the keys")
    check(os.listdir(os.path.dirname(file)) == [os.path.basename(file)], "something was left")
    check(verified(system.json("verify", file)) == rows, "lq verify FILE says otherwise")
    plain = os.path.join(system.directory, "plain")
    with tarfile.open(file) as tar:  # without any program of Lianqin
        tar.extractall(plain)
    done = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=plain, check=False,
                          capture_output=True, encoding="utf-8")
    check(done.returncode == 0, f"{done.stdout}{done.stderr}")
    for name in ("keys/authorized", "keys/bus.key", "config/policy.yaml", "journal/stats/data.mdb"):
        check(os.path.isfile(os.path.join(plain, name)), f"{name} is not in it")


def at(system, data, *arguments):
    own, system.data = system.data, data
    try:
        return system.lq(*arguments)
    finally:
        system.data = own


# ---------------------------------------------------------------- damage


def altered(file, copy, change):
    with open(file, "rb") as stream:
        old = stream.read()
    with open(copy, "wb") as stream:
        stream.write(change(old))


def flip(old, place):
    return old[:place] + bytes([old[place] ^ 1]) + old[place + 1:]


def with_entry(file, copy, name, kind=tarfile.REGTYPE):
    with tarfile.open(file) as old, tarfile.open(copy, "w") as new:
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = kind, "/etc/passwd"
        new.addfile(entry)
        for one in old:
            new.addfile(one, old.extractfile(one))


def check_refused(system, copy, *words):
    there = os.path.join(system.directory, "nowhere")
    for done in (system.lq("verify", copy), at(system, there, "restore", copy)):
        check(done.returncode == 1, f"{words}: {done.returncode} {done.stdout}{done.stderr}")
        for word in words:
            check(word in done.stderr, f"{word}: {done.stderr}")
    check(os.listdir(there) == ["run"], os.listdir(there))


def damaged(system, file):
    copy = os.path.join(system.directory, "damaged")
    with tarfile.open(file) as tar:
        config = tar.getmember("config/policy.yaml").offset_data
        journal = tar.getmember("journal/ledger/data.mdb")
    altered(file, copy, lambda old: flip(old, config + 3))
    check_refused(system, copy, "config/policy.yaml", "is not what was put there")
    altered(file, copy, lambda old: flip(old, journal.offset_data + journal.size - 9))
    check_refused(system, copy, "journal/ledger/data.mdb", "is not what was put there")
    altered(file, copy, lambda old: old[:journal.offset_data + journal.size // 2])
    check_refused(system, copy, "damaged")
    altered(file, copy, lambda old: old[:journal.offset])
    check_refused(system, copy, "SHA256SUMS, its last part, is missing")
    altered(file, copy, lambda old: flip(old, journal.offset))
    check_refused(system, copy, "damaged")
    altered(file, copy, lambda old: b"")
    check_refused(system, copy, "not a backup")
    for name in ("../out", "config/../../out", "/config/out", "run/out", "config"):
        with_entry(file, copy, name)
        check_refused(system, copy, f'it holds "{name}"')
    with_entry(file, copy, "config/link", tarfile.SYMTYPE)
    check_refused(system, copy, 'it holds "config/link"')


def diverged(system, file):
    """All sums fit, but one journal is of an earlier day: it was made by somebody else."""
    older, mixed = (os.path.join(system.directory, name) for name in ("older", "mixed"))
    check(system.lq("backup", older).returncode == 0, "no second backup")
    with tarfile.open(file) as tar:
        tar.extractall(mixed)
    with tarfile.open(older) as tar:
        tar.extract("journal/dispatch/data.mdb", mixed)
    with open(os.path.join(mixed, "SHA256SUMS"), encoding="utf-8") as stream:
        names = [line.split(maxsplit=1)[1].rstrip("\n") for line in stream]
    sums = subprocess.run(["sha256sum", *names], cwd=mixed, check=True, capture_output=True)
    with open(os.path.join(mixed, "SHA256SUMS"), "wb") as stream:
        stream.write(sums.stdout)
    copy = os.path.join(system.directory, "mixed.tar")
    with tarfile.open(copy, "w") as tar:
        for name in names + ["SHA256SUMS"]:
            tar.add(os.path.join(mixed, name), name)
    check_refused(system, copy, "dispatch has followed ledger up to record")


# ---------------------------------------------------------------- putting it back


def restored_elsewhere(system, file, rows, figures):
    other = os.path.join(system.directory, "elsewhere")
    done = at(system, other, "restore", file)
    check(done.returncode == 0 and "is restored into" in done.stderr, done.stderr)
    check(sorted(os.listdir(other)) == sorted(FOLDERS + ["run"]), os.listdir(other))
    system.stop()
    own, system.data = system.data, other
    check(verified(system.json("verify")) == rows, "it is not what was in the backup")
    system.start()
    system.wait_until_up()
    tips = system.tips()
    check(all(tips[name] >= records for name, records in rows.items()), f"{tips} after {rows}")
    check(system.figures() == figures, "the figures differ")
    force.order(system, "O0002", "T02")  # and work goes on
    check(verified(system.json("verify"))["dispatch"] > rows["dispatch"], "nothing was recorded")
    return own


def over_what_is_there(system, file, rows):
    """Not where it runs; and what was there is moved aside, not lost."""
    done = system.lq("restore", file, "--force")
    check(done.returncode == 1 and "is running" in done.stderr, done.stderr)
    system.stop()
    newer = verified(system.json("verify"))
    done = system.lq("restore", file)
    check(done.returncode == 1 and "--force" in done.stderr, done.stderr)
    check(verified(system.json("verify")) == newer, "it was touched all the same")
    done = system.lq("restore", file, "--force")
    check(done.returncode == 0, done.stderr)
    check(verified(system.json("verify")) == rows, "it is not what was in the backup")
    aside = [name for name in os.listdir(system.data) if name.startswith("before-restore-")]
    check(len(aside) == 1, os.listdir(system.data))
    done = at(system, os.path.join(system.data, aside[0]), "verify", "--json")
    check(done.returncode == 0, done.stderr)
    system.start()
    system.wait_until_up()


def main():
    with System(sys.argv[1]) as system:
        system.wait_until_up()
        force.load(system)
        force.order(system, "O0001")
        folder = os.path.join(system.directory, "备份")
        os.mkdir(folder)
        file = os.path.join(folder, "夜 1.tar")
        rows, figures = run_backup(system, file)
        check_file(system, file, rows)
        done = system.lq("backup", os.path.join(folder, "missing", "x"))
        check(done.returncode == 1 and "missing" in done.stderr, done.stderr)
        done = at(system, folder, "backup", os.path.join(system.directory, "none"))
        check(done.returncode == 1 and "there is no journal" in done.stderr, done.stderr)
        damaged(system, file)
        force.order(system, "O0009", "T02")
        diverged(system, file)
        restored_elsewhere(system, file, rows, figures)
        over_what_is_there(system, file, rows)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
