"""A key is revoked, the daemon ends, and its journals are looked at without it."""

import hashlib
import shutil
import subprocess
import time

from world import refusal_of, is_silent, EXAMPLE_ID


def a_revoked_key_opens_nothing(w):
    officer = w.person("off2")
    tip = officer.status("dispatch").tip.seq
    fetch = w.messages.lq.Fetch(after=tip, wait_ms=2000).SerializeToString()
    parked = officer.request("dispatch", "fetch", fetch)
    officer.send(parked)
    officer.status("bus")
    w.daemon.revoke_key("off2")
    before = time.monotonic()
    refused = refusal_of(officer.status, "bus")
    assert refused.why == "KEY_REVOKED" and not refused.retry
    assert time.monotonic() - before < 1
    assert refusal_of(officer.wait, parked).why == "KEY_REVOKED"  # nor is it answered any more
    assert is_silent(w.connect("off2"))
    assert w.person("desk1").status("bus").service == "bus"  # the others go on


def remember_tips(w):
    clerk = w.person("clerk1")
    w.tips = {name: clerk.status(name) for name in ("shift", "dispatch", "stats", "oversight")}


def the_daemon_ends_in_order(w):
    assert w.daemon.stop() == 0, w.daemon.log()


def the_chain_of_the_journal_holds(w):
    """What an auditor does with a dump: the hash of each record, and what the records say."""
    if shutil.which("mdb_dump") is None:
        print("    not asked: mdb_dump (lmdb-utils) is not installed")
        return
    lq = w.messages.lq
    for name, status in w.tips.items():
        dump = subprocess.run(
            ["mdb_dump", "-s", "journal", w.daemon.path(f"journal/{name}")],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        lines = dump.split("HEADER=END\n")[1].split("DATA=END")[0].split()
        chain, seq = bytes(32), 0
        for key, value in zip(lines[::2], lines[1::2]):
            seq += 1
            value = bytes.fromhex(value)
            hash_, data = value[:32], value[32:]
            assert int(key, 16) == seq
            chain = hashlib.blake2b(chain + data, digest_size=32).digest()
            assert chain == hash_, f"record {seq} of {name}"
            record = lq.Record.FromString(data)
            assert record.seq == seq
            if record.command_id == EXAMPLE_ID and record.outcome:
                asked = b"desk1\0" + w.issue_command
                hashed = hashlib.blake2b(asked, digest_size=32).digest()
                assert record.request_hash == hashed and record.outcome == w.issue_outcome
                assert hash_ == w.issue_hash
                w.example_found = True
        assert seq >= status.tip.seq
        if seq == status.tip.seq:
            assert chain == status.tip_hash
    assert w.example_found


def the_document_names_every_code(w):
    for enum in (w.messages.lq.Refusal.Why, w.messages.lq.Reject, w.messages.lq.Role):
        for name in enum.keys():
            assert name.endswith("_UNSPECIFIED") or f"`{name}`" in w.document, name


STEPS = [
    a_revoked_key_opens_nothing,
    remember_tips,
    the_daemon_ends_in_order,
    the_chain_of_the_journal_holds,
    the_document_names_every_code,
]
