/**
 * The sound of what nobody has answered: once when it comes, then again and again until somebody has, and quicker when
 * its term is over. A browser lets no page sound before somebody has touched it: until then `state` is "blocked".
 */
export type ToneState = "on" | "muted" | "blocked";

/** How urgent it is, the most urgent of all; undefined: nothing waits. */
export type Waiting = "new" | "over" | undefined;

const AGAIN_MS = { new: 15_000, over: 5_000 } as const;
const HERTZ = { new: [660, 880], over: [880, 660, 880] } as const;
// What was entered here: accepted rises, refused falls and is lower than whatever waits.
const TOLD_HERTZ = { accepted: [523, 784], refused: [330, 220] } as const;
const NOTE_S = 0.16;

export class Tone {
  private context: AudioContext | undefined;
  private muted = false;
  private soundedAt = -Infinity;
  private before: Waiting;

  get state(): ToneState {
    if (this.muted) return "muted";
    return this.context?.state === "running" ? "on" : "blocked";
  }

  /** From within a touch or key press. */
  wake(): void {
    this.context ??= new AudioContext();
    if (this.context.state === "suspended") void this.context.resume();
  }

  toggle(): void {
    this.muted = !this.muted;
    this.wake();
  }

  /** Called at least each second. */
  hear(waiting: Waiting, now = performance.now()): void {
    const worse = waiting !== undefined && waiting !== this.before && this.before !== "over";
    this.before = waiting;
    if (waiting === undefined || this.state !== "on") return;
    if (!worse && now - this.soundedAt < AGAIN_MS[waiting]) return;
    this.soundedAt = now;
    this.play(HERTZ[waiting]);
  }

  /** Of what was entered here. */
  tell(told: keyof typeof TOLD_HERTZ): void {
    if (this.state === "on") this.play(TOLD_HERTZ[told]);
  }

  private play(notes: readonly number[]): void {
    const { context } = this;
    if (context === undefined) return;
    const volume = context.createGain();
    volume.gain.value = 0.15;
    volume.connect(context.destination);
    notes.forEach((hertz, i) => {
      const note = context.createOscillator();
      note.frequency.value = hertz;
      note.connect(volume);
      note.start(context.currentTime + i * NOTE_S * 1.3);
      note.stop(context.currentTime + i * NOTE_S * 1.3 + NOTE_S);
    });
  }

  close(): void {
    void this.context?.close();
  }
}
