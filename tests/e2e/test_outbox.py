#!/usr/bin/python3
"""What a team did where there was no signal is kept in files, told of, and sent in order later:
each act once, whatever is lost on the way."""

import os
import sys

from system import System, check


def kept(system, *arguments):
    done = system.lq(*arguments, "--later")
    check(done.returncode == 0 and "kept, not sent" in done.stdout, f"{arguments}: {done.stderr}")


def interview(kind):
    return ["oversight", "record-interview", kind]


def main():
    with System(sys.argv[1]) as system:
        folder = os.path.join(system.data, "outbox", "clerk")
        check(system.json("outbox") == [], "a new outbox is not empty")
        # a wrong endpoint is what no signal looks like
        away = ["--bus", "tcp://127.0.0.1:1"]
        lost = system.lq(*interview("official"), *away)
        check(lost.returncode == 3 and "--later" in lost.stderr, lost.stderr)
        kinds = ["official", "enterprise", "township_head"]
        for kind in kinds:
            kept(system, *interview(kind), *away, "--at", "2015-03-06 13:14")
        kept(system, "oversight", "record-meeting", "M1", "--raised", "3", "--resolved", "1", *away)
        listed = system.json("outbox")
        check([one["service"] for one in listed] == ["oversight"] * 4, listed)
        check(listed[0]["happened"].startswith("2015-03-06 13:14"), listed)
        check(sorted(one["id"] for one in listed) == [one["id"] for one in listed], listed)
        check(oct(os.stat(os.path.join(folder, listed[0]["id"] + ".request")).st_mode)[-3:] == "600",
              "others can read it")

        away_still = system.lq("outbox", "send", *away)
        check(away_still.returncode == 3 and len(system.json("outbox")) == 4, "lost on a dead line")
        told = system.lq("oversight", "interviews")
        check("4 in the outbox, not sent yet" in told.stderr, told.stderr)

        copies = {name: open(os.path.join(folder, name), "rb").read() for name in os.listdir(folder)}
        sent = system.lq("outbox", "send", "--json")
        check(sent.returncode == 0, f"{sent.stdout}{sent.stderr}")
        check(system.json("outbox") == [] and os.listdir(folder) == [], "it was sent and stays")
        rows = system.json("oversight", "interviews")
        check([row["kind"] for row in rows] == kinds, f"in another order: {rows}")
        check(len(system.json("oversight", "meetings")) == 1, "the meeting is not there")

        # the reply was lost: everything is there again, and is sent again
        for name, content in copies.items():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
        sent = system.lq("outbox", "send")
        check(sent.returncode == 0 and sent.stdout.count("accepted") == 4, sent.stdout)
        check(len(system.json("oversight", "interviews")) == 3, "carried out twice")

        # what the rules reject is decided; what a key may not is kept until it is dropped
        kept(system, "oversight", "record-meeting", "M1", "--raised", "1", "--resolved", "1")
        sent = system.lq("outbox", "send")
        check(sent.returncode == 1 and "rejected" in sent.stdout, f"{sent.stdout}{sent.stderr}")
        check(system.json("outbox") == [], "what was rejected stays")

        broken = os.path.join(folder, "0190a5c4-1b2d-7e3f-8a4b-5c6d7e8f9a0b.request")
        with open(broken, "wb") as file:
            file.write(b"\xff")
        listed = system.lq("outbox")
        check(listed.returncode == 1 and broken in listed.stderr, listed.stderr)
        dropped = system.lq("outbox", "drop", "0190a5c4-1b2d-7e3f-8a4b-5c6d7e8f9a0b")
        check(dropped.returncode == 0 and system.json("outbox") == [], dropped.stderr)
        for wrong in ("../../keys/clerk", "nothing"):
            check(system.lq("outbox", "drop", wrong).returncode == 2, f"took {wrong} for an id")
        check(system.lq("outbox", "--as", "../x").returncode == 2, "took a path for a badge")
        both = system.lq(*interview("official"), "--later", "--id",
                         "0190a5c4-1b2d-7e3f-8a4b-5c6d7e8f9a0b")
        check(both.returncode == 2, "--later with --id")


if __name__ == "__main__":
    main()
