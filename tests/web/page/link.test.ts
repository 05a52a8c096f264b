// The link over connections that break, fall silent, and are turned away.
import assert from "node:assert/strict";
import { connect, createServer, type Socket } from "node:net";
import { after, test } from "node:test";
import { ask, askSelf, askStatus, fetchEvents } from "page/link/ask";
import { type Link, Refused } from "page/link/link";
import { AnswerSchema, QuerySchema } from "page/gen/dispatch_pb";
import { Refusal_Why, Role } from "page/gen/envelope_pb";
import { endpoint, linkOf, lq, until } from "./support/system";
import { tcpWire } from "./support/tcp";

const links: Link[] = [];
function open(badge: string, at = endpoint): Link {
  const link = linkOf(badge, tcpWire(at));
  links.push(link);
  return link;
}
after(() => links.forEach((link) => link.close()));

/** Between a link and the bus: cuts connections, or passes nothing on. */
class Between {
  private readonly sockets = new Set<Socket>();
  isDeaf = false;
  connections = 0;
  private readonly server = createServer((near) => {
    this.connections++;
    const far = connect(Number(endpoint.split(":").at(-1)), "127.0.0.1");
    for (const socket of [near, far]) {
      this.sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        near.destroy();
        far.destroy();
      });
    }
    near.on("data", (bytes) => this.isDeaf || far.write(bytes));
    far.on("data", (bytes) => this.isDeaf || near.write(bytes));
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `tcp://127.0.0.1:${this.server.address().port}`;
  }

  cut(): void {
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
  }

  close(): void {
    this.cut();
    this.server.close();
  }
}

test("the bus says who I am, and what time it is", async () => {
  const link = open("D1");
  const { self, offsetMs } = await askSelf(link);
  assert.equal(self.badge, "D1");
  assert.deepEqual(self.roles, [Role.DESK]);
  assert(Math.abs(performance.now() + offsetMs - Date.now()) < 30_000);
  assert((await askStatus(link, "bus")).follows.some(({ stream }) => stream === "dispatch"));
});

test("what was asked while a connection broke is answered, over the next one", async () => {
  const between = new Between();
  const link = open("D1", await between.listen());
  await askSelf(link);
  for (let i = 0; i < 3; i++) {
    between.cut();
    assert.equal((await askSelf(link)).self.badge, "D1");
  }
  assert.equal(between.connections, 4);
  // A fetch that waits goes on waiting, and hears of what happened in between.
  const { asOf } = await ask(link, "dispatch", QuerySchema, { body: { case: "list", value: {} } }, AnswerSchema);
  const waiting = fetchEvents(link, "dispatch", asOf?.seq ?? 0n, asOf?.hash ?? new Uint8Array(0), 20_000);
  between.cut();
  lq("order", "issue", "--as", "D1", "--kind", "raid", "--target", "E0001", "--team", "T01", "--number", "O0001");
  const { events } = await waiting;
  assert.equal(events.events.length > 0, true);
  between.close();
});

test("a connection that falls silent is given up, and made anew", async () => {
  const between = new Between();
  const link = open("D1", await between.listen());
  await askSelf(link);
  between.isDeaf = true;
  const deafAt = performance.now();
  await until("the link is down", () => link.state.is === "down");
  const tookMs = performance.now() - deafAt;
  assert(tookMs > 9_000, `after ${tookMs} ms`); // not at the first PONG that is late
  between.isDeaf = false;
  assert.equal((await askSelf(link)).self.badge, "D1");
  between.close();
});

test("an idle connection is held by PING and PONG", async () => {
  const between = new Between();
  const link = open("D1", await between.listen());
  await askSelf(link);
  const idleAt = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 17_000));
  assert.equal(link.state.is, "open");
  assert.equal(between.connections, 1);
  assert(link.heardAt > idleAt);
  between.close();
});

test("a refusal for good is thrown with its words", async () => {
  const link = open("D1");
  const asked = ask(link, "nobody", QuerySchema, { body: { case: "list", value: {} } }, AnswerSchema);
  await assert.rejects(() => asked, (error: unknown) => error instanceof Refused && error.refusal.why === Refusal_Why.NO_SUCH_SERVICE);
  const far = fetchEvents(link, "dispatch", 1_000_000n, new Uint8Array(0), 0);
  await assert.rejects(() => far, (error: unknown) => error instanceof Refused && error.refusal.why === Refusal_Why.DIVERGED);
});

test("a revoked key ends the link at once, for good", async () => {
  const link = open("L2");
  await askSelf(link);
  lq("key", "revoke", "L2");
  await askSelf(link).catch(() => undefined);
  await until("the link knows it", () => link.state.is === "revoked");
  const again = open("L2");
  await until("the bus turns it away", () => again.state.is === "down" && again.state.by === "refused");
});
