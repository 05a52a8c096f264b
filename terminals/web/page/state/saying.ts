/** One command that a form says: what nobody has answered is said again, the same bytes, before anything else is. */
import { type Decided, decide } from "../link/act";
import type { Link } from "../link/link";

export class Saying {
  decided: Decided | undefined;
  busy = false;
  onChange: () => void = () => undefined;
  private command: Uint8Array | undefined;

  /** It may have taken effect: nothing that it says can be changed any more. */
  get isUnknown(): boolean {
    return this.command !== undefined;
  }

  forget(): void {
    this.decided = undefined;
  }

  /** `make` makes the command, unless there is one that was not answered. */
  async say(link: Link, service: string, make: () => Uint8Array): Promise<Decided> {
    const command = this.command ?? make();
    this.busy = true;
    this.forget();
    this.onChange();
    const decided = await decide(link, service, command);
    this.command = decided.is === "unknown" ? command : undefined;
    this.decided = decided;
    this.busy = false;
    this.onChange();
    return decided;
  }
}
