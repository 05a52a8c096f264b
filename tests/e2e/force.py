"""A small force on duty today, with premises to go to, for end-to-end tests."""

import datetime
import os

from system import check

PEOPLE = """badge,name,unit,role,team,group,phone
D1,王台,环保局,desk,,A,
C1,李总,县政府,commander,,A,
H1,周局,环保局,head,,A,
L1,赵一,公安局,lead,T01,A,
M1,钱二,公安局,officer,T01,A,
L2,孙三,安监局,lead,T02,A,
"""
ENTERPRISES = """enterprise,name,township,owner,lat,lon,kind,responsible_1,responsible_2,measures,deadline
E0001,甲厂,甲镇,张三,38.2,116.4,malleable_iron_foundry,李一,李二,停产,2027-05-01
E0002,乙厂,乙镇,张四,38.2,116.4,malleable_iron_foundry,李一,李二,停产,2027-05-01
"""


def rota():
    lines = ["date,shift,group,starts_at,ends_at"]
    county = datetime.timezone(datetime.timedelta(hours=8))
    for ahead in (-1, 0, 1):
        day = (datetime.datetime.now(county) + datetime.timedelta(days=ahead)).date().isoformat()
        lines.append(f"{day},all,A,{day}T00:00:00+08:00,{day}T23:59:59+08:00")
    return "\n".join(lines) + "\n"


def load(system):
    folder = os.path.join(system.directory, "base")
    os.mkdir(folder)
    for name, text in (("people", PEOPLE), ("enterprises", ENTERPRISES), ("rota", rota())):
        with open(os.path.join(folder, name + ".csv"), "w", encoding="utf-8") as file:
            file.write(text)
    done = system.lq("import", folder)
    check(done.returncode == 0, done.stderr)


def order(system, number, team="T01"):
    done = system.lq("order", "issue", "--as", "D1", "--kind", "raid", "--target", "E0001", "--team",
                     team, "--number", number)
    check(done.returncode == 0, done.stderr)
