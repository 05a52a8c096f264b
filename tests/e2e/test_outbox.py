#!/usr/bin/python3
"""What a team did where there was no signal is kept in files, told of, and sent in order later:
each act once, whatever is lost on the way."""

import os
import subprocess
import sys

from system import System, check


def kept(system, *arguments):
    done = system.lq(*arguments, "--later")
    check(done.returncode == 0 and "kept, not sent" in done.stdout, f"{arguments}: {done.stderr}")


def requests(folder):
    return sorted(name for name in os.listdir(folder) if name.endswith(".request"))


def what_is_rejected_stays(system):
    kept(system, "oversight", "record-meeting", "M1", "--raised", "1", "--resolved", "1")
    kept(system, *interview("official"))
    sent = system.lq("outbox", "send")
    check(sent.returncode == 1 and "rejected" in sent.stdout, f"{sent.stdout}{sent.stderr}")
    listed = system.json("outbox")
    check([one["state"] for one in listed] == ["rejected"], f"it stays, and nothing else: {listed}")
    check("M1" in listed[0]["why"] and "(MEETING_KNOWN)" in listed[0]["why"], listed)
    sent = system.lq("outbox", "send")
    check(sent.returncode == 0 and "1 still in the outbox" in sent.stderr, sent.stderr)
    check(system.json("outbox") == listed, "sending all has changed what was rejected")

    # by its number it is asked for anew, as a command of its own
    sent = system.lq("outbox", "send", "1")
    check(sent.returncode == 1 and "rejected" in sent.stdout, sent.stdout)
    wrong = system.lq("outbox", "edit", "1", "--verdict", "x")
    check(wrong.returncode == 2 and "record-meeting" in wrong.stderr, wrong.stderr)
    check(system.lq("outbox", "edit", "1").returncode == 2, "edited to what?")
    check(system.lq("outbox", "edit", "7", "--raised", "1").returncode == 1, "there is no 7")
    edited = system.lq("outbox", "edit", "1", "M2", "--raised", "5", "--reason", "misheard")
    check(edited.returncode == 0 and "changed, not sent" in edited.stdout, edited.stderr)
    listed = system.json("outbox")
    check(listed[0]["state"] == "not sent" and listed[0]["reason"] == "misheard", listed)
    check("raised=5" in listed[0]["command"] and "resolved=1" in listed[0]["command"], listed)
    sent = system.lq("outbox", "send")
    check(sent.returncode == 0 and system.json("outbox") == [], f"{sent.stdout}{sent.stderr}")
    meetings = {one["number"]: one for one in system.json("oversight", "meetings")}
    check(meetings["M2"]["issues_raised"] == 5 and meetings["M1"]["issues_raised"] == 3, meetings)

    # the whole line anew; and dropping
    kept(system, "oversight", "record-meeting", "M1", "--raised", "1", "--resolved", "1")
    before = system.json("outbox")[0]
    edited = system.lq("outbox", "edit", "1", "oversight", "record-interview", "enterprise")
    check(edited.returncode == 0, edited.stderr)
    after = system.json("outbox")[0]
    check("enterprise" in after["command"] and after["happened"] == before["happened"], after)
    check(system.lq("outbox", "drop", "1").returncode == 0, "not dropped")
    check(system.json("outbox") == [], "dropped and still there")


def one_bad_file_stops_nothing(system, folder):
    kept(system, *interview("official"))
    for name, content in (("000007.request", b""), ("000008.request", b"\xff"),
                          ("000009.request.aB3xyZ", b"half")):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)
    kept(system, *interview("enterprise"))
    listed = system.lq("outbox", "--json")
    check(listed.returncode == 0 and "000007.request cannot be read" in listed.stderr, listed.stderr)
    check("official" in listed.stdout and "enterprise" in listed.stdout, listed.stdout)
    left = sorted(os.listdir(folder))
    check("000007.unreadable" in left and "000008.unreadable" in left, left)
    check("000009.request.aB3xyZ" not in left, "what was never kept lies about")
    sent = system.lq("outbox", "send")
    check(sent.returncode == 0 and system.json("outbox") == [], f"{sent.stdout}{sent.stderr}")
    told = system.lq("outbox")
    check("2 set aside" in told.stderr, told.stderr)
    for name in ("000007.unreadable", "000008.unreadable"):
        os.unlink(os.path.join(folder, name))


def entry_not_the_clock_orders(system, folder):
    for kind in ("official", "enterprise"):
        kept(system, *interview(kind))
    # one that came here under the name of its id, as earlier versions gave it, is the last
    os.rename(os.path.join(folder, "000001.request"),
              os.path.join(folder, "0190a5c4-1b2d-7e3f-8a4b-5c6d7e8f9a0b.request"))
    commands = [one["command"] for one in system.json("outbox")]
    check("enterprise" in commands[0] and "official" in commands[1], commands)
    kept(system, "--at", "2015-03-06 13:14", *interview("township_head"))
    check("township_head" in system.json("outbox")[2]["command"], "ordered by when it happened")
    check(system.lq("outbox", "send").returncode == 0, "not sent")


def two_senders_send_once(system):
    many = 12
    before = len(system.json("oversight", "interviews"))
    for _ in range(many):
        kept(system, *interview("official"))
    senders = [subprocess.Popen(system.command("outbox", "send"), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
               for _ in range(3)]
    told = [sender.communicate() for sender in senders]
    check([sender.returncode for sender in senders] == [0] * 3, told)
    check(sum(out.count("accepted") for out, _ in told) == many, f"sent by both: {told}")
    check(len(system.json("oversight", "interviews")) == before + many, "carried out twice")


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
        check([one["number"] for one in listed] == [1, 2, 3, 4], listed)
        check('number="M1"' in listed[3]["command"] and "raised=3" in listed[3]["command"], listed)
        check(oct(os.stat(os.path.join(folder, "000001.request")).st_mode)[-3:] == "600",
              "others can read it")

        away_still = system.lq("outbox", "send", *away)
        check(away_still.returncode == 3 and len(system.json("outbox")) == 4, "lost on a dead line")
        told = system.lq("oversight", "interviews")
        check("4 in the outbox, not sent yet" in told.stderr, told.stderr)

        copies = {name: open(os.path.join(folder, name), "rb").read() for name in os.listdir(folder)
                  if name.endswith(".request")}
        sent = system.lq("outbox", "send", "--json")
        check(sent.returncode == 0, f"{sent.stdout}{sent.stderr}")
        check(system.json("outbox") == [] and requests(folder) == [], "it was sent and stays")
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

        what_is_rejected_stays(system)
        one_bad_file_stops_nothing(system, folder)
        entry_not_the_clock_orders(system, folder)
        two_senders_send_once(system)
        for wrong in ("../../keys/clerk", "nothing"):
            check(system.lq("outbox", "drop", wrong).returncode == 2, f"took {wrong} for an id")
        check(system.lq("outbox", "--as", "../x").returncode == 2, "took a path for a badge")
        both = system.lq(*interview("official"), "--later", "--id",
                         "0190a5c4-1b2d-7e3f-8a4b-5c6d7e8f9a0b")
        check(both.returncode == 2, "--later with --id")


if __name__ == "__main__":
    main()
