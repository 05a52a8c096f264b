/** All keys of the desk, and all words of its line: F1, or a question mark. */
import { PrioritySchema } from "../gen/dispatch_pb";
import { language, kindWord, TR, tr, word } from "../words";
import { KINDS } from "./forms";
import { CHANNELS, PRIORITIES, VERBS } from "./line";

const KEYS: readonly [string, string][] = [
  ["/ Ctrl+K", TR("the command line")],
  ["F1 ?", TR("this page")],
  ["F2", TR("a new order")],
  ["F3", TR("find premises, an order, a team or a person: by number, name or initials")],
  ["F4", TR("answer for the marked team; else for the first that has not answered")],
  ["F6", TR("mark the next team that has not answered")],
  ["↑ ↓", TR("in the orders: mark the next team, or the one before; in the line: choose, or what was sent before")],
  ["F7", TR("report the next step of the marked team")],
  ["F8", TR("cancel the marked team's order")],
  ["F9", TR("print")],
  ["Alt+1", TR("to the orders")],
  ["Alt+2", TR("to who is on duty")],
  ["Alt+3", TR("to the terms")],
  ["Alt+4", TR("the map; in it: arrows, + and − (nearer, farther), 0 (all), Enter (the file)")],
  ["Alt+5", TR("handover and roll call")],
  ["Alt+6", TR("to the calls that wait; Enter decides")],
  ["Alt+M", TR("sound on or off")],
  ["Alt+0", TR("leave: lock the page, or remove the key")],
  ["Ctrl+Enter", TR("do what the form says")],
  ["Esc", TR("back; nothing is sent")],
];

/** A word with its short and long forms: "签 签收 · a ack". */
function Names({ zh, en }: { zh: readonly string[]; en: readonly string[] }) {
  const [first, second] = language === "zh" ? [zh, en] : [en, zh];
  return (
    <>
      <kbd>{first.join(" ")}</kbd> <span class="quiet">{second.join(" ")}</span>
    </>
  );
}

function Rows({ title, rows }: { title: string; rows: readonly { key: string; what: string; names?: { zh: readonly string[]; en: readonly string[] } }[] }) {
  return (
    <table>
      <caption>{title}</caption>
      <tbody>
        {rows.map(({ key, what, names }) => (
          <tr key={key}>
            <th scope="row">{names === undefined ? <kbd>{key}</kbd> : <Names {...names} />}</th>
            <td>{what}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function HelpSheet() {
  const words = [
    { key: tr("priority"), what: PRIORITIES.map((one) => word(PrioritySchema, one)).join(" ") },
    { key: tr("kind"), what: KINDS.map(kindWord).join(" ") },
    { key: tr("channel"), what: CHANNELS.map(({ value, also }) => [...new Set([tr(value), ...also])].join(" ")).join(" · ") },
  ];
  return (
    <div class="help">
      <Rows title={tr("Keys")} rows={KEYS.map(([key, what]) => ({ key, what: tr(what) }))} />
      <div>
        <Rows title={tr("What a line begins with")} rows={VERBS.map((row) => ({ key: row.en[0] ?? "", what: tr(row.what), names: row }))} />
        <Rows title={tr("Other words of a line")} rows={words} />
        <p class="quiet">{tr("Several teams in one line are several reports. What is unknown, or could be two things, is marked, and nothing is sent.")}</p>
      </div>
    </div>
  );
}
