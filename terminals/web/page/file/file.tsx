/** The file of a foundry (企业档案): what it is, what is under way there, and every record of any service, in the order of time. */
import type { Message } from "@bufbuild/protobuf";
import { useEffect, useState } from "preact/hooks";
import { PrioritySchema } from "../gen/dispatch_pb";
import { EntrySchema, PremisesSchema, type PremisesFile, StandingSchema, StatusSchema, type Supervisor, TrackSchema } from "../gen/ledger_pb";
import { type StepTaken, VerbSchema } from "../gen/rules_pb";
import { length } from "../shell/time";
import { nameOnly, person } from "../shell/names";
import { told } from "../shell/told";
import type { Desk } from "../state/desk";
import { type Entry, type File, type Of, readFile } from "../state/file";
import { dayText, instant } from "../state/periods";
import { kindTitle } from "../shell/kinds";
import { kindWord, member, service, tr, word } from "../words";
import { brief, fieldTitle } from "./brief";
import { PaperLinks } from "./papers";

// -------------------------------------------------------------- what it is

function Fact({ title, children }: { title: string; children: string }) {
  if (children === "") return null;
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function pairText(supervisors: readonly Supervisor[]): string {
  return supervisors.map(({ name, unit }) => [name, unit].filter(Boolean).join(" ")).join(tr(", "));
}

function Facts({ file }: { file: PremisesFile }) {
  const { entry } = file;
  const premises = entry?.premises;
  if (entry === undefined || premises === undefined) return null;
  const title = (field: string): string => fieldTitle(PremisesSchema, field);
  const since = entry.statusSinceMs === 0n ? "" : tr("since %s", instant(Number(entry.statusSinceMs)));
  return (
    <dl class="facts">
      <Fact title={tr("Status")}>{`${word(StatusSchema, entry.status)} ${since}`.trim()}</Fact>
      <Fact title={title("township")}>{premises.township}</Fact>
      <Fact title={title("kind")}>{kindTitle(premises.kind)}</Fact>
      <Fact title={title("standing")}>{word(StandingSchema, premises.standing)}</Fact>
      <Fact title={title("owner")}>{premises.owner}</Fact>
      <Fact title={tr("Officers responsible")}>{[premises.responsible1, premises.responsible2].filter(Boolean).join(tr(", "))}</Fact>
      <Fact title={tr("Supervisors")}>{pairText(entry.supervisors)}</Fact>
      <Fact title={title("measures")}>{premises.measures}</Fact>
      <Fact title={title("deadline_day")}>{premises.deadlineDay === 0 ? "" : dayText(premises.deadlineDay)}</Fact>
      <Fact title={fieldTitle(EntrySchema, "track")}>{entry.track === 0 ? "" : word(TrackSchema, entry.track)}</Fact>
      <Fact title={tr("Coordinates")}>{premises.latE7 === 0 ? "" : `${(premises.latE7 / 1e7).toFixed(5)} ${(premises.lonE7 / 1e7).toFixed(5)}`}</Fact>
      <Fact title={tr("Cameras")}>{file.cameras.map(({ channel, silentSinceMs }) => (silentSinceMs === 0n ? channel : tr("%s silent since %s", channel, instant(Number(silentSinceMs))))).join(tr(", "))}</Fact>
    </dl>
  );
}

/** What is under way there, from the board's own state. */
function UnderWay({ desk, number, nowMs }: { desk: Desk; number: string; nowMs: number }) {
  const orders = desk.dispatch.orders.values().filter((order) => order.target === number);
  const calls = desk.dispatch.calls.values().filter((call) => call.premises === number);
  if (orders.length + calls.length === 0) return null;
  return (
    <ul class="under-way">
      {orders.map((order) => (
        <li key={order.number}>
          <b>{order.number}</b> {word(PrioritySchema, order.priority)} {kindWord(order.kind)} {order.assignments.map((part) => part.team).join(" ")}{" "}
          <span class="number">{length(nowMs - Number(order.issuedAtMs))}</span> {order.instructions}
        </li>
      ))}
      {calls.map((call) => (
        <li key={call.number}>
          <b>{call.number}</b> {tr("Call")} {kindWord(call.what)}
        </li>
      ))}
    </ul>
  );
}

// -------------------------------------------------------------- its records

function what({ event, body, schema }: Entry): string {
  if (event === "stepTaken") return word(VerbSchema, (body as StepTaken).verb);
  return member(schema, event.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

function by(desk: Desk, { envelope }: Entry): string {
  if (envelope.actor.startsWith("@")) return service(envelope.actor.slice(1));
  const actor = person(desk, envelope.actor);
  return envelope.onBehalfOf === "" ? actor : tr("%s for %s", actor, nameOnly(desk, envelope.onBehalfOf));
}

function Row({ desk, entry }: { desk: Desk; entry: Entry }) {
  const { envelope, event, body, schema } = entry;
  const type = schema.fields.find((field) => field.localName === event)?.message;
  const name = (badge: string): string => (desk.people.has(badge) ? person(desk, badge) : badge);
  return (
    <tr>
      <td class="number">{instant(Number(envelope.occurredAtMs))}</td>
      <td><b>{what(entry)}</b></td>
      <td>{type === undefined ? "" : brief(type, body as Message, name)}</td>
      <td>
        {by(desk, entry)} {envelope.reason !== "" && <span class="quiet">{envelope.reason}</span>}
      </td>
      <td class="record number">{`${entry.service}#${envelope.seq}`}</td>
    </tr>
  );
}

function Records({ desk, entries }: { desk: Desk; entries: readonly Entry[] }) {
  if (entries.length === 0) return <p class="empty">{tr("Nothing is recorded, or it is not for you.")}</p>;
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={tr("Records in the order of time")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{tr("When")}</th>
            <th scope="col">{tr("What")}</th>
            <th scope="col">{tr("Details")}</th>
            <th scope="col">{tr("Entered by")}</th>
            <th scope="col">{tr("Record")}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <Row key={`${entry.service}#${entry.envelope.seq}`} desk={desk} entry={entry} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Silent({ file }: { file: File }) {
  const others = [...file.silent].filter(([, { isForOthers }]) => isForOthers).map(([name]) => service(name));
  const down = [...file.silent].filter(([, { isForOthers }]) => !isForOthers);
  return (
    <>
      {down.map(([name, { text, sentence }]) => (
        <p key={name} class="alarm" role="alert">{tr("The records of %s are missing: %s", service(name), told(text, sentence))}</p>
      ))}
      {others.length > 0 && <p class="quiet">{tr("Not for this key: %s", others.join(tr(", ")))}</p>}
    </>
  );
}

interface FileViewProps {
  desk: Desk;
  of: Of;
  nowMs: number;
  heading: "h2" | "h3"; // below that of what it stands in
}

function useFile(desk: Desk, of: Of): { file: File | undefined; readAtMs: number; fault: string; again(): void } {
  const [told, setTold] = useState<{ key: string; file: File; atMs: number }>();
  const [fault, setFault] = useState("");
  const [turn, setTurn] = useState(0);
  const key = `${of.kind} ${of.number}`;
  useEffect(() => {
    let over = false;
    setFault("");
    readFile(desk.link, of).then(
      (file) => !over && setTold({ key, file, atMs: desk.nowMs() ?? 0 }),
      (error: unknown) => !over && setFault(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      over = true;
    };
  }, [key, turn]);
  return { file: told?.key === key ? told.file : undefined, readAtMs: told?.atMs ?? 0, fault, again: () => setTurn(turn + 1) };
}

export function FileView({ desk, of, nowMs, heading: Heading }: FileViewProps) {
  const { file, readAtMs, fault, again } = useFile(desk, of);
  if (fault !== "") return <p class="alarm" role="alert">{fault}</p>;
  if (file === undefined) return <p class="quiet">{tr("The records are being asked for …")}</p>;
  const name = file.premises?.entry?.premises?.name ?? "";
  return (
    <div class="file">
      {name !== "" && <Heading class="name">{name}</Heading>}
      {of.kind === "premises" && <UnderWay desk={desk} number={of.number} nowMs={nowMs} />}
      {file.premises !== undefined && <Facts file={file.premises} />}
      <p class="quiet">
        {tr("%d records, read %s", file.entries.length, instant(readAtMs))}{" "}
        <button type="button" class="small" onClick={again}>{tr("Read again")}</button>
      </p>
      <Silent file={file} />
      {of.kind === "premises" && <PaperLinks desk={desk} entries={file.entries} />}
      <Records desk={desk} entries={file.entries} />
    </div>
  );
}
