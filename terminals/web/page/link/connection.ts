/**
 * One connection to the bus: from the opening of the wire over the handshake to its end. Frames are taken one after
 * another, although the handshake waits for the browser's keys.
 */
import { CurveClient, CurveFault, type Frame, type LongTermKey, type Stage } from "./curve";
import type { Connect, Wire } from "./wire";

/** Why a connection ended, as far as people can do something about it. */
export type EndedBy =
  | "refused" // the bus has no such key in its list
  | "not-the-bus" // nobody answered HELLO: not the bus, or the bus has another key than the file says
  | "unreachable" // no connection was made
  | "lost"; // it was open, or somebody changed something

export interface ConnectionEvents {
  open(): void;
  message(body: Uint8Array): void;
  /** A sign of life of the bus: anything that it has sealed. */
  alive(): void;
  ended(by: EndedBy, why: string): void;
}

export class Connection {
  private readonly curve: CurveClient;
  private readonly wire: Wire;
  private queue: Promise<void> = Promise.resolve();
  private over = false;

  constructor(connect: Connect, key: LongTermKey, server: Uint8Array, private readonly events: ConnectionEvents) {
    this.curve = new CurveClient(key, server);
    this.wire = connect({
      opened: () => this.wire.send(this.curve.hello()),
      frame: (frame) => {
        this.queue = this.queue.then(() => this.take(frame));
      },
      // What came before the end is looked at first: it may say why.
      closed: (why) => {
        this.queue = this.queue.then(() => this.end(endOf(this.curve.stage), why));
      },
    });
  }

  get isOpen(): boolean {
    return !this.over && this.curve.stage === "open";
  }

  /** Only while it is open. */
  send(body: Uint8Array): void {
    this.wire.send(this.curve.message(body));
  }

  ping(): void {
    this.wire.send(this.curve.ping());
  }

  /** Without an event. */
  close(): void {
    this.over = true;
    this.wire.close();
  }

  private async take(frame: Frame): Promise<void> {
    if (this.over) return;
    const { stage } = this.curve;
    try {
      const heard = await this.curve.take(frame);
      if (this.over) return;
      this.events.alive();
      if (heard.is === "handshake") this.wire.send(heard.say);
      else if (heard.is === "open") this.events.open();
      else if (heard.is === "message") this.events.message(heard.body);
    } catch (fault) {
      if (!(fault instanceof CurveFault)) this.end("lost", String(fault));
      else this.end(fault.why === "refused" ? "refused" : endOf(stage), fault.message);
    }
  }

  private end(by: EndedBy, why: string): void {
    if (this.over) return;
    this.close();
    this.events.ended(by, why);
  }
}

function endOf(stage: Stage): EndedBy {
  return stage === "greet" ? "unreachable" : stage === "welcome" ? "not-the-bus" : "lost";
}
