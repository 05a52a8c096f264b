/**
 * The command line (命令行): a line of words is one act of the desk, or nothing. What is unknown, or could be two things, is
 * marked where it stands, with what would do; then nothing is sent. Decision 0048.
 */
import { Priority, type Step, StepSchema } from "../gen/dispatch_pb";
import { plain } from "../state/search";
import { kindWord, tr, word } from "../words";
import { channelChoices, channelsOf, type Choice, cut, type Cut, DEFAULT_KIND, kindsOf, prioritiesOf, type Token, verbChoices, verbOf } from "./line";

/** A team that is at work on an open order. */
export interface Part {
  order: string;
  team: string;
  step: Step;
  isOwn: boolean; // its report is this terminal's own: no channel, nobody else's act
}

/** What a search has found: the likely ones first. */
export interface Finding {
  choices: Choice[];
  isExact: boolean; // the first is the one that was typed whole
}

/** What a line can speak of, as far as the terminal knows it. */
export interface Known {
  /** By number, name or initials. */
  premises(typed: string): Finding;
  people(typed: string): Finding; // by badge, name or initials
  teams: readonly Choice[]; // of the whole roster: who is off duty is refused with the rule's own words
  orders: readonly Choice[]; // that are open
  parts: readonly Part[];
  kinds: readonly string[];
  lastOrder: string; // that this terminal has issued last; "": none
}

export type Act =
  | { do: "issue"; target: Choice; kind: string; priority: Priority; teams: string[]; instructions: string }
  | { do: "report"; step: Step; parts: Part[]; channel: string; words: string }
  | { do: "decline"; parts: Part[]; channel: string; why: string }
  | { do: "cancel"; order: string; why: string }
  | { do: "reinforce" | "withdraw"; order: string; teams: string[]; why: string }
  | { do: "undo"; order: string; why: string }
  | { do: "help" }
  | { do: "view"; what: "premises" | "order" | "team" | "person"; number: string };

/** What sends nothing. */
export type Looking = Extract<Act, { do: "view" | "help" }>;

export function isLooking(act: Act): act is Looking {
  return act.do === "view" || act.do === "help";
}

export type Parsed =
  | { is: "empty" }
  | { is: "ready"; act: Act }
  /** `from` and `to` are the place; where it is too short they are its end. */
  | { is: "wrong"; from: number; to: number; why: string; would: Choice[] };

// -------------------------------------------------------------- reading

class Wrong {
  constructor(
    readonly at: { from: number; to: number },
    readonly why: string,
    readonly would: Choice[] = [],
  ) {}
}

const SHOWN_MOST = 8; // of what would do

class Reading {
  private readonly end: { from: number; to: number };

  constructor(
    private readonly line: Cut,
    length: number,
    private readonly known: Known,
  ) {
    this.end = { from: length, to: length };
  }

  private get rest(): Token[] {
    return this.line.tokens.slice(1);
  }

  private named(all: readonly Choice[], { text }: Token): Choice | undefined {
    return all.find((one) => plain(one.text) === text);
  }

  /** As the page writes it, however it was typed. */
  private written({ text }: Token): string {
    return [...this.known.orders, ...this.known.teams].find((one) => plain(one.text) === text)?.text ?? text;
  }

  private twice(token: Token): Wrong {
    return new Wrong(token, tr("%s is named twice.", this.written(token)));
  }

  private missing(why: string, would: readonly Choice[] = []): Wrong {
    const at = this.line.words === undefined ? this.end : { from: this.line.wordsFrom - 1, to: this.line.wordsFrom };
    return new Wrong(at, why, would.slice(0, SHOWN_MOST));
  }

  private wordsNeeded(why: string): string {
    const { words } = this.line;
    if (words === undefined || words === "") throw new Wrong(this.end, why, words === undefined ? [{ text: ":", label: tr("and the reason behind it") }] : []);
    return words;
  }

  // ------------------------------------------------------------ an order

  /** The one premises that a word means. */
  private premises(token: Token): Choice {
    const { choices, isExact } = this.known.premises(token.text);
    const [first] = choices;
    if (first === undefined) throw new Wrong(token, tr("\"%s\" is no premises, team, kind or priority that is known here.", token.text));
    if (!isExact && choices.length > 1) throw new Wrong(token, tr("\"%s\" could be %d premises.", token.text, choices.length), choices.slice(0, SHOWN_MOST));
    return first;
  }

  issue(): Act {
    let target: Choice | undefined;
    let kind: string | undefined;
    let priority: Priority | undefined;
    const teams: string[] = [];
    for (const token of this.rest) {
      const team = this.named(this.known.teams, token);
      const kinds = kindsOf(token.text, this.known.kinds);
      const priorities = prioritiesOf(token.text);
      if (kinds.length > 1) throw new Wrong(token, tr("\"%s\" could be several kinds.", token.text), kinds.map((one) => ({ text: kindWord(one), label: "" })));
      if (team !== undefined) {
        if (teams.includes(team.text)) throw this.twice(token);
        teams.push(team.text);
      } else if (kinds.length === 1) {
        if (kind !== undefined) throw new Wrong(token, tr("An order has one kind."));
        kind = kinds[0];
      } else if (priorities.length === 1) {
        if (priority !== undefined) throw new Wrong(token, tr("An order has one priority."));
        priority = priorities[0];
      } else {
        const found = this.premises(token);
        if (target !== undefined) throw new Wrong(token, tr("An order goes to one place: %s stands there already.", target.text));
        target = found;
      }
    }
    if (target === undefined) throw this.missing(tr("Where to? Choose the premises by number or name."));
    if (teams.length === 0) throw this.missing(tr("An order needs at least one team to carry it out."), this.known.teams);
    return { do: "issue", target, kind: kind ?? DEFAULT_KIND, priority: priority ?? Priority.ROUTINE, teams, instructions: this.line.words ?? "" };
  }

  // ------------------------------------------------------------ reports

  /** Orders and teams, and the channel behind them. */
  private addressed(): { orders: Token[]; teams: Token[]; channel: string } {
    const tokens = this.rest;
    const last = tokens.at(-1);
    const channel = last === undefined ? [] : channelsOf(last.text);
    if (channel.length === 1) tokens.pop();
    const orders: Token[] = [];
    const teams: Token[] = [];
    for (const token of tokens) {
      if (this.named(this.known.orders, token) !== undefined) orders.push(token);
      else if (this.named(this.known.teams, token) !== undefined) teams.push(token);
      else if (channelsOf(token.text).length === 1) throw new Wrong(token, tr("The channel stands behind the teams, once."));
      else throw new Wrong(token, tr("\"%s\" is no team and no open order.", token.text), this.atWork());
    }
    return { orders, teams, channel: channel[0]?.value ?? "" };
  }

  private atWork(): Choice[] {
    const teams = [...new Set(this.known.parts.map(({ team }) => team))].sort();
    return teams.slice(0, SHOWN_MOST).map((team) => ({ text: team, label: this.known.parts.filter((part) => part.team === team).map((part) => part.order).join(" ") }));
  }

  private partOf(token: Token, order: string | undefined): Part {
    const team = this.written(token);
    const own = this.known.parts.filter((part) => part.team === team && (order === undefined || part.order === order));
    const [first, second] = own;
    if (first === undefined) throw new Wrong(token, order === undefined ? tr("%s is at work on no open order.", team) : tr("%s is not at work on order %s.", team, order), this.atWork());
    if (second !== undefined) throw new Wrong(token, tr("%s is at work on several orders: say which.", team), own.map((part) => ({ text: part.order, label: part.team })));
    return first;
  }

  /** Of an order without a team: the only one that is at work on it. */
  private onlyPart(token: Token): Part {
    const order = this.written(token);
    const all = this.known.parts.filter((part) => part.order === order);
    const [first, second] = all;
    if (first === undefined || second !== undefined) {
      throw new Wrong(token, tr("Which team of order %s?", order), all.map((part) => ({ text: part.team, label: word(StepSchema, part.step) })));
    }
    return first;
  }

  private eachOnce(teams: readonly Token[]): void {
    const twice = teams.find((token, i) => teams.findIndex((one) => one.text === token.text) < i);
    if (twice !== undefined) throw this.twice(twice);
  }

  private parts(): { parts: Part[]; channel: string } {
    const { orders, teams, channel } = this.addressed();
    const [order, other] = orders;
    if (other !== undefined) throw new Wrong(other, tr("One order in a line."));
    if (order === undefined && teams.length === 0) throw this.missing(tr("Which teams?"), this.atWork());
    const parts = teams.length === 0 && order !== undefined ? [this.onlyPart(order)] : teams.map((token) => this.partOf(token, order === undefined ? undefined : this.written(order)));
    this.eachOnce(teams);
    const others = parts.filter((part) => !part.isOwn).map((part) => part.team);
    if (channel === "" && others.length > 0) throw this.missing(tr("How has %s told it? The channel stands at the end.", others.join(" ")), channelChoices());
    return { parts, channel };
  }

  report(step: Step): Act {
    const { parts, channel } = this.parts();
    return { do: "report", step, parts, channel, words: this.line.words ?? "" };
  }

  decline(): Act {
    const { parts, channel } = this.parts();
    return { do: "decline", parts, channel, why: this.wordsNeeded(tr("Why does the team decline? Its own words say so.")) };
  }

  // ------------------------------------------------------------ whole orders

  /** What the desk itself does: nobody has told it by any channel. */
  private ofOrder(): { order: string; teams: Token[] } {
    const { orders, teams, channel } = this.addressed();
    const [token, other] = orders;
    if (other !== undefined) throw new Wrong(other, tr("One order in a line."));
    if (channel !== "") throw new Wrong(this.rest.at(-1) ?? this.end, tr("No channel here: the desk itself does this."));
    if (token === undefined) throw this.missing(tr("Which order?"), this.known.orders);
    this.eachOnce(teams);
    return { order: this.written(token), teams };
  }

  reinforce(): Act {
    const { order, teams } = this.ofOrder();
    const idle = this.known.teams.filter(({ text }) => !this.known.parts.some(({ team }) => team === text));
    if (teams.length === 0) throw this.missing(tr("Which teams?"), idle);
    return { do: "reinforce", order, teams: teams.map((team) => this.written(team)), why: this.line.words ?? "" };
  }

  // ------------------------------------------------------------ taking back

  cancel(): Act {
    const { order, teams } = this.ofOrder();
    if (teams.length === 0) return { do: "cancel", order, why: this.wordsNeeded(tr("An order is not cancelled without saying why.")) };
    const parts = teams.map((team) => this.partOf(team, order));
    return { do: "withdraw", order, teams: parts.map((part) => part.team), why: this.wordsNeeded(tr("A team is not withdrawn without saying why.")) };
  }

  undo(): Act {
    const [token] = this.rest;
    if (token !== undefined) throw new Wrong(token, tr("Only the reason stands here, behind a colon."));
    const order = this.known.lastOrder;
    if (order === "") throw new Wrong(this.line.tokens[0] ?? this.end, tr("No order was issued here that could be voided."));
    return { do: "undo", order, why: this.wordsNeeded(tr("Order %s is not voided without saying why.", order)) };
  }

  // ------------------------------------------------------------ looking

  view(): Act {
    const [token, other] = this.rest;
    if (token === undefined) throw this.missing(tr("What? A number, a name, or initials."));
    if (other !== undefined) throw new Wrong(other, tr("One thing in a line."));
    const order = this.named(this.known.orders, token);
    if (order !== undefined) return { do: "view", what: "order", number: order.text };
    const team = this.named(this.known.teams, token);
    if (team !== undefined) return { do: "view", what: "team", number: team.text };
    const [premises, people] = [this.known.premises(token.text), this.known.people(token.text)];
    const all = [premises, people].filter(({ isExact }) => isExact).map(({ choices }) => choices.slice(0, 1));
    const [first, ...others] = all.length > 0 ? all.flat() : [...premises.choices, ...people.choices];
    if (first !== undefined && others.length > 0) {
      throw new Wrong(token, tr("\"%s\" could be %d things.", token.text, others.length + 1), [first, ...others].slice(0, SHOWN_MOST));
    }
    if (first !== undefined) return { do: "view", what: premises.choices.includes(first) ? "premises" : "person", number: first.text };
    // An order that is not open any more: the service knows it, or says that it does not.
    if (/^[a-z]+\d+$/.test(token.text)) return { do: "view", what: "order", number: token.text.toUpperCase() };
    throw new Wrong(token, tr("\"%s\" is nothing that is known here.", token.text));
  }

  help(): Act {
    const [token] = this.rest;
    if (token !== undefined) throw new Wrong(token, tr("Nothing stands behind this word."));
    return { do: "help" };
  }

  act(): Act {
    const [token] = this.line.tokens;
    const verb = verbOf(token);
    switch (verb) {
      case undefined:
        throw new Wrong(token ?? { from: 0, to: 0 }, tr("A line begins with what is to be done."), verbChoices());
      case "issue":
        return this.issue();
      case "decline":
        return this.decline();
      case "reinforce":
        return this.reinforce();
      case "cancel":
        return this.cancel();
      case "view":
        return this.view();
      case "undo":
        return this.undo();
      case "help":
        return this.help();
      default:
        return this.report(verb);
    }
  }
}

export function parse(line: string, known: Known): Parsed {
  const parts = cut(line);
  if (parts.tokens.length === 0 && parts.words === undefined) return { is: "empty" };
  try {
    return { is: "ready", act: new Reading(parts, line.length, known).act() };
  } catch (wrong) {
    if (!(wrong instanceof Wrong)) throw wrong;
    return { is: "wrong", from: wrong.at.from, to: wrong.at.to, why: wrong.why, would: wrong.would };
  }
}
