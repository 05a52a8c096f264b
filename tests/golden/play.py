"""Plays a script of lines for lq, such as august.txt, whose head says what lines there are."""

import hashlib
import os
import subprocess
import tempfile
import time

from system import PATIENCE_S, check


def say(living, who, code, line, *more):
    """`more`: words that may have spaces."""
    done = living.lq(*line.split(), *more, *(["--as", who] if who != "clerk" else []))
    check(done.returncode == code,
          f"lq {line}, signed by {who}, ended with {done.returncode}, not {code}: "
          f"{done.stdout}{done.stderr}")


def photograph(name):
    """A JPEG as far as it is looked at; the film is of zeros, which cost a store nothing."""
    head = b"\xff\xd8\xff\xe0\x00\x10JFIF\0" + bytes(9) + b"\xff\xda\x00\x02"
    return head + {"photo": bytes(range(200)), "letter": bytes(range(190)), "film": bytes(19 << 20)}[name] + b"\xff\xd9"


def words(folder):
    """What the braces of august.txt stand for; the files are written into the folder, whose name has no space."""
    stand = {"officers": "--officer QH011 --officer QH012", "served": "--how in_person --by QH011 --by QH012",
             "answers": " ".join(f"--answer {line}=已落实" for line in range(1, 6)),
             "film_sha256": hashlib.sha256(photograph("film")).hexdigest()}
    for name in ("photo", "letter", "film"):
        stand[name] = os.path.join(folder, name + ".jpg")
        with open(stand[name], "wb") as file:
            file.write(photograph(name))
    return stand


def until(living, word, line):
    deadline = time.monotonic() + PATIENCE_S
    while word not in (told := living.lq(*line.split()).stdout):
        check(time.monotonic() < deadline, f"lq {line} does not tell {word}: {told}")
        time.sleep(0.1)


def cut(living, who, line, sha256):
    """Killed once the first pieces of the file are there."""
    sender = subprocess.Popen(living.command(*line.split(), "--as", who), stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while living.json("evidence", "upload", "--sha256", sha256).get("received", 0) == 0:
        check(sender.poll() is None, f"lq {line} ended too early")
    sender.kill()
    sender.wait()
    check(living.json("evidence", "upload", "--sha256", sha256)["under_way"], "the whole film came")


def line_done(living, line, stand, badges):
    for word, meaning in stand.items():
        line = line.replace("{" + word + "}", meaning)
    first, _, rest = line.partition(" ")
    if first == "call":
        badges.update([rest.split()])
    elif first == "at":
        living.at(rest)
    elif first == "until":
        until(living, *rest.split(": ", 1))
    elif first == "settle":
        living.tips()
    elif first == "cut":
        who, _, rest = rest.partition(" ")
        cut(living, badges[who], rest, stand["film_sha256"])
    else:
        rejected = rest.startswith("! ")
        say(living, badges[first], int(rejected), rest.removeprefix("! "))


def play(living, lines):
    """Does what the lines say, one by one."""
    with tempfile.TemporaryDirectory() as folder:
        stand, badges = words(folder), {"clerk": "clerk", "admin": "admin"}
        for line in map(str.strip, lines):
            if line and not line.startswith("#"):
                line_done(living, line, stand, badges)
