"""Several commands in one request."""

from client import new_id
from world import refusal_of


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


STEPS = [
    commands_are_decided_in_their_order,
    the_same_commands_get_the_same_outcomes,
    a_refusal_for_good_does_not_stop_the_rest,
    nothing_is_decided_before_the_predecessor,
    a_list_has_one_to_sixty_four_commands,
]
