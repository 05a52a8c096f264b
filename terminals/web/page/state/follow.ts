/**
 * Follows one stream: asks for the state, then fetches its events for ever. After a break of the link the fetch goes on
 * where it was; where that cannot be (the stream is another one, or has an event that this page does not know), the
 * state is asked for again.
 */
import type { Event as Envelope, Position } from "../gen/envelope_pb";
import { Refusal_Why } from "../gen/envelope_pb";
import { fetchEvents } from "../link/ask";
import { type Link, Refused, Unanswered } from "../link/link";

export interface Following {
  stream: string;
  /** Asks for the state anew; gives the earliest position that a part of it is as of. */
  ask(): Promise<Position>;
  /** Applies an event; false: it cannot, and the state is asked for again. */
  apply(event: Envelope): boolean;
  /** Something has changed; `seq` is how far the stream has been followed. */
  moved(seq: bigint): void;
  /** It was not possible: to be told. undefined: it is possible again. */
  failed(text: string | undefined): void;
}

const WAIT_MS = 8_000; // and two seconds later a service that says nothing is told of
const AGAIN_MS = 2_000;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function followOnce(link: Link, following: Following, isOver: () => boolean): Promise<void> {
  let { seq: after, hash } = await following.ask();
  following.failed(undefined);
  following.moved(after);
  while (!isOver()) {
    const page = await fetchEvents(link, following.stream, after, hash, WAIT_MS);
    if (isOver() || page.events.events.some((event) => !following.apply(event))) return;
    after = page.events.nextAfter;
    hash = page.hash;
    following.moved(after);
  }
}

/** Until the link is closed, or what is given back is called. */
export function follow(link: Link, following: Following): () => void {
  let over = false;
  const run = async (): Promise<void> => {
    while (!over) {
      try {
        await followOnce(link, following, () => over);
      } catch (error) {
        if (error instanceof Unanswered || over) return;
        if (error instanceof Refused && error.refusal.why === Refusal_Why.DIVERGED) link.forget(following.stream);
        following.failed(error instanceof Error ? error.message : String(error));
        await pause(AGAIN_MS);
      }
    }
  };
  void run();
  return () => {
    over = true;
  };
}
