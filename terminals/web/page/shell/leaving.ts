/** Leaving a page for good: its key is locked, or taken out of the browser, so that another person can bring his. */
import { createContext } from "preact";

export interface Leaving {
  /** The key opens by its code again; undefined: it has none. */
  lock: (() => void) | undefined;
  remove(): void;
}

/** What is offered to whoever leaves; the gate knows. */
export const LeavingContext = createContext<Leaving | undefined>(undefined);
