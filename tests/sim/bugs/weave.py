#!/usr/bin/env python3
"""Weaves the bugs of this folder into copies of the product's sources; README.md tells the rest.

    weave.py weave ROOT FILE OUT PATCH...   writes FILE (a path below ROOT) with the bugs to OUT
    weave.py list OUT PATCH...              writes the C header that lists the bugs
    weave.py refit                          finds again what moved, says what fits nowhere
    weave.py refit NAME FILE COPY [WORDS]   makes NAME.patch anew: COPY is FILE with the bug in it

Each patch is made against the product itself, not against the product with other bugs, so that one
can be taken out or changed without the others. A hunk's old lines must be in the file exactly once:
where they are is looked for, the line numbers are not read. Two bugs may be neighbours, but may not
change the same line.
"""

import pathlib
import re
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
ROOT = FOLDER.parents[2]
PRODUCT = re.compile(r"(common|services)/.+\.c")


class Misfit(Exception):
    """A patch that cannot be woven, and why."""


class Hunk:
    """Lines of one place: "-" and " " are looked for, "+" are put in."""

    def __init__(self, bug, path):
        self.bug, self.path, self.lines = bug, path, []

    def places(self, text):
        """The indices of `text` at which the old lines stand."""
        old = [line[1:] for line in self.lines if line[0] != "+"]
        return [i for i in range(len(text) - len(old) + 1) if text[i : i + len(old)] == old]

    def place(self, text):
        places = self.places(text)
        if len(places) == 1:
            return places[0]
        why = "is no more in" if not places else f"is {len(places)} times in"
        shown = "\n".join("    " + line for line in self.lines)
        raise Misfit(f"{self.bug}.patch does not fit: this {why} {self.path}\n{shown}")


class Bug:
    def __init__(self, patch):
        self.patch, self.name, self.hunks = pathlib.Path(patch), pathlib.Path(patch).stem, []
        lines = self.patch.read_text(encoding="utf-8").rstrip("\n").split("\n")
        self.words, path = lines[0], None
        for line in lines[1:]:
            if line.startswith("--- a/"):
                path = line[6:].split("\t")[0]
            elif line.startswith("@@") and path:
                self.hunks.append(Hunk(self.name, path))
            elif self.hunks and not line.startswith(("+++ b/", "\\")):
                self.hunks[-1].lines.append(line or " ")
        self.check()

    def check(self):
        if not self.words or self.words.startswith("---") or not self.hunks:
            raise Misfit(f"{self.name}.patch: a line that says what the bug does, then a diff -u")
        added = "\n".join(line for h in self.hunks for line in h.lines if line[0] == "+")
        if set(re.findall(r"\bSIM_BUG\((\w+)\)", added)) != {self.name}:
            raise Misfit(f"{self.name}.patch must ask SIM_BUG({self.name}), and for no other bug")
        for hunk in self.hunks:
            if not PRODUCT.fullmatch(hunk.path):
                raise Misfit(f"{self.name}.patch: {hunk.path} is no source of common or services")


def read(path):
    return path.read_text(encoding="utf-8").split("\n")


def weave(text, hunks):
    """The lines of `text` with all hunks, each of which is placed in `text` as it was."""
    before = [[] for _ in text]  # what is put before a line
    instead = [[line] for line in text]  # and what the line becomes
    changed = {}
    for hunk in hunks:
        at, deleted = hunk.place(text), None
        for line in hunk.lines:
            if line[0] == "+":
                (before[at] if deleted is None else instead[deleted]).append(line[1:])
                continue
            deleted = None
            if line[0] == "-":
                if at in changed:
                    raise Misfit(
                        f"{hunk.bug}.patch and {changed[at]}.patch change the same line of"
                        f" {hunk.path}:\n    {text[at]}"
                    )
                changed[at], instead[at], deleted = hunk.bug, [], at
            at += 1
    return [line for i in range(len(text)) for line in before[i] + instead[i]]


def command_weave(root, path, out, *patches):
    source = pathlib.Path(root) / path
    bugs = [Bug(patch) for patch in sorted(patches)]
    names = ", ".join(bug.name for bug in bugs)
    if not source.exists():
        raise Misfit(f"{path} is no more, but is changed by {names}")
    hunks = [hunk for bug in bugs for hunk in bug.hunks if hunk.path == path]
    head = [f"// {path} with bugs: {names}.", '#include "sim/bugs.h"']
    pathlib.Path(out).parent.mkdir(parents=True, exist_ok=True)
    pathlib.Path(out).write_text("\n".join(head + weave(read(source), hunks)), encoding="utf-8")


def command_list(out, *patches):
    rows = [f'    bug({bug.name}, "{bug.words}")' for bug in map(Bug, sorted(patches))]
    text = "// Made from tests/sim/bugs.\n#define SIM_BUGS(bug) \\\n" + " \\\n".join(rows) + "\n"
    out = pathlib.Path(out)
    if not out.exists() or out.read_text(encoding="utf-8") != text:  # all that includes it is built
        out.write_text(text, encoding="utf-8")


def product():
    files = sorted(f for top in ("common", "services") for f in (ROOT / top).rglob("*.c"))
    return {str(file.relative_to(ROOT)): read(file) for file in files}


def find_again(bug, texts):
    """Changes the paths of the patch to where all of its hunks fit; returns what fits nowhere."""
    lost = []
    for path in sorted({hunk.path for hunk in bug.hunks}):
        hunks = [hunk for hunk in bug.hunks if hunk.path == path]
        fits = [p for p, text in texts.items() if all(len(h.places(text)) == 1 for h in hunks)]
        if path in fits:
            continue
        if len(fits) != 1:
            lost.append(path)
            continue
        patch = bug.patch.read_text(encoding="utf-8")
        for side in ("--- a/", "+++ b/"):
            patch = patch.replace(f"\n{side}{path}\n", f"\n{side}{fits[0]}\n")
        bug.patch.write_text(patch, encoding="utf-8")
        print(f"{bug.name}: {path} -> {fits[0]}")
    return lost


def make_anew(name, path, copy, words):
    """The patch with as little context as makes its places the only ones."""
    patch = FOLDER / f"{name}.patch"
    words = words or Bug(patch).words
    for context in range(1, 30):
        diff = subprocess.run(
            ["diff", f"-U{context}", "-p", f"--label=a/{path}", f"--label=b/{path}",
             ROOT / path, copy],
            capture_output=True, text=True, check=False,
        ).stdout
        patch.write_text(f"{words}\n\n{diff}", encoding="utf-8")
        if all(len(hunk.places(read(ROOT / path))) == 1 for hunk in Bug(patch).hunks):
            return


def command_refit(name=None, path=None, copy=None, words=None):
    if name is not None:
        return make_anew(name, path, copy, words)
    texts, lost = product(), []
    for patch in sorted(FOLDER.glob("*.patch")):
        bug = Bug(patch)
        lost += [f"{bug.name}: fits nowhere, was in {path}" for path in find_again(bug, texts)]
    if lost:
        raise Misfit("\n".join(lost))
    return None


def main(arguments):
    commands = {"weave": command_weave, "list": command_list, "refit": command_refit}
    if not arguments or arguments[0] not in commands:
        sys.exit(__doc__)
    try:
        commands[arguments[0]](*arguments[1:])
    except Misfit as misfit:
        sys.exit(f"{misfit}\nSee tests/sim/bugs/README.md.")


if __name__ == "__main__":
    main(sys.argv[1:])
