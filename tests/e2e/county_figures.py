"""What must come of importing a county that make_county.py has made: its figures, counted from the
good rows alone."""

import datetime
from collections import Counter

COUNTY = datetime.timezone(datetime.timedelta(hours=8))
RANGES = [("", ""), ("2016-03-01", "2016-03-31"), ("2016-04-01", ""), ("", "2016-04-15"),
          ("2016-03-14", "2016-03-14"), ("2016-05-02", "2016-05-08"), ("2017-01-01", "2017-12-31")]


def day_of(text):
    return datetime.datetime.fromisoformat(text).astimezone(COUNTY).date().isoformat()


def count(county, first, last, by_township=False):
    """The figures of a range of days ("" is an open end), from the good rows."""

    def within(text):
        return (not first or day_of(text) >= first) and (not last or day_of(text) <= last)

    def kinds(rows):
        return dict(Counter(row["kind"] for row in rows))

    def suspects(event):
        return len({row["suspect"] for row in county.good("suspect_events.csv")
                    if row["event"] == event and within(row["at"])})

    def cases(event):
        return sum(row["event"] == event and within(row["at"])
                   for row in county.good("case_events.csv"))

    orders = [row for row in county.good("operations.csv") if within(row["issued_at"])]
    numbers = {row["operation"] for row in orders}
    items = [row for row in county.good("seizures.csv") if within(row["at"])]
    site_kind = {row["site"]: row["kind"] for row in county.good("sites.csv")}
    closed = [{"kind": site_kind[row["site"]]} for row in county.good("shutdowns.csv")
              if within(row["at"])]
    meetings = [row for row in county.good("meetings.csv") if within(row["held_at"])]
    status = {}
    for row in county.good("enterprise_events.csv"):  # of each enterprise in order of time
        if not last or day_of(row["at"]) <= last:
            status[row["enterprise"]] = row["event"]
    figures = {
        "operations": len(orders),
        "person_times": sum(row["operation"] in numbers for row in county.good("participants.csv")),
        "vehicle_times": sum(int(row["vehicles"]) for row in orders),
        "machine_times": sum(int(row["machines"]) for row in orders),
        "dismantled": kinds(row for row in items if row["action"] == "dismantled"),
        "sealed": kinds(row for row in items if row["action"] == "sealed"),
        "shut_down": kinds(closed),
        "notices": sum(within(row["issued_at"]) for row in county.good("notices.csv")),
        "cases": {"filed": cases("filed"), "solved": cases("solved")},
        "persons": {event: suspects(event) for event in
                    ("detained", "arrest_approved", "captured", "listed_wanted")},
        "ledger": dict(Counter(status.values())),
        "oversight": {
            "meetings": len(meetings),
            "issues_raised": sum(int(row["issues_raised"]) for row in meetings),
            "issues_solved": sum(int(row["issues_resolved"]) for row in meetings),
            "interviews": sum(within(row["at"]) for row in county.good("interviews.csv")),
        },
        "supervision": {
            "leads": sum(within(row["received_at"]) for row in county.good("tips.csv")),
            "cameras": 0,
            "grants": 0,
        },
    }
    if by_township:
        figures["operations_by_township"] = dict(
            Counter(county.township[row["target"]] for row in orders))
    return figures


def expected(county, refused):
    return {
        "refused": refused,
        "rows": sum(len(rows) for rows in county.rows.values()),
        "figures": [{"from": first, "to": last, "figures": count(county, first, last, True)}
                    for first, last in RANGES],
    }
