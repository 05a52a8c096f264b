// What people read, in Chinese: sentences from po/zh_CN.po, words from the comments of proto/. The rules of the
// comments are those of common/language/make_catalog.py, which does the same for lq.

const WORD = /^([\u4e00-\u9fff][^:：]*)(?:[:：]|$)/;
const NAMED = /\(([\u4e00-\u9fff]+)\)/;
// Field numbers of descriptor.proto.
const MESSAGE = 4, ENUM = 5, MEMBER = 2, NESTED = 3, NESTED_ENUM = 4, SYNTAX = 12;

function wordOf(comment) {
  const match = WORD.exec((comment ?? "").split(/\s+/).filter(Boolean).join(" "));
  return match ? match[1].trim().split("/")[0] : "";
}

/** The Chinese words of one file: enum values by number, members of messages by name. */
function readFile(file, words) {
  const trailing = new Map(), leading = new Map();
  for (const at of file.sourceCodeInfo?.location ?? []) {
    trailing.set(at.path.join("."), at.trailingComments);
    leading.set(at.path.join("."), at.leadingComments);
  }
  const named = NAMED.exec(leading.get(`${SYNTAX}`) ?? "");
  if (named) words.services[file.package] = named[1];
  const walk = (messages, enums, path) => {
    enums.forEach((type, i) => {
      const own = [...path, path.length > 0 ? NESTED_ENUM : ENUM, i];
      type.value.forEach((value, j) => {
        const word = wordOf(trailing.get([...own, MEMBER, j].join(".")));
        if (word) words.values[value.name.toLowerCase()] ??= word;
        if (word) (words.enums[`${file.package}.${type.name}`] ??= {})[value.number] = word;
      });
    });
    messages.forEach((type, i) => {
      const own = [...path, path.length > 0 ? NESTED : MESSAGE, i];
      type.field.forEach((field, j) => {
        const word = wordOf(trailing.get([...own, MEMBER, j].join(".")));
        if (!word) return;
        words.members[`${file.package}.${type.name}.${field.name}`] = word;
        words.fields[field.name] ??= word;
        if (type.name === "Command" || type.name === "Query") words.variants[field.name] ??= word;
      });
      const called = NAMED.exec(leading.get(own.join(".")) ?? "");
      if (path.length === 0 && called) words.things[type.name.toLowerCase()] ??= called[1];
      walk(type.nestedType, type.enumType, own);
    });
  };
  walk(file.messageType, file.enumType, []);
}

/** The entries of a catalog that have a translation. */
export function readCatalog(text) {
  const sentences = {};
  let id = "", translation = "", into = null;
  const keep = () => {
    if (id && translation) sentences[id] = translation;
    id = translation = "";
  };
  for (const line of text.split("\n")) {
    const match = /^(msgid|msgstr)?\s*("(?:[^"\\]|\\.)*")$/.exec(line);
    if (!match) continue; // comments, and the blank lines between entries
    if (match[1] === "msgid") keep();
    into = match[1] ?? into;
    const piece = JSON.parse(match[2]);
    if (into === "msgid") id += piece;
    else translation += piece;
  }
  keep();
  return sentences;
}

// A sentence stands where it is said: tr("…"), or TR("…") where it is said later.
const SAID = /\b(?:tr|TR)\(\s*("(?:[^"\\]|\\.)*")/g;

function readWords(descriptors) {
  const words = { services: {}, enums: {}, members: {}, things: {}, fields: {}, variants: {}, values: {} };
  for (const file of descriptors.file) readFile(file, words);
  return words;
}

/** What services tell people, for told.ts: every sentence, and what may stand in one as a word of ours. */
export function generateTold(descriptors, catalog) {
  const { fields, things, variants, values } = readWords(descriptors);
  const words = { ...fields, ...things, ...variants, ...values };
  for (const file of descriptors.file) delete words[file.package]; // services are called as they are typed
  return JSON.stringify({ sentences: readCatalog(catalog), words });
}

/**
 * What these sources say themselves: gen/words.ts. Of enums those whose schema they name; the words of members, things
 * and services only where they ask for such. Of the sentences those that are in `script`, if there is one.
 */
export function generateWords(descriptors, catalog, texts, script) {
  const words = readWords(descriptors);
  const isNamed = (schema) => texts.some((text) => new RegExp(`\\b${schema}Schema\\b`).test(text));
  const isAsked = (ask) => texts.some((text) => new RegExp(`(?<!function )\\b${ask}\\(`).test(text));
  words.enums = Object.fromEntries(Object.entries(words.enums).filter(([name]) => isNamed(name.split(".").at(-1))));
  words.members = Object.fromEntries(Object.entries(words.members).filter(([name]) => /^(dispatch\.Event|dispatch\.WorkKind)\./.test(name)));
  const all = readCatalog(catalog);
  const sentences = {};
  // A script may have another quote around what has one in it: that is taken for there.
  const isIn = (sentence) => script === undefined || /["'`\\]/.test(sentence) || ["tr(", "TR("].some((call) => script.includes(call + JSON.stringify(sentence)));
  for (const text of texts) {
    for (const [, said] of text.matchAll(SAID)) {
      const sentence = JSON.parse(said);
      if (!(sentence in all)) throw new Error(`po/zh_CN.po has no translation of ${said} (po/update)`);
      if (isIn(sentence)) sentences[sentence] = all[sentence];
    }
  }
  const write = (name, value, type) => `export const ${name}: ${type} = ${JSON.stringify(value)};\n`;
  return (
    "// Generated by build/words.mjs.\n" +
    write("sentences", sentences, "Record<string, string>") +
    write("enumWords", words.enums, "Record<string, Record<number, string>>") +
    write("memberWords", isAsked("member") ? words.members : {}, "Record<string, string>") +
    write("thingWords", isAsked("thing") ? words.things : {}, "Record<string, string>") +
    write("serviceWords", isAsked("service") ? words.services : {}, "Record<string, string>")
  );
}
