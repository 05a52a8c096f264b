#!/usr/bin/python3
"""A key is what the roster says, or it is told that it is not."""

import os
import sys

from force import load, order
from system import System, check


def keys_of(system, badge):
    return [one for one in system.json("key", "list") if one["badge"] == badge]


def issued(system, *arguments):
    done = system.lq("key", "issue", *arguments)
    check(done.returncode == 0, done.stderr)
    return done


def issue_order(system, number):
    return system.lq("order", "issue", "--as", "D1", "--kind", "raid", "--target", "E0002", "--team",
                     "T02", "--number", number)


def a_role_that_changed_stands_out_until_there_is_a_new_key(system):
    check(" new " in issued(system, "L1").stdout, "no key was made")
    check(" unchanged " in issued(system, "D1").stdout, "a second key for nothing")
    check(keys_of(system, "D1")[0]["differs"] == "", keys_of(system, "D1"))
    amended = system.lq("shift", "amend", "D1", "--role", "officer", "--team", "T01")
    check(amended.returncode == 0 and "lq key issue D1" in amended.stderr, amended.stderr)
    one = keys_of(system, "D1")[0]
    check((one["roles"], one["roster_role"], one["name"]) == ("desk", "officer", "王台"), one)
    check("≠" in one["differs"], one)
    renewed = issued(system, "D1")
    check("opened as desk, the roster says officer" in renewed.stderr, renewed.stderr)
    old, new = keys_of(system, "D1")
    check(old["revoked"] and not new["revoked"] and new["roles"] == "officer", (old, new))
    check(new["differs"] == "", new)
    refused = issue_order(system, "N2")
    check(refused.returncode == 1, f"the former dispatcher issues orders: {refused.stdout}")


def who_was_revoked_gets_a_new_key_by_name_only(system):
    path = os.path.join(system.data, "keys", "L2.key")
    issued(system, "L2")
    with open(path, encoding="utf-8") as file:
        before = file.read()
    check(system.lq("key", "revoke", "L2").returncode == 0, "not revoked")
    everybody = issued(system, "--all")
    check("L2 is left out" in everybody.stderr and "M1" in everybody.stdout, everybody.stderr)
    os.rename(path, path + ".old")
    asked = system.lq("order", "list", "--as", "L2")
    check(asked.returncode == 1 and "was revoked" in asked.stderr, asked.stderr)
    os.rename(path + ".old", path)
    again = issued(system, "L2")
    check("new, was revoked" in again.stdout and "stays revoked" in again.stderr, again.stderr)
    with open(path, encoding="utf-8") as file:
        check(file.read() != before, "the revoked key again")
    check(system.lq("order", "list", "--as", "L2").returncode == 0, "the new key does not open")


def the_last_administrator_is_asked_about(system):
    done = system.lq("key", "revoke", "admin")
    check(done.returncode == 1 and "last administrator" in done.stderr, done.stderr)
    check(not keys_of(system, "admin")[0]["revoked"], "revoked all the same")
    check(system.lq("key", "revoke", "admin", "--yes").returncode == 0, "--yes does not")
    check(keys_of(system, "admin")[0]["revoked"], "not revoked")


def main():
    with System(sys.argv[1]) as system:
        load(system)
        order(system, "N1")
        a_role_that_changed_stands_out_until_there_is_a_new_key(system)
        who_was_revoked_gets_a_new_key_by_name_only(system)
        the_last_administrator_is_asked_about(system)


if __name__ == "__main__":
    main()
