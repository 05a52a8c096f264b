#!/usr/bin/env python3
"""Writes the tables of language/catalog.h: make_catalog.py DESCRIPTORS CATALOG.mo OUTPUT.c

DESCRIPTORS is what protoc writes with --include_source_info. A trailing comment that begins with a
Chinese word is the word of the field or enum value, up to the first colon; synonyms are parted by
"/". What follows the colon, and a comment that does not begin so, are English notes. A field that
says nothing has the word of the field of that name that comes first, in its own file before others.
A message is named in its leading comment: "An order (指令)"; a package in the comment that its file
begins with: "dispatch (调度): …". A package's row is "dispatch.".
"""
import gettext
import re
import sys

from google.protobuf import descriptor_pb2

WORD = re.compile(r"([\u4e00-\u9fff][^:：]*)(?:[:：]\s*(.*))?$", re.S)
NAMED = re.compile(r"\(([\u4e00-\u9fff]+)\)")
# Field numbers of descriptor.proto.
MESSAGE, ENUM, FIELD, VALUE, NESTED, NESTED_ENUM = 4, 5, 2, 2, 3, 4
SYNTAX = 12


def split(comment):
    comment = " ".join(comment.split())
    match = WORD.match(comment)
    return (match.group(1).strip(), match.group(2) or "") if match else ("", comment)


def walk(package, messages, enums, path, comments):
    """Gives (full name of the type, member, is a field, comment) of everything in a file."""
    for i, enum in enumerate(enums):
        own = path + ((ENUM, i) if not path else (NESTED_ENUM, i))
        for j, value in enumerate(enum.value):
            yield f"{package}.{enum.name}", value.name, False, comments.get(own + (VALUE, j), "")
    for i, message in enumerate(messages):
        own = path + ((MESSAGE, i) if not path else (NESTED, i))
        name = f"{package}.{message.name}"
        for j, field in enumerate(message.field):
            yield name, field.name, True, comments.get(own + (FIELD, j), "")
        yield from walk(name, message.nested_type, message.enum_type, own, comments)


def read_messages(file):
    """What the leading comments of a file call its messages, by their names as services say them."""
    for at in file.source_code_info.location:
        named = NAMED.search(at.leading_comments)
        if len(at.path) == 2 and at.path[0] == MESSAGE and named:
            yield file.message_type[at.path[1]].name.lower(), named.group(1)


def read_package(file):
    """The Chinese name of a package; "" if it has none."""
    for at in file.source_code_info.location:
        named = NAMED.search(at.leading_comments)
        if list(at.path) == [SYNTAX] and named:
            return named.group(1)
    return ""


def read_words(path):
    """Gives the rows of the .proto files, and words that a sentence may have as its arguments: what
    values, commands and questions are called, and apart from them fields and messages."""
    descriptors = descriptor_pb2.FileDescriptorSet()
    with open(path, "rb") as file:
        descriptors.ParseFromString(file.read())
    everything, named, messages = [], {}, {}
    # Whatever imports what: of a word that several say, a sentence means rules' or the ledger's first.
    files = sorted(descriptors.file, key=lambda file: (file.name != "rules.proto", file.name != "ledger.proto"))
    for file in files:
        comments = {tuple(at.path): at.trailing_comments for at in file.source_code_info.location}
        for name, member, is_field, comment in walk(file.package, file.message_type,
                                                    file.enum_type, (), comments):
            word, notes = split(comment)
            everything.append((file.name, name, member, is_field, word, notes))
            if is_field and word:
                named.setdefault((file.name, member), word)
                named.setdefault(member, word)
        for name, word in read_messages(file):
            messages.setdefault(name, word)
    rows, values, variants = {}, {}, {}
    for file in descriptors.file:
        rows[f"{file.package}."] = (read_package(file), "")
    for file, name, member, is_field, word, notes in everything:
        if is_field and not word:
            word = named.get((file, member)) or named.get(member) or ""
        rows[f"{name}.{member}"] = (word, notes)
        if word and not is_field:
            values.setdefault(member.lower(), word.split("/")[0])
        if word and name.split(".")[-1] in ("Command", "Query"):
            variants.setdefault(member, word.split("/")[0])
    fields = {member: word.split("/")[0] for member, word in named.items() if isinstance(member, str)}
    # a kind of thing goes first: a "channel" is one of video before it is how somebody was told
    services = {file.package for file in descriptors.file}  # stay as they are typed
    names = {name: word for name, word in {**fields, **messages}.items() if name not in services}
    return rows, {**variants, **values}, names


def quote(text):
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def write_texts(file, name, texts):
    file.write(f"const struct lq_translation {name}s[] = {{\n")
    for key in sorted(texts, key=lambda text: text.encode()):
        file.write(f"    {{{quote(key)}, {quote(texts[key])}}},\n")
    file.write(f"}};\nconst size_t {name}_count = {len(texts)};\n\n")


def main():
    descriptors, catalog, output = sys.argv[1:]
    rows, words, names = read_words(descriptors)
    with open(catalog, "rb") as file:
        sentences = {key: text for key, text in gettext.GNUTranslations(file)._catalog.items()
                     if isinstance(key, str) and key}
    with open(output, "w", encoding="utf-8") as file:
        file.write('#include "language/catalog.h"\n\n')
        write_texts(file, "lq_translation", sentences)
        # "open" is what a fault says cannot be done, before it is a field
        write_texts(file, "lq_argument_word",
                    {**{name: word for name, word in names.items() if name not in sentences}, **words})
        file.write("const struct lq_proto_word lq_proto_words[] = {\n")
        for key in sorted(rows, key=lambda text: text.encode()):
            word, notes = rows[key]
            file.write(f"    {{{quote(key)}, {quote(word)}, {quote(notes)}}},\n")
        file.write(f"}};\nconst size_t lq_proto_word_count = {len(rows)};\n")


main()
