#!/usr/bin/python3
"""Another county's folder, with wrong rows among the good: exactly those are refused, all figures
are right, a second import changes nothing, and a row that was corrected is taken."""

import os
import sys
import tempfile

import make_county
from system import System, check, check_figures, check_refused

OTHER_SEEDS = (7, 2016)  # good rows only: none may be refused


def test_wrong_rows(lq, folder):
    county, told = make_county.make(folder, seed=1, wrong=True)
    with System(lq) as system:
        code, refused, said = system.import_folder(folder)
        check(code == 1, f"the import ended with {code}:\n{said}")
        check_refused(refused, told)
        check_figures(system, told)
        check_again(system, folder, told)
        check_corrected(system, folder, county)
        verified = system.lq("verify")
        check(verified.returncode == 0, f"lq verify: {verified.stdout}{verified.stderr}")


def check_again(system, folder, told):
    before = system.tips()
    code, refused, said = system.import_folder(folder)
    check(code == 1, f"the second import ended with {code}")
    check_refused(refused, told)
    check("nothing new" in said, f"the second import does not say that nothing is new:\n{said}")
    check(system.tips() == before, "the second import added records")


def check_corrected(system, folder, county):
    row = county.off_duty
    team = county.row_of("operations.csv", issued_at=row.fields["issued_at"]).fields["teams"]
    row.fields["teams"], row.wrong = team.split()[0], None
    told = make_county.expected(county, county.write(folder))
    code, refused, said = system.import_folder(folder)
    check(code == 1, f"the import of the corrected row ended with {code}:\n{said}")
    check_refused(refused, told)
    check_figures(system, told)


def test_good_rows(lq, folder, seed):
    _, told = make_county.make(folder, seed=seed, size=40)
    with System(lq) as system:
        code, refused, said = system.import_folder(folder)
        check(code == 0 and not refused, f"seed {seed}: {code}\n{said}")
        check_figures(system, told)
        before = system.tips()
        code, _, said = system.import_folder(folder)
        check(code == 0, f"seed {seed}: the second import ended with {code}\n{said}")
        check(system.tips() == before, f"seed {seed}: the second import added records")


def test_in_chinese(lq, folder):
    """Who is spoken to in Chinese imports the same files, and files with Chinese words."""
    make_county.make(folder, seed=4, size=8)
    people = os.path.join(folder, "people.csv")
    with open(people, encoding="utf-8") as file:
        english = file.read()
    check(",officer," in english and ",lead," in english, "nobody is an officer, or a lead")
    with open(people, "w", encoding="utf-8") as file:
        file.write(english.replace(",lead,", ",组长,"))
    with System(lq) as system:
        done = system.lq("--lang", "zh", "import", folder)
        check(done.returncode == 0, f"the import ended with {done.returncode}:\n{done.stderr}")
        roles = {person["role"] for person in system.json("shift", "people")}
        check({"lead", "officer"} <= roles, f"the roles are {roles}")


def test_bad_files(lq, folder):
    """What is wrong with a whole file is told with the file's name, and nothing is sent."""
    make_county.make(folder, seed=3, size=8)
    people = os.path.join(folder, "people.csv")
    with open(people, "rb") as file:
        good = file.read()
    with System(lq) as system:
        for bad, word in ((good.replace(b",role,", b",rule,", 1), "role"), (b"", "people.csv")):
            with open(people, "wb") as file:
                file.write(bad)
            done = system.lq("import", folder)
            check(done.returncode == 1, f"the import ended with {done.returncode}: {done.stderr}")
            check("people.csv" in done.stderr and word in done.stderr, done.stderr)
        check(sum(system.tips().values()) == 0, "something was recorded")


def main():
    lq = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        test_wrong_rows(lq, os.path.join(folder, "错 行"))
        for seed in OTHER_SEEDS:
            test_good_rows(lq, os.path.join(folder, str(seed)), seed)
        test_in_chinese(lq, os.path.join(folder, "中文"))
        test_bad_files(lq, os.path.join(folder, "bad"))


if __name__ == "__main__":
    main()
