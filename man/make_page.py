#!/usr/bin/env python3
"""Makes a manual page of its template: make_page.py VERSION DATE TEMPLATE OUTPUT [LQ LANGUAGE]

@VERSION@ and @DATE@ are filled in. Where the template says @OPTIONS@ and @VERBS@ stands what the
binary LQ says of them (`lq help`, `lq help NOUN`), word for word, so that the page cannot say
anything else than the program does. Chinese lines get the places at which they may be broken,
which roff sees only between words.
"""
import os
import re
import subprocess
import sys

OPTIONS, VERBS = '.\\" @OPTIONS@\n', '.\\" @VERBS@\n'
CHINESE = "\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”"
MAY_BREAK = re.compile(f"(?<=[{CHINESE}])(?<![（《“])(?=[{CHINESE}])(?![，。；：、）》”！？])")
IS_CHINESE = re.compile(f"[{CHINESE}]")


def ask(lq, language, *words):
    # Nothing of the builder's environment: it could say another language.
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    return subprocess.run([lq, "--lang", language, "help", *words], env=environment, check=True,
                          capture_output=True, text=True, encoding="utf-8").stdout


def escape(line):
    line = line.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return "\\&" + line if line.startswith(".") else line


def verbatim(text):
    lines = [line.removeprefix("  ") for line in text.strip("\n").split("\n")]
    return ".nf\n" + "".join(escape(line) + "\n" for line in lines) + ".fi\n"


def options(overview):
    """The third paragraph from the end, without its first line."""
    return verbatim(overview.strip("\n").split("\n\n")[-3].split("\n", 1)[1])


def section(noun, told):
    """The verbs of a noun, each headed by how it is used ("usage: lq order show ORDER")."""
    told = told.strip("\n").rsplit("\n", 1)[0]  # the last line tells where there is more
    parts = re.split(rf"^\S+[:：] ?(lq {noun}\b.*)\n", told, flags=re.M)
    return f".SS {noun}\n" + "".join(f".TP\n.B {escape(usage)}\n{verbatim(text)}"
                                     for usage, text in zip(parts[1::2], parts[2::2]))


def verbs(lq, language):
    listed = ask(lq, language, "--list").splitlines()
    nouns = dict.fromkeys(line.split()[0] for line in listed if not line.startswith("*"))
    return "".join(section(noun, ask(lq, language, noun)) for noun in nouns)


def break_chinese(page):
    """Text alone, not what is verbatim. A line that goes on in Chinese is joined without a space."""
    filled, lines = True, []
    for line in page.split("\n"):
        filled = line == ".fi" or (filled and line != ".nf")
        is_text = filled and line[:1] not in ("", ".")
        before = lines[-1] if is_text and lines else ""
        if is_text:
            line = MAY_BREAK.sub(r"\\:", line)
        goes_on = before != "" and IS_CHINESE.match(before[-1]) and IS_CHINESE.match(line)
        if goes_on and before[0] != ".":
            lines[-1] += r"\:" + line
            continue
        if goes_on and before[:2] in (".B", ".I", ".R"):
            lines[-1] += r"\c"
        lines.append(line)
    return "\n".join(lines)


def main():
    version, date, template, output = sys.argv[1:5]
    with open(template, encoding="utf-8") as file:
        page = file.read()
    page = page.replace("@VERSION@", version).replace("@DATE@", date)
    if len(sys.argv) > 5:
        lq, language = sys.argv[5:]
        page = page.replace(OPTIONS, options(ask(lq, language)))
        page = page.replace(VERBS, verbs(lq, language))
    with open(output, "w", encoding="utf-8") as file:
        file.write(break_chinese(page))


main()
