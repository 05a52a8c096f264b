/** What the desk has done: each act in a line of its own until it is decided, and told of. */
import { CommandSchema } from "../gen/dispatch_pb";
import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { type Behalf, type Decided, decide, makeCommand } from "../link/act";
import type { Desk } from "../state/desk";
import { told } from "./told";
import { tr } from "../words";

type Body = NonNullable<MessageInitShape<typeof CommandSchema>["body"]>;

export interface Act {
  key: number;
  title: string;
  service: string;
  command: Uint8Array;
  decided: Decided | undefined;
}

const SHOWN_MS = 12_000; // what was accepted goes by itself; what was not stays until it is read

export class Acts {
  list: Act[] = [];
  /** Hears what was decided about any of them. */
  onDecided: (decided: Decided) => void = () => undefined;
  private key = 0;

  constructor(private readonly desk: Desk) {}

  /** Gives what was decided; the line is there at once. */
  async perform(title: string, body: Body, behalf?: Behalf): Promise<Decided> {
    return this.send("dispatch", title, CommandSchema, { body }, behalf);
  }

  /** The same for any service: the message is its Command. */
  async send<C extends DescMessage>(service: string, title: string, schema: C, command: MessageInitShape<C>, behalf?: Behalf): Promise<Decided> {
    const nowMs = this.desk.nowMs() ?? Date.now();
    const act: Act = { key: ++this.key, title, service, command: makeCommand(nowMs, schema, command, behalf), decided: undefined };
    this.list = [act, ...this.list];
    return this.say(act);
  }

  /** The same bytes again: it takes effect once. */
  async say(act: Act): Promise<Decided> {
    act.decided = undefined;
    this.desk.onChange();
    act.decided = await decide(this.desk.link, act.service, act.command);
    this.desk.onChange();
    this.onDecided(act.decided);
    if (act.decided.is === "accepted") setTimeout(() => this.remove(act), SHOWN_MS);
    return act.decided;
  }

  remove(act: Act): void {
    this.list = this.list.filter((one) => one !== act);
    this.desk.onChange();
  }
}

/** What was decided, in words; of what is under way "". */
export function outcomeText(decided: Decided | undefined): string {
  switch (decided?.is) {
    case undefined:
      return "";
    case "accepted":
      return tr("accepted %s", decided.number);
    case "rejected":
      return `${told(decided.text, decided.sentence)} (${decided.code})`;
    case "refused":
      return told(decided.text, decided.sentence);
    case "unknown":
      return tr("Nobody has answered: it is not known whether it took effect. Ask again: it takes effect once.");
  }
}

function Line({ acts, act }: { acts: Acts; act: Act }) {
  const { decided } = act;
  return (
    <li class={decided?.is ?? "pending"}>
      <b>{act.title}</b> {decided === undefined ? tr("under way …") : outcomeText(decided)}{" "}
      {decided?.is === "unknown" && (
        <button type="button" onClick={() => void acts.say(act)}>
          {tr("Ask again")}
        </button>
      )}
      {decided !== undefined && (
        <button type="button" class="plain" onClick={() => acts.remove(act)}>
          {tr("Read")}
        </button>
      )}
    </li>
  );
}

export function ActLines({ acts }: { acts: Acts }) {
  return (
    <ul class="acts" aria-live="polite">
      {acts.list.map((act) => (
        <Line key={act.key} acts={acts} act={act} />
      ))}
    </ul>
  );
}
