/** The fields of a form: what each says and from where, by which law it must be said, and which of them are missing. */
import { useEffect, useRef } from "preact/hooks";
import { type DraftField, DraftField_Source as Source, DraftField_SourceSchema } from "../gen/rules_pb";
import type { Issuing } from "../state/issuing";
import { tr, word } from "../words";

const ROWS_MOST = 8;
const LINE = 34; // characters of Chinese in a line, about

function rowsFor(text: string): number {
  const lines = text.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / LINE)), 0);
  return Math.min(ROWS_MOST, lines);
}

function idOf(field: DraftField): string {
  return `field-${field.id}`;
}

export function focusField(field: DraftField | undefined): void {
  if (field !== undefined) document.getElementById(idOf(field))?.focus();
}

function About({ field, issuing }: { field: DraftField; issuing: Issuing }) {
  const typed = issuing.isTyped(field);
  const source = typed ? Source.TYPED : issuing.without(field).source;
  const isEmpty = !typed && issuing.valueOf(field).trim() === "";
  return (
    <p class="about" id={`${idOf(field)}-about`}>
      <span class={`source source${isEmpty ? Source.NOT_SAID : source}`}>{word(DraftField_SourceSchema, isEmpty ? Source.NOT_SAID : source)}</span>
      {field.law !== "" && <span lang="zh-CN">{field.law}</span>}
      {field.columns !== "" && <span>{tr("a line each, cells between |: %s", field.columns.replaceAll("|", " | "))}</span>}
    </p>
  );
}

function Field({ field, issuing }: { field: DraftField; issuing: Issuing }) {
  const [id, value] = [idOf(field), issuing.valueOf(field)];
  const isMissing = issuing.missing.has(field.id);
  const without = issuing.without(field).value;
  return (
    <div class={`field${isMissing ? " missing" : ""}`}>
      <label for={id}>
        <span lang="zh-CN">{field.word}</span> {field.must && <span class="must">{tr("required")}</span>}
      </label>
      <div>
        <textarea
          id={id} rows={rowsFor(value)} value={value} lang="zh-CN" autocomplete="off"
          aria-required={field.must} aria-invalid={isMissing} aria-describedby={`${id}-about${isMissing ? ` ${id}-missing` : ""}`}
          onInput={(event) => issuing.type(field, event.currentTarget.value)}
          onBlur={() => value.trim() === "" && without !== "" && issuing.restore(field)}
        />
        {isMissing && <p class="alarm" id={`${id}-missing`}>{tr("This must be said.")}</p>}
        <About field={field} issuing={issuing} />
        {issuing.isTyped(field) && without !== "" && (
          <button type="button" class="small" onClick={() => issuing.restore(field)}>{tr("As it was: %s", without)}</button>
        )}
      </div>
    </div>
  );
}

/** Everything that is open at once, each to be gone to. */
export function Open({ issuing }: { issuing: Issuing }) {
  const open = issuing.open();
  const all = issuing.draft?.fields.filter((field) => field.must).length ?? 0;
  if (open.length === 0) return <p class="good">{tr("All %d that must be said are said.", all)}</p>;
  return (
    <p class={issuing.missing.size > 0 ? "alarm" : "quiet"}>
      {tr("%d of %d that must be said are missing:", open.length, all)}{" "}
      {open.map((field) => (
        <button type="button" key={field.id} class="small" lang="zh-CN" onClick={() => focusField(field)}>{field.word}</button>
      ))}
    </p>
  );
}

export function Fields({ issuing }: { issuing: Issuing }) {
  const fields = issuing.draft?.fields ?? [];
  const refused = useRef(issuing.missing);
  useEffect(() => {
    if (refused.current === issuing.missing) return;
    refused.current = issuing.missing;
    focusField(fields.find(({ id }) => issuing.missing.has(id)));
  });
  return (
    <div class="fields">
      {fields.map((field) => (
        <Field key={field.id} field={field} issuing={issuing} />
      ))}
    </div>
  );
}
