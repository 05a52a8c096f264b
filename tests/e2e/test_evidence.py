#!/usr/bin/python3
"""Photographs and films as evidence: 20 MiB come whole and verified though service, bus and terminal
are killed in the middle, in bounded memory; what is none, too large, empty or cut is refused and
nothing of it kept; what was kept is backed up, verified and put back with everything else."""

import hashlib
import os
import random
import re
import subprocess
import sys
import time

import force
from system import PATIENCE_S, System, check

MIB = 1 << 20
HEAD = b"\xff\xd8\xff\xe0\x00\x10JFIF\0" + bytes(9) + b"\xff\xda\x00\x02"  # up to the picture's data


def photograph(size, seed):
    data = random.Random(seed).randbytes(size - len(HEAD) - 2).replace(b"\xff", b"\xfe")
    return HEAD + data + b"\xff\xd9"


def written(system, name, content):
    path = os.path.join(system.directory, name)
    with open(path, "wb") as file:
        file.write(content)
    return path


def files_of(system, number):
    """The files of the order, as a terminal lists them: number, type, place, who."""
    shown = system.lq("order", "show", number).stdout
    return re.findall(r"^ *(\d+) +(\w+) +\d+ +", shown.split("files:")[1], re.M) if "files:" in shown else []


def got(system, *what):
    to = os.path.join(system.directory, "got")
    done = system.lq("evidence", "get", *what, "--to", to, "--force")
    check(done.returncode == 0 and "verified" in done.stdout, done.stderr)
    with open(to, "rb") as file:
        return file.read()


def progress(system, content):
    return system.json("evidence", "upload", "--sha256", hashlib.sha256(content).hexdigest())


def peak_kib(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as status:
        return int(re.search(r"VmHWM:\s+(\d+) kB", status.read()).group(1))


# ---------------------------------------------------------------- whole, and again


def test_whole(system):
    content = photograph(300_000, 1)
    path = written(system, "封条.jpg", content)
    line = ["attach", "order", "K1", path, "--as", "L1", "--taken-at", "2026-01-02 08:00", "--place", "东院"]
    done = system.lq(*line)
    check(done.returncode == 0, done.stderr)
    check(files_of(system, "K1") == [("1", "jpeg")], system.lq("order", "show", "K1").stdout)
    log = system.lq("log", "order", "K1").stdout
    check("封条.jpg" in log and "2026-01-02 08:00" in log and "东院" in log and "L1" in log, log)
    done = system.lq(*line)
    check(done.returncode == 0 and "already, as its file 1" in done.stderr, done.stderr)
    check(files_of(system, "K1") == [("1", "jpeg")], "attached twice")
    kept = len(system.json("evidence", "list"))
    done = system.lq("attach", "premises", "E0001", path, "--as", "L1")
    check(done.returncode == 0 and len(system.json("evidence", "list")) == kept, "the same bytes are kept twice")
    check(got(system, "order", "K1") == content, "other bytes come back")
    check(got(system, hashlib.sha256(content).hexdigest()[:10]) == content, "nor by their hash")
    to = written(system, "theirs", b"something else")
    done = system.lq("evidence", "get", "order", "K1", "--to", to)
    check(done.returncode == 1 and "already" in done.stderr, done.stderr)
    with open(to, "rb") as file:
        check(file.read() == b"something else", "a file was overwritten")


# ---------------------------------------------------------------- refused


def test_refused(system):
    whole = photograph(200_000, 2)
    png = b"\x89PNG\r\n\x1a\n" + bytes([0, 0, 0, 13]) + b"IHDR" + bytes(17) + bytes([0, 0, 9, 0]) + b"IDAT" + bytes(900)
    before = system.tips()["evidence"]
    for name, content, says in (
            ("text.jpg", "这不是照片。\n".encode() * 900, "this is text"),
            ("office.pdf", b"PK\x03\x04" + bytes(5000), "a ZIP archive"),
            ("large.jpg", HEAD + bytes(21 * MIB), "the most is 20971520"),
            ("empty.jpg", b"", "is empty"),
            ("cut.jpg", whole[:150_000], "is cut"),
            ("cut.png", png, "is cut"),
            ("cut.pdf", b"%PDF-1.7\n" + bytes(3000), "is cut"),
            ("cut.mp4", b"\0\0\0\x18ftypisom" + bytes(12) + b"\0\1\0\0mdat" + bytes(100), "is cut")):
        done = system.lq("attach", "order", "K1", written(system, name, content), "--as", "L1")
        check(done.returncode == 1 and says in done.stderr, f"{name}: {done.returncode} {done.stderr}")
        told = progress(system, content)
        check(not told["under_way"] and not told.get("file"), f"of {name} something was kept: {told}")
    for number, file, says in (("K9", "cut.jpg", "there is no order"), ("K1", "missing.jpg", "cannot be read"),
                               ("K1", ".", "no file that can be attached")):
        path = os.path.join(system.directory, file)
        extra = ["--as-it-is"] if file == "cut.jpg" else []
        done = system.lq("attach", "order", number, path, "--as", "L1", *extra)
        check(done.returncode == 1 and says in done.stderr, f"{file}: {done.stderr}")
    # Nobody has sent a byte: but for the rejections of the first two there is no new record.
    check(system.tips()["evidence"] == before + 2, "something of it is in the journal")
    done = system.lq("attach", "order", "K1", os.path.join(system.directory, "cut.jpg"), "--as", "L1", "--as-it-is")
    check(done.returncode == 0, done.stderr)
    check(got(system, "order", "K1", "2") == whole[:150_000], "as it is")


# ---------------------------------------------------------------- killed in the middle


def kept_bytes(system, content):
    told = progress(system, content)
    return told["received"] if not told.get("file") else len(content)


def started(system, path):
    """The upload as a process, once something of it is there."""
    return subprocess.Popen(system.command("attach", "order", "K1", path, "--as", "L1"), stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")


def wait_for(system, content, share):
    until = time.monotonic() + PATIENCE_S
    while kept_bytes(system, content) < share * len(content):
        check(time.monotonic() < until, "it does not come")


def test_killed(system):
    content = photograph(20 * MIB, 3)
    path = written(system, "film.jpg", content)
    running = started(system, path)
    wait_for(system, content, 0.1)
    running.kill()
    running.wait()
    first = kept_bytes(system, content)
    check(0 < first < len(content), f"the terminal was killed too late: {first}")
    peaks = []
    running = started(system, path)
    wait_for(system, content, first / len(content) + 0.2)
    peaks.append(peak_kib(system.pid_of("evidence")))
    system.kill("evidence")
    system.wait_until_up()
    check(kept_bytes(system, content) >= first, "what was kept is gone")
    system.kill("bus")
    peak = 0
    while running.poll() is None:
        try:
            peak = max(peak, peak_kib(running.pid))
        except (OSError, AttributeError):
            pass
        time.sleep(0.02)
    said = running.stderr.read()
    system.wait_until_up()
    if running.returncode != 0:  # the bus was away for longer than a terminal waits
        check("run the same command again" in said, said)
        check(system.lq("attach", "order", "K1", path, "--as", "L1").returncode == 0, "not the second time either")
    peaks.append(peak_kib(system.pid_of("evidence")))
    check(got(system, hashlib.sha256(content).hexdigest()) == content, "other bytes came")
    # The whole, in the service's map of the journal and in a terminal: no part of it is a copy of 20 MiB.
    print(f"peak memory: terminal {peak} KiB, service {max(peaks)} KiB")
    return peak, peaks


def anonymous_kib(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as status:
        return int(re.search(r"RssAnon:\s+(\d+) kB", status.read()).group(1))


# ---------------------------------------------------------------- altered, and given up


def test_begun_otherwise(system):
    """Somebody has sent other bytes under this hash: they are dropped, and the right ones come."""
    content = photograph(150_000, 4)
    path = written(system, "right.jpg", content)
    wrong = bytearray(content)
    wrong[50_000] ^= 1
    liar = subprocess.Popen(system.command("attach", "order", "K1", path, "--as", "L1"), stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8")
    liar.send_signal(19)  # SIGSTOP: it may have hashed the file by now, or not
    with open(path, "r+b") as file:
        file.seek(50_000)
        file.write(bytes([wrong[50_000]]))
    liar.send_signal(18)
    liar.wait(PATIENCE_S)
    with open(path, "wb") as file:
        file.write(content)
    done = system.lq("attach", "order", "K1", path, "--as", "L1")
    check(done.returncode == 0, done.stderr)
    check(got(system, hashlib.sha256(content).hexdigest()) == content, "altered")


def test_backup(system, content):
    verified = system.lq("verify")
    check(verified.returncode == 0 and re.search(r"^evidence +\d+ +\d+ .*ok$", verified.stdout, re.M), verified.stdout)
    backup = os.path.join(system.directory, "all.tar")
    check(system.lq("backup", backup).returncode == 0, "backup")
    check(system.lq("verify", backup).returncode == 0, "the backup does not verify")


def test_no_signal(system, lq):
    path = os.path.join(system.directory, "right.jpg")
    done = subprocess.run([lq, "--data", system.data, "--bus", "tcp://127.0.0.1:9", "attach", "order", "K1", path,
                           "--as", "L1"], capture_output=True, encoding="utf-8", check=False)
    check(done.returncode == 3 and "run the same command again" in done.stderr, done.stderr)
    done = system.lq("attach", "order", "K1", path, "--as", "L1", "--later")
    check(done.returncode == 2 and "outbox" in done.stderr, done.stderr)


def main():
    lq = sys.argv[1]
    with System(lq) as system:
        force.load(system)
        force.order(system, "K1")
        test_whole(system)
        test_refused(system)
        peak, peaks = test_killed(system)
        test_begun_otherwise(system)
        test_backup(system, None)
        test_no_signal(system, lq)
        # (A sanitizer's own memory is many times the program's; LMDB's pages are the disk's.)
        own = anonymous_kib(system.pid_of("evidence"))
        sanitized = "asan" in subprocess.run(["ldd", lq], capture_output=True, encoding="utf-8", check=False).stdout
        print(f"own memory of the service: {own} KiB")
        if not sanitized:
            check(peak < 16 * 1024, f"the terminal had {peak} KiB")
            check(own < 16 * 1024, f"the service has {own} KiB of its own")


if __name__ == "__main__":
    main()
