#!/usr/bin/env python3
"""Writes the tables of language/catalog.h: make_catalog.py DESCRIPTORS CATALOG.mo OUTPUT.c

DESCRIPTORS is what protoc writes with --include_source_info. A trailing comment that begins with a
Chinese word is the word of the field or enum value, up to the first colon; synonyms are parted by
"/". What follows the colon, and a comment that does not begin so, are English notes. A field that
says nothing has the word of the field of that name that comes first, in its own file before others.
"""
import gettext
import re
import sys

from google.protobuf import descriptor_pb2

WORD = re.compile(r"([\u4e00-\u9fff][^:：]*)(?:[:：]\s*(.*))?$", re.S)
# Field numbers of descriptor.proto.
MESSAGE, ENUM, FIELD, VALUE, NESTED, NESTED_ENUM = 4, 5, 2, 2, 3, 4


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


def read_words(path):
    descriptors = descriptor_pb2.FileDescriptorSet()
    with open(path, "rb") as file:
        descriptors.ParseFromString(file.read())
    everything, named = [], {}
    for file in descriptors.file:
        comments = {tuple(at.path): at.trailing_comments for at in file.source_code_info.location}
        for name, member, is_field, comment in walk(file.package, file.message_type,
                                                    file.enum_type, (), comments):
            word, notes = split(comment)
            everything.append((file.name, name, member, is_field, word, notes))
            if is_field and word:
                named.setdefault((file.name, member), word)
                named.setdefault(member, word)
    rows, values = {}, {}  # values: what another process calls a value or a field in its sentences
    for file, name, member, is_field, word, notes in everything:
        if is_field and not word:
            word = named.get((file, member)) or named.get(member) or ""
        rows[f"{name}.{member}"] = (word, notes)
        if not is_field and word:
            values.setdefault("word:" + member.lower(), word.split("/")[0])
    for file, name, member, is_field, word, notes in everything:
        if is_field and (word or rows[f"{name}.{member}"][0]):
            values.setdefault("word:" + member, rows[f"{name}.{member}"][0].split("/")[0])
    return rows, values


def quote(text):
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def main():
    descriptors, catalog, output = sys.argv[1:]
    words, values = read_words(descriptors)
    with open(catalog, "rb") as file:
        sentences = {key: text for key, text in gettext.GNUTranslations(file)._catalog.items()
                     if isinstance(key, str) and key}
    sentences = {**values, **sentences}
    with open(output, "w", encoding="utf-8") as file:
        file.write('#include "language/catalog.h"\n\nconst struct lq_translation lq_translations[] = {\n')
        for key in sorted(sentences, key=lambda text: text.encode()):
            file.write(f"    {{{quote(key)}, {quote(sentences[key])}}},\n")
        file.write(f"}};\nconst size_t lq_translation_count = {len(sentences)};\n\n"
                   "const struct lq_proto_word lq_proto_words[] = {\n")
        for key in sorted(words, key=lambda text: text.encode()):
            word, notes = words[key]
            file.write(f"    {{{quote(key)}, {quote(word)}, {quote(notes)}}},\n")
        file.write(f"}};\nconst size_t lq_proto_word_count = {len(words)};\n")


main()
