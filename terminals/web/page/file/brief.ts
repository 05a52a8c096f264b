/** What a message says, in a line: each field that is set with its word, as `lq` shows a record. What is withheld stays so. */
import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { type Corrected, CorrectedSchema, EnteredSchema, StepTakenSchema } from "../gen/rules_pb";
import { enumWords, fieldWords, memberWords, valueWords } from "../gen/all_words";
import { kindTitle } from "../shell/kinds";
import { length } from "../shell/time";
import { dayText, instant } from "../state/periods";
import { kindWord, language, learn, thing, thingNumber, tr, TR, word } from "../words";

learn({ enumWords, memberWords });

/** How a badge is shown: with the name, where the roster has it. */
export type Name = (badge: string) => string;

const UNITS = /_(ms|day|e7|row)$/;
const WITHHELD = TR("(withheld)");
const NAME_WITHHELD = TR("(name withheld)");

/** What is called a name in rules.proto is that of a file. */
function isNameOfSomebody(type: DescMessage, field: string): boolean {
  return field === "person" || (field === "name" && !type.typeName.startsWith("rules."));
}

/** "issued_at_ms" → 下达时间, "issued at" */
export function fieldTitle(type: DescMessage, field: string): string {
  const [own] = type.typeName.split(".");
  // As lq has it: the field's own word, else that of such a field in the same service, else in any.
  const chinese = memberWords[`${type.typeName}.${field}`] ?? fieldWords[`${own}.${field}`] ?? fieldWords[field];
  if (language === "zh" && chinese !== undefined) return chinese;
  return field.replace(UNITS, "").replaceAll("_", " ");
}

const INSTANT_MS = 100_000_000_000; // what is less is how long something took

function numberText(field: string, value: number | bigint): string {
  const number = Number(value);
  if (field.endsWith("_ms")) return number >= INSTANT_MS ? instant(number) : length(number);
  if (field.endsWith("_day")) return dayText(number);
  return field.endsWith("_e7") ? (number / 1e7).toFixed(5) : String(value);
}

/** A value as a correction has it: in decimals, or an enum's name. */
function changedText(field: string, value: string): string {
  if (/^-?\d+$/.test(value) && UNITS.test(field)) return value === "0" ? tr("none") : numberText(field, BigInt(value));
  return language === "zh" ? (valueWords[value.toLowerCase()] ?? value) : value;
}

function changesText({ kind, number, changes }: Corrected): string {
  const all = changes.map(({ field, was, now, withheld }) => {
    const title = (language === "zh" ? fieldWords[field] : undefined) ?? field.replace(UNITS, "").replaceAll("_", " ");
    return withheld.length > 0 ? `${title} ${tr(WITHHELD)}` : `${title} ${changedText(field, was)} → ${changedText(field, now)}`;
  });
  return `${thingNumber(kind, number)}${tr(": ")}${all.join(tr(", "))}`;
}

function textOf(type: DescMessage, field: DescField, text: string, name: Name): string {
  // A step travels with the names of the states.
  if (type === StepTakenSchema && (field.name === "from" || field.name === "to")) return language === "zh" ? (valueWords[text.toLowerCase()] ?? text) : text.toLowerCase().replaceAll("_", " ");
  if (field.name === "kind" || field.name === "source_kind") {
    const kind = kindWord(text);
    return kind !== text ? kind : ![text, text.replaceAll("_", " ")].includes(kindTitle(text)) ? kindTitle(text) : thing(text);
  }
  return name(text);
}

function valueText(type: DescMessage, field: DescField, value: unknown, name: Name): string {
  if (field.message !== undefined) return field.message === EnteredSchema ? "" : nested(field.message, value as Message, name);
  if (field.enum !== undefined) return word(field.enum, value as number);
  switch (typeof value) {
    case "string":
      return textOf(type, field, value, name);
    case "boolean":
      return fieldTitle(type, field.name);
    case "number":
    case "bigint":
      return numberText(field.name, value);
    default:
      return ""; // bytes are not for people
  }
}

function isZero(value: unknown): boolean {
  return value === undefined || value === "" || value === 0 || value === 0n || value === false || (Array.isArray(value) && value.length === 0);
}

function read(message: Message, field: DescField): unknown {
  const record = message as unknown as Record<string, unknown>;
  if (field.oneof === undefined) return record[field.localName];
  const chosen = record[field.oneof.localName] as { case?: string; value?: unknown } | undefined;
  return chosen?.case === field.localName ? chosen.value : undefined;
}

function fieldText(type: DescMessage, message: Message, field: DescField, name: Name): string {
  const withheld = (message as unknown as { withheld?: string[] }).withheld ?? [];
  if (field.name === "withheld") return "";
  if (withheld.includes(field.name)) return tr(isNameOfSomebody(type, field.name) ? NAME_WITHHELD : WITHHELD);
  const value = read(message, field);
  if (isZero(value) && field.enum === undefined) return "";
  const all = Array.isArray(value) ? value : [value];
  return all.map((one) => valueText(type, field, one, name)).filter(Boolean).join(tr(", "));
}

/** Of a message in a message: the values alone. */
function nested(type: DescMessage, message: Message, name: Name): string {
  return type.fields.map((field) => fieldText(type, message, field, name)).filter(Boolean).join(" ");
}

/** The fields of a message with their words; instants that stand in a column of their own, and the pages of papers, are left out. */
export function fieldsOf(type: DescMessage, message: Message, name: Name): { title: string; text: string }[] {
  return type.fields
    .filter((field) => !field.name.endsWith("_ms") && field.message?.typeName !== "rules.PaperField")
    .map((field) => {
      const text = fieldText(type, message, field, name);
      const title = fieldTitle(type, field.name);
      return { title: text === title ? "" : title, text };
    })
    .filter(({ text }) => text !== "");
}

export function brief(type: DescMessage, message: Message, name: Name): string {
  if (type === CorrectedSchema) return changesText(message as Corrected);
  return fieldsOf(type, message, name).map(({ title, text }) => `${title} ${text}`.trim()).join(tr(", "));
}

