"""A day of the force: what is registered, ordered, reported, followed and asked."""

import os
import re
import subprocess
import sys
import time

from client import new_id
from world import refusal_of, now_ms, HOUR_MS, EXAMPLE_ID


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


STEPS = [
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
]
