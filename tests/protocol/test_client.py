#!/usr/bin/python3
"""What docs/protocol.md promises, asked of the real processes by a client that knows nothing else.

usage: test_client.py LIANQIND SOURCE_DIR

The steps build on each other, as a day of the force does, and run in the order of the file.
"""

import sys

try:
    import google.protobuf  # noqa: F401
    import zmq
except ImportError as problem:
    print(f"skipped: {problem}; install python3-zmq and python3-protobuf")
    sys.exit(77)

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import time

from client import Client, Refused, Silent, REQUEST_LIMIT, load_messages, make_keys, new_id
from daemon import Daemon

HOUR_MS = 3600 * 1000
# of the worked example in the document
EXAMPLE_ID = bytes.fromhex("014bed8beb307a0181c0ffee00c0ffee")


def now_ms():
    return int(time.time() * 1000)


class World:
    """The daemon, the messages and a connection for each person, made when first used."""

    def __init__(self, program, source, directory):
        generated = os.path.join(directory, "generated")
        os.mkdir(generated)
        self.generated = generated
        with open(os.path.join(source, "docs/protocol.md"), encoding="utf-8") as file:
            self.document = file.read()
        self.messages = load_messages(os.path.join(source, "proto"), generated)
        self.daemon = Daemon(program, directory)
        self.clients = {}

    def connect(self, badge=None, keys=None, **options):
        daemon = self.daemon
        keys = keys or daemon.keys[badge]
        return Client(self.messages.lq, daemon.endpoint, daemon.bus_public, keys, **options)

    def person(self, badge):
        if badge not in self.clients:
            self.clients[badge] = self.connect(badge)
        return self.clients[badge]

    def hex_of(self, title):
        """The bytes of the document's code block under `<!-- hex: title -->`."""
        block = re.search(
            rf"<!-- hex: {title} -->\s*```[a-z]*\n(.*?)```", self.document, re.DOTALL
        ).group(1)
        # each line is hex, and perhaps words after two blanks
        return bytes.fromhex("".join(line.split("  ")[0] for line in block.splitlines()))


def refusal_of(function, *arguments, **options):
    try:
        reply = function(*arguments, **options)
    except Refused as refused:
        return refused
    raise AssertionError(f"not refused, but {reply}")


def is_silent(client, deadline_ms=1500):
    try:
        client.status("bus", deadline_ms=deadline_ms, silence_ms=500)
    except Silent:
        return True
    return False


# ---------------------------------------------------------------- the door


def keys_open_the_door(w):
    for badge, roles in [
        ("clerk1", "clerk,admin"),
        ("desk1", "desk"),
        ("cmd1", "commander"),
        ("lead1", "lead"),
        ("off1", "officer"),
        ("off2", "officer"),
        ("insp1", "inspector"),
    ]:
        w.daemon.issue_key(badge, roles)
    assert os.stat(w.daemon.path("keys/clerk1.key")).st_mode & 0o777 == 0o600
    status = w.person("clerk1").status("bus")
    assert status.service == "bus" and status.pid == w.daemon.process.pid


def every_service_tells_its_status(w):
    clerk = w.person("clerk1")
    until = time.monotonic() + 20
    expected = {"shift", "ledger", "dispatch", "seizure", "casefile", "stats"}
    while not expected <= {p.stream for p in clerk.status("bus").follows}:
        assert time.monotonic() < until
        time.sleep(0.05)
    for name in expected:
        status = clerk.status(name)
        assert status.service == name and status.tip.stream == name and status.tip.seq == 0
        assert status.tip_hash == bytes(32)  # of an empty stream


def a_stranger_hears_nothing(w):
    keys = make_keys()
    stranger = w.connect(keys=keys)
    assert is_silent(stranger)
    # Let in later, the socket that was turned away stays mute; a new one is heard.
    w.daemon.edit_keys(lambda text: text + f"{keys[0]} late1 officer\n")
    assert is_silent(stranger)
    stranger.connect()
    assert stranger.status("bus").service == "bus"
    stranger.close()


def a_wrong_bus_key_hears_nothing(w):
    impostor = Client(
        w.messages.lq, w.daemon.endpoint, make_keys()[0], w.daemon.keys["desk1"]
    )
    assert is_silent(impostor)
    impostor.close()


def a_bad_list_of_keys_is_not_taken(w):
    desk = w.person("desk1")
    w.daemon.edit_keys(lambda text: text + "a line that means nothing\n")
    assert desk.status("bus").service == "bus"
    w.daemon.edit_keys(lambda text: text.replace("a line that means nothing\n", ""))
    assert desk.status("bus").service == "bus"


def a_routing_id_of_ones_own_is_not_looked_at(w):
    same = [w.connect(who, routing_id=b"terminal-7") for who in ("desk1", "desk1")]
    for client in same:
        assert client.status("bus").service == "bus"
    for client in same:
        client.close()


def several_frames_are_not_served(w):
    client = w.connect("desk1")
    request = client.request("bus", "query", b"").SerializeToString()
    client.socket.send_multipart([b"", request])
    reply = client.receive(5000)
    assert reply.correlation == 0 and reply.refusal.why == w.messages.lq.Refusal.MALFORMED
    assert client.status("bus").service == "bus"  # the connection goes on
    client.close()


def the_largest_request_is_served(w):
    client = w.connect("desk1")
    request = client.request("bus", "query", b"", seen={})
    room = REQUEST_LIMIT - request.ByteSize()
    request.after = bytes(room - 4)
    assert request.ByteSize() == REQUEST_LIMIT
    client.send(request)
    assert client.wait(request, once=True).answer.as_of.stream == "bus"
    request.after += b"x"
    client.send(request.SerializeToString())
    assert client.receive(5000).refusal.why == w.messages.lq.Refusal.MALFORMED
    client.send(bytes(80000))  # far too large: the connection ends
    assert client.receive(700) is None
    assert client.status("bus").service == "bus"  # and made again
    client.close()


# ---------------------------------------------------------------- what is no request


def what_is_malformed_is_refused(w):
    lq, desk = w.messages.lq, w.connect("desk1")

    def why(data):
        desk.send(data)
        reply = desk.receive(5000)
        assert reply.WhichOneof("kind") == "refusal", reply
        return lq.Refusal.Why.Name(reply.refusal.why), reply.correlation

    def request(**fields):
        return lq.Request(correlation=7, service="dispatch", **fields).SerializeToString()

    def command(**fields):
        return request(command=lq.Command(**fields).SerializeToString())

    assert why(b"\xff") == ("MALFORMED", 0)
    assert why(b"") == ("MALFORMED", 0)
    assert why(request()) == ("MALFORMED", 7)  # of no kind
    assert why(lq.Request(correlation=7, query=b"").SerializeToString()) == ("MALFORMED", 7)
    assert why(request(query=b"") + b"\x32\x00") == ("MALFORMED", 7)  # two kinds
    assert why(request(query=b"") + b"\x98\x06\x01") == ("MALFORMED", 7)  # field 99
    assert why(request(query=lq.Query(body=b"\x98\x06\x01").SerializeToString()))[0] == "MALFORMED"
    assert why(command(id=bytes(16), body=b"\x0a\x00"))[0] == "MALFORMED"  # no UUIDv7
    assert why(command(id=new_id()))[0] == "MALFORMED"  # no body
    order = w.messages.dispatch.IssueOrder
    for at_ms in (-1, 253402300799001):
        data = w.messages.dispatch.Command(issue_order=order(kind="k")).SerializeToString()
        assert why(command(id=new_id(), body=data, occurred_at_ms=at_ms))[0] == "MALFORMED"
    for body in (order(kind="a\x07b"), order(kind="\x85"), order(kind="字" * 4097)):
        data = w.messages.dispatch.Command(issue_order=body).SerializeToString()
        assert why(command(id=new_id(), body=data))[0] == "MALFORMED"
    data = w.messages.dispatch.Command(issue_order=order(kind="k")).SerializeToString()
    assert why(command(id=new_id(), body=data.replace(b"\x12\x01k", b"\x12\x01\xff")))[0] == (
        "MALFORMED"
    )
    data = w.messages.dispatch.Command(issue_order=order(priority=99)).SerializeToString()
    assert why(command(id=new_id(), body=data))[0] == "MALFORMED"
    desk.close()


def an_unknown_service_is_refused(w):
    refused = refusal_of(w.person("desk1").status, "kitchen")
    assert refused.why == "NO_SUCH_SERVICE" and not refused.retry and "dispatch" in refused.text


def the_bus_answers_nothing_else(w):
    desk = w.person("desk1")
    assert refusal_of(desk.fetch, "bus", 0).why == "MALFORMED"
    assert refusal_of(desk.commands, "bus", [b""]).why == "MALFORMED"


# ---------------------------------------------------------------- a day of the force


def the_clerk_registers_the_force(w):
    clerk, shift, ledger = w.person("clerk1"), w.messages.shift, w.messages.ledger
    role = w.messages.lq
    for badge, name, role_, team in [
        ("desk1", "赵敏", role.DESK, ""),
        ("cmd1", "钱正", role.COMMANDER, ""),
        ("lead1", "孙立", role.LEAD, "T01"),
        ("off1", "李强", role.OFFICER, "T01"),
    ]:
        person = shift.Person(
            badge=badge, name=name, unit="环保局", role=role_, team=team, group="A" if team else "",
            from_beginning=True,  # they have done things before today
        )
        accepted = clerk.accepted("shift", shift.Command(register_person=person))
        assert accepted.position.stream == "shift" and accepted.number == badge
    rejected = clerk.rejected("shift", shift.Command(register_person=person))
    assert rejected.code == "PERSON_KNOWN" and rejected.text and rejected.position.seq == 5
    day = shift.Shift(
        name="day", group="A", starts_at_ms=now_ms() - HOUR_MS, ends_at_ms=now_ms() + HOUR_MS
    )
    clerk.accepted("shift", shift.Command(plan_shift=day))
    foundry = ledger.Premises(
        number="X-017", name="铸造厂", township="河城街", standing=ledger.ENTERPRISE
    )
    clerk.accepted("ledger", ledger.Command(register_premises=foundry))
    assert clerk.seen["shift"] == 6 and clerk.seen["ledger"] >= 1


def on_duty_is_who_was_planned(w):
    shift = w.messages.shift
    answer, as_of = w.person("clerk1").query(
        "shift", shift.Query(on_duty=shift.OnDuty()), shift.Answer
    )
    assert answer.on_duty.people == 2 and answer.on_duty.leads[0].badge == "lead1"
    assert as_of.stream == "shift" and as_of.seq == 6


def the_desk_issues_the_order_of_the_document(w):
    """The bytes of the document are the bytes on the wire, both ways."""
    dispatch, lq = w.messages.dispatch, w.messages.lq
    desk = w.connect("desk1")
    order = dispatch.IssueOrder(
        kind="raid",
        target="X-017",
        priority=dispatch.URGENT,
        vehicles=2,
        teams=["T01"],
        instructions="查封熔炼炉",
    )
    body = dispatch.Command(issue_order=order)
    w.issue_command = desk.command_bytes(body, id=EXAMPLE_ID)
    request = desk.request(
        "dispatch", "command", w.issue_command, seen={"shift": 6, "ledger": 1}
    )
    print("    request", request.SerializeToString().hex())
    desk.send(request)
    reply = desk.wait(request, deadline_ms=60000)  # dispatch may have to catch up
    print("    reply  ", reply.SerializeToString().hex())
    assert request.SerializeToString() == w.hex_of("request")
    w.issue_hash = reply.position_hash
    reply.ClearField("position_hash")
    assert reply.SerializeToString() == w.hex_of("reply")
    w.issue_outcome = reply.outcome
    accepted = lq.Outcome.FromString(reply.outcome).accepted
    assert accepted.number == "O0001" and accepted.position.seq == 7
    desk.close()


def the_same_bytes_get_the_same_outcome(w):
    desk = w.person("desk1")
    reply = desk.call("dispatch", "command", w.issue_command)
    assert reply.repeated_outcome and reply.outcome == w.issue_outcome


def a_used_id_is_refused(w):
    desk, dispatch = w.person("desk1"), w.messages.dispatch
    other = dispatch.Command(cancel_order=dispatch.CancelOrder(order="O0001", why="error"))
    refused = refusal_of(desk.command, "dispatch", other, id=EXAMPLE_ID)
    assert refused.why == "ID_REUSED" and not refused.retry
    # nor does somebody else learn the outcome with the same bytes
    assert refusal_of(w.person("cmd1").call, "dispatch", "command", w.issue_command).why == (
        "ID_REUSED"
    )


def a_predecessor_comes_first(w):
    desk, dispatch = w.person("desk1"), w.messages.dispatch
    first, second = new_id(), new_id()
    body = dispatch.Command(cancel_order=dispatch.CancelOrder(order="O9999", why="none"))
    refused = refusal_of(
        desk.call,
        "dispatch",
        "command",
        desk.command_bytes(body, id=second),
        after=first,
        once=True,
    )
    assert refused.why == "PREDECESSOR_UNDECIDED" and refused.retry
    assert desk.rejected("dispatch", body, id=first).code == "ORDER_UNKNOWN"
    reply = desk.call("dispatch", "command", desk.command_bytes(body, id=second), after=first)
    assert not reply.repeated_outcome


def who_may_not_is_refused(w):
    lead, dispatch = w.person("lead1"), w.messages.dispatch
    order = dispatch.Command(issue_order=dispatch.IssueOrder(kind="raid"))
    assert refusal_of(lead.command, "dispatch", order).why == "NOT_PERMITTED"
    tips = w.messages.tips
    query = tips.Query(tips=tips.ListTips())
    assert refusal_of(lead.query, "tips", query, tips.Answer).why == "NOT_PERMITTED"


def report(w, step, team="T01"):
    dispatch = w.messages.dispatch
    return dispatch.Command(
        report_step=dispatch.ReportStep(order="O0001", team=team, step=step)
    )


def a_terminal_waits_for_the_next_event(w):
    """The desk's fetch is parked; the lead's acknowledgement is its answer."""
    dispatch, desk, lead = w.messages.dispatch, w.connect("desk1"), w.person("lead1")
    tip = desk.status("dispatch").tip.seq
    fetch = w.messages.lq.Fetch(after=tip, wait_ms=20000).SerializeToString()
    request = desk.request("dispatch", "fetch", fetch)
    desk.send(request)
    assert desk.receive(400) is None  # parked
    said = now_ms() - 1000
    rejected = lead.rejected(
        "dispatch", report(w, dispatch.ACKNOWLEDGED), occurred_at_ms=said - HOUR_MS
    )
    assert rejected.code == "BEFORE_ORDER"
    assert desk.receive(200) is None  # a rejection is no event
    acknowledged = lead.accepted("dispatch", report(w, dispatch.ACKNOWLEDGED))
    events = desk.wait(request, once=True).events
    (event,) = events.events
    assert event.seq == acknowledged.position.seq == events.next_after == events.tip
    assert event.actor == "lead1" and event.on_behalf_of == "" and event.reason == ""
    assert event.occurred_at_ms == event.recorded_at_ms >= said
    step = dispatch.Event.FromString(event.body).step_reported
    assert (step.order, step.team, step.by) == ("O0001", "T01", "lead1")
    desk.close()


def a_fetch_that_finds_nothing_says_so(w):
    desk = w.person("desk1")
    tip = desk.status("dispatch").tip.seq
    before = time.monotonic()
    events = desk.fetch("dispatch", tip, wait_ms=600)
    assert 0.4 < time.monotonic() - before < 5
    assert not events.events and events.next_after == events.tip == tip
    ahead = refusal_of(desk.fetch, "dispatch", tip + 100, wait_ms=600)
    assert ahead.why == "DIVERGED" and not ahead.retry
    assert f"ends at record {tip}, but record {tip + 100}" in ahead.text


def a_position_is_held_against_its_hash(w):
    """What is told with a position is taken back with it, and another hash is not."""
    lq, desk = w.messages.lq, w.person("desk1")
    first = lq.Fetch(max=2).SerializeToString()
    page = desk.call("dispatch", "fetch", first)
    other = bytes(31) + b"\1"

    def fetch(**fields):
        return desk.call("dispatch", "fetch", lq.Fetch(**fields).SerializeToString())

    after = page.events.next_after
    on = fetch(after=after, after_hash=page.position_hash, max=1).events
    assert [event.seq for event in on.events] == [after + 1]
    refused = refusal_of(fetch, after=after, after_hash=other)
    assert refused.why == "DIVERGED" and "another one" in refused.text
    assert refusal_of(fetch, after=1, after_hash=b"short").why == "MALFORMED"

    as_of = desk.call("dispatch", "query", b"").answer.as_of
    for hash_, why in ((as_of.hash, None), (b"", None), (other, "DIVERGED"), (b"x", "MALFORMED")):
        request = desk.request("dispatch", "query", b"", seen={})
        request.seen.add(stream="dispatch", seq=as_of.seq, hash=hash_)
        desk.send(request)
        if why is None:
            assert desk.wait(request).answer.as_of.seq == as_of.seq
        else:
            assert refusal_of(desk.wait, request).why == why
    own = refusal_of(desk.call, "dispatch", "query", b"", seen={"dispatch": as_of.seq + 100})
    assert own.why == "DIVERGED" and not own.retry
    follows = {p.stream: p for p in desk.status("stats").follows}
    assert len(follows["dispatch"].hash) == 32


def the_desk_acts_on_behalf_of_a_lead(w):
    desk, dispatch = w.person("desk1"), w.messages.dispatch
    departed = report(w, dispatch.DEPARTED)
    refused = refusal_of(desk.command, "dispatch", departed)
    assert refused.why == "NOT_PERMITTED"  # not in his own name
    assert desk.rejected("dispatch", departed, on_behalf_of="lead1").code == "REASON_REQUIRED"
    phoned = {"reason": "phoned in"}
    assert desk.rejected("dispatch", departed, on_behalf_of="x9", **phoned).code == (
        "PRINCIPAL_UNKNOWN"
    )
    assert desk.rejected("dispatch", departed, on_behalf_of="off1", **phoned).code == (
        "NOT_THEIR_ROLE"
    )
    late = desk.rejected(
        "dispatch", departed, on_behalf_of="lead1", occurred_at_ms=now_ms() + HOUR_MS, **phoned
    )
    assert late.code == "TIME_IN_FUTURE"
    accepted = desk.accepted("dispatch", departed, on_behalf_of="lead1", **phoned)
    event = desk.fetch("dispatch", accepted.position.seq - 1).events[0]
    assert (event.actor, event.on_behalf_of, event.reason) == ("desk1", "lead1", "phoned in")
    assert dispatch.Event.FromString(event.body).step_reported.by == "lead1"


def a_stream_is_read_in_pages_without_gaps(w):
    lead, dispatch = w.person("lead1"), w.messages.dispatch
    whole = lead.fetch_all("dispatch")
    paged = lead.fetch_all("dispatch", max=2)
    assert [e.seq for e in whole] == [e.seq for e in paged] and len(whole) == 9
    kinds = [dispatch.Event.FromString(e.body).WhichOneof("body") for e in whole]
    assert kinds[-3:] == ["order_issued", "step_reported", "step_reported"]
    first = lead.fetch("dispatch", 0, max=2)
    assert len(first.events) == 2 and first.next_after == 2 and first.tip > 9


def what_is_not_for_you_is_passed_over(w):
    clerk, tips = w.person("clerk1"), w.messages.tips
    tip = tips.RecordTip(number="TI-1", channel="letter", premises="X-017", content="smoke")
    clerk.call("tips", "query", b"", deadline_ms=60000)  # tips may have to catch up
    accepted = clerk.accepted("tips", tips.Command(record_tip=tip))
    before = accepted.position.seq - 1
    assert len(clerk.fetch("tips", before).events) == 1
    for_officer = w.person("off1").fetch("tips", before)
    # That the clerk has read it is a record, too, and not for him either.
    assert not for_officer.events and for_officer.next_after == accepted.position.seq + 1


def one_reads_what_one_wrote(w):
    desk, dispatch, stats = w.person("desk1"), w.messages.dispatch, w.messages.stats
    query = dispatch.Query(show=dispatch.ShowOrder(number="O0001"))
    answer, as_of = desk.query("dispatch", query, dispatch.Answer)
    order = answer.file.order
    assert order.assignments[0].step == dispatch.DEPARTED and order.target_name == "铸造厂"
    assert as_of.seq >= desk.seen["dispatch"]
    query = stats.Query(figures=stats.Figures())
    answer, _ = desk.query("stats", query, stats.Answer, deadline_ms=60000)
    counts = {count.figure: count.total for count in answer.figures.counts}
    assert counts[stats.OPERATIONS] == 1 and counts[stats.VEHICLE_TIMES] == 2
    follows = {p.stream: p.seq for p in desk.status("stats").follows}
    assert follows["dispatch"] >= desk.seen["dispatch"]


def what_was_not_reached_is_not_answered(w):
    desk = w.person("desk1")
    refused = refusal_of(
        desk.call, "dispatch", "query", b"", seen={"shift": 10**6}, once=True, silence_ms=9000
    )
    assert refused.why == "UNAVAILABLE" and refused.retry
    desk.call("dispatch", "query", b"", seen={"kitchen": 10**6}, once=True)  # follows no such


def the_example_of_the_document_runs(w):
    (program,) = re.findall(r"```python\n(.*?)```", w.document, re.DOTALL)
    path = os.path.join(w.generated, "example.py")
    with open(path, "w", encoding="utf-8") as file:
        file.write(program)
    done = subprocess.run(
        [sys.executable, path, w.daemon.data, "clerk1"],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("accepted"), done.stdout
    assert len(program.splitlines()) <= 45


# ---------------------------------------------------------------- several commands in one request


def interview(w, client, kind="official", **fields):
    """The bytes of a command that anybody of the force may give; each takes the next number."""
    oversight = w.messages.oversight
    body = oversight.Command(record_interview=oversight.RecordInterview(kind=kind))
    return client.command_bytes(body, **fields)


def meeting(w, client, number, **fields):
    """The bytes of one that only some may give, and each number only once."""
    oversight = w.messages.oversight
    body = oversight.Command(record_meeting=oversight.RecordMeeting(number=number))
    return client.command_bytes(body, **fields)


def told(w, outcomes):
    """In a word each: the number of what was accepted, the code of a rejection, the why of a
    refusal."""
    words = []
    for one in outcomes:
        if one.WhichOneof("kind") == "refusal":
            assert one.refusal.text and not one.repeated_outcome
            words.append(w.messages.lq.Refusal.Why.Name(one.refusal.why))
            continue
        outcome = w.messages.lq.Outcome.FromString(one.outcome)
        accepted = outcome.WhichOneof("result") == "accepted"
        words.append(outcome.accepted.number if accepted else outcome.rejected.code)
    return words


def commands_are_decided_in_their_order(w):
    """Each sees what those before it did, and the outcomes stand where their commands stood."""
    desk, lq = w.person("desk1"), w.messages.lq
    tip = desk.status("oversight").tip.seq
    w.together = [
        interview(w, desk),
        meeting(w, desk, "M-1"),
        meeting(w, desk, "M-1"),  # what the second did is there already
        interview(w, desk, kind=""),
        interview(w, desk),
    ]
    w.outcomes = desk.commands("oversight", w.together)
    assert told(w, w.outcomes) == ["YT0001", "M-1", "MEETING_KNOWN", "FIELD_MISSING", "YT0002"]
    assert not any(one.repeated_outcome for one in w.outcomes)
    outcomes = [lq.Outcome.FromString(one.outcome) for one in w.outcomes]
    positions = [getattr(one, one.WhichOneof("result")).position for one in outcomes]
    assert [p.seq for p in positions] == list(range(tip + 1, tip + 6))  # a record each
    assert {p.stream for p in positions} == {"oversight"}
    assert desk.seen["oversight"] == desk.status("oversight").tip.seq == tip + 5


def the_same_commands_get_the_same_outcomes(w):
    desk = w.person("desk1")
    tip = desk.status("oversight").tip.seq
    again = desk.commands("oversight", w.together)
    assert all(one.repeated_outcome for one in again)
    assert [one.outcome for one in again] == [one.outcome for one in w.outcomes]
    for command, before in zip(w.together, w.outcomes):  # it is the same command if it comes alone
        reply = desk.call("oversight", "command", command)
        assert reply.repeated_outcome and reply.outcome == before.outcome
    assert desk.status("oversight").tip.seq == tip
    alone = interview(w, desk)  # and the other way round, among others and twice
    first = desk.call("oversight", "command", alone).outcome
    mixed = desk.commands("oversight", [interview(w, desk), alone, w.together[0], alone])
    assert told(w, mixed) == ["YT0004", "YT0003", "YT0001", "YT0003"]
    assert [one.repeated_outcome for one in mixed] == [False, True, True, True]
    assert mixed[1].outcome == mixed[3].outcome == first


def a_refusal_for_good_does_not_stop_the_rest(w):
    inspector = w.person("insp1")
    tip = inspector.status("oversight").tip.seq
    used = new_id()
    outcomes = inspector.commands(
        "oversight",
        [
            interview(w, inspector, id=used),
            meeting(w, inspector, "M-2"),  # an inspector may not
            interview(w, inspector),
            interview(w, inspector, id=bytes(16)),
            b"\xff",
            interview(w, inspector, kind="enterprise", id=used),
            w.together[0],  # of somebody else
            interview(w, inspector),
        ],
    )
    assert told(w, outcomes) == [
        "YT0005",
        "NOT_PERMITTED",
        "YT0006",
        "MALFORMED",
        "MALFORMED",
        "ID_REUSED",
        "ID_REUSED",
        "YT0007",
    ]
    assert not any(one.refusal.retry for one in outcomes)
    assert inspector.status("oversight").tip.seq == tip + 3  # a refusal is not recorded
    # nor is the meeting, which somebody else may still record
    desk = w.person("desk1")
    assert told(w, desk.commands("oversight", [meeting(w, desk, "M-2")])) == ["M-2"]


def nothing_is_decided_before_the_predecessor(w):
    desk = w.person("desk1")
    tip = desk.status("oversight").tip.seq
    first = new_id()
    rest = [interview(w, desk), interview(w, desk)]
    outcomes = desk.commands("oversight", rest, after=first, once=True)
    assert told(w, outcomes) == ["PREDECESSOR_UNDECIDED"] and outcomes[0].refusal.retry
    assert desk.status("oversight").tip.seq == tip  # the second was not looked at
    # who is told "try again" sends the same bytes again, until the predecessor is decided
    waiting = w.connect("desk1")
    data = w.messages.lq.Commands(commands=rest).SerializeToString()
    request = waiting.request("oversight", "commands", data, after=first)
    waiting.send(request)
    assert waiting.socket.poll(5000)  # it has been refused
    assert desk.status("oversight").tip.seq == tip
    desk.call("oversight", "command", interview(w, desk, id=first))
    outcomes = waiting.wait(request).outcomes.outcomes
    assert told(w, outcomes) == ["YT0009", "YT0010"]  # the first was 8
    assert not any(one.repeated_outcome for one in outcomes)
    waiting.close()
    # a rejection decides too
    rejected = new_id()
    desk.call("oversight", "command", interview(w, desk, kind="", id=rejected))
    more = [rest[1], interview(w, desk)]
    outcomes = desk.commands("oversight", more, after=rejected, once=True)
    assert told(w, outcomes) == ["YT0010", "YT0011"]


def a_list_has_one_to_sixty_four_commands(w):
    desk, lq = w.person("desk1"), w.messages.lq
    tip = desk.status("oversight").tip.seq
    many = [interview(w, desk) for _ in range(65)]

    def refused_as(data):
        refused = refusal_of(desk.call, "oversight", "commands", data)
        assert not refused.retry
        return refused.why

    assert refused_as(b"") == "MALFORMED"
    assert refused_as(lq.Commands(commands=many).SerializeToString()) == "MALFORMED"
    assert refused_as(b"\xff") == "MALFORMED"
    one = lq.Commands(commands=many[:1]).SerializeToString()
    assert refused_as(one + b"\x98\x06\x01") == "MALFORMED"  # field 99
    for other in (b"\x22\x00", b"\x42\x00"):  # a command, or Commands again
        request = desk.request("oversight", "commands", one)
        desk.send(request.SerializeToString() + other)
        assert refusal_of(desk.wait, request, once=True).why == "MALFORMED"
    assert desk.status("oversight").tip.seq == tip  # the first 64 of 65 neither
    most = desk.commands("oversight", many[:64])
    assert told(w, most) == [f"YT{number:04}" for number in range(12, 76)]
    assert told(w, desk.commands("oversight", many[63:])) == ["YT0075", "YT0076"]


# ---------------------------------------------------------------- the end


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
    keys_open_the_door,
    every_service_tells_its_status,
    a_stranger_hears_nothing,
    a_wrong_bus_key_hears_nothing,
    a_bad_list_of_keys_is_not_taken,
    a_routing_id_of_ones_own_is_not_looked_at,
    several_frames_are_not_served,
    the_largest_request_is_served,
    what_is_malformed_is_refused,
    an_unknown_service_is_refused,
    the_bus_answers_nothing_else,
    the_clerk_registers_the_force,
    on_duty_is_who_was_planned,
    the_desk_issues_the_order_of_the_document,
    the_same_bytes_get_the_same_outcome,
    a_used_id_is_refused,
    a_predecessor_comes_first,
    who_may_not_is_refused,
    a_terminal_waits_for_the_next_event,
    a_fetch_that_finds_nothing_says_so,
    a_position_is_held_against_its_hash,
    the_desk_acts_on_behalf_of_a_lead,
    a_stream_is_read_in_pages_without_gaps,
    what_is_not_for_you_is_passed_over,
    one_reads_what_one_wrote,
    what_was_not_reached_is_not_answered,
    the_example_of_the_document_runs,
    commands_are_decided_in_their_order,
    the_same_commands_get_the_same_outcomes,
    a_refusal_for_good_does_not_stop_the_rest,
    nothing_is_decided_before_the_predecessor,
    a_list_has_one_to_sixty_four_commands,
    a_revoked_key_opens_nothing,
    remember_tips,
    the_daemon_ends_in_order,
    the_chain_of_the_journal_holds,
    the_document_names_every_code,
]


def main():
    program, source = (os.path.abspath(argument) for argument in sys.argv[1:3])
    with tempfile.TemporaryDirectory(prefix="lq-protocol-") as directory:
        w = World(program, source, directory)
        try:
            for step in STEPS:
                step(w)
                print("ok  ", step.__name__.replace("_", " "), flush=True)
        except BaseException:
            print("FAILED", step.__name__.replace("_", " "), "\n" + w.daemon.log()[-4000:])
            raise
        finally:
            for client in w.clients.values():
                client.close()
            w.daemon.stop()


if __name__ == "__main__":
    main()
