/**
 * Brings a photograph to the service evidence, a piece after another, from where it has got to: what lq attach does before
 * the thing names the file (terminals/lq/evidence/upload.h).
 */
import type { MessageInitShape } from "@bufbuild/protobuf";
import { AnswerSchema, CommandSchema, QuerySchema, type UploadAnswer } from "../gen/evidence_pb";
import { tr } from "../words";
import { type Decided, type DecidedOfSeveral, decide, makeCommand } from "./act";
import { ask } from "./ask";
import { type Link, Refused, Unanswered } from "./link";
import type { Photograph } from "./outbox";

type Body = NonNullable<MessageInitShape<typeof CommandSchema>["body"]>;

const SERVICE = "evidence";
const PIECE = 16 * 1024; // at 2 KB a second 8 s: less than the link waits for a sign of life
const HEAD = 64; // by which the type is known
const SLOW_MS = 30_000; // a piece may be so long on its way, before it is said again
const PATIENCE_MS = 20_000;
const ROUNDS = 5; // of asking how far it is, at a time
// It is elsewhere than was thought: another page, or another phone, sends the same.
const ELSEWHERE = ["OFFSET_EXPECTED", "UPLOAD_UNKNOWN", "FILE_WHOLE"];

class Upload {
  constructor(
    private readonly link: Link,
    private readonly photograph: Photograph,
    private readonly nowMs: () => number,
    private readonly told: (bytes: number) => boolean,
  ) {}

  /** undefined: it is to stop. What is elsewhere than was thought is asked for anew. */
  async run(): Promise<Decided | undefined> {
    let isDropped = false;
    for (let round = 0; round < ROUNDS; round++) {
      const decided = await this.goOn();
      if (decided?.is !== "rejected") return decided;
      if (decided.code === "FILE_ALTERED" && !isDropped) {
        // Other bytes, with which somebody has begun: they are dropped once.
        await this.say({ case: "dropUpload", value: { sha256: this.photograph.sha256 } });
        isDropped = true;
      } else if (!ELSEWHERE.includes(decided.code)) {
        return decided;
      }
    }
    return { is: "unknown" };
  }

  private async goOn(): Promise<Decided | undefined> {
    const { sha256, name, blob } = this.photograph;
    const { file, underWay, received } = await this.progress();
    if (file !== undefined) return { is: "accepted", number: sha256 };
    if (!underWay) {
      const opened = await this.say({ case: "openFile", value: { sha256, bytes: blob.size, name, head: await this.read(0, HEAD) } });
      if (opened.is !== "accepted") return opened;
    }
    return this.sendFrom(received);
  }

  private async progress(): Promise<Pick<UploadAnswer, "file" | "underWay" | "received">> {
    const body = { case: "upload" as const, value: { sha256: this.photograph.sha256 } };
    const { answer } = await ask(this.link, SERVICE, QuerySchema, { body }, AnswerSchema, PATIENCE_MS);
    return answer.body.case === "upload" ? answer.body.value : { underWay: false, received: 0 };
  }

  // With the last piece the service has found the hash right: only that is accepted as the whole.
  private async sendFrom(received: number): Promise<Decided | undefined> {
    const { sha256, blob } = this.photograph;
    let decided: Decided = { is: "unknown" };
    for (let offset = received; offset < blob.size; offset += PIECE) {
      if (!this.told(offset)) return undefined;
      decided = await this.say({ case: "keepChunk", value: { sha256, offset, content: await this.read(offset, PIECE) } });
      if (decided.is !== "accepted") return decided;
    }
    return decided;
  }

  private async read(offset: number, bytes: number): Promise<Uint8Array> {
    return new Uint8Array(await this.photograph.blob.slice(offset, offset + bytes).arrayBuffer());
  }

  private say(body: Body): Promise<Decided> {
    return decide(this.link, SERVICE, makeCommand(this.nowMs(), CommandSchema, { body }), SLOW_MS);
  }
}

export function unreadable(): Decided {
  return { is: "refused", text: tr("This browser cannot read the photograph any more: take it again."), sentence: [] };
}

/** As Around.upload has it (outbox.ts). `nowMs` is the bus's clock. */
export async function upload(link: Link, photograph: Photograph, nowMs: () => number, told: (bytes: number) => boolean): Promise<DecidedOfSeveral | undefined> {
  try {
    return await new Upload(link, photograph, nowMs, told).run();
  } catch (error) {
    if (error instanceof Unanswered) return { is: "unknown" };
    if (error instanceof Refused) return { is: "refused", text: error.refusal.text, sentence: error.refusal.sentence };
    if (!(error instanceof DOMException)) throw error;
    return unreadable();
  }
}
