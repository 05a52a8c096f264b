// The handshake and what follows it, against the real bus; and what becomes of them when a byte is changed.
import assert from "node:assert/strict";
import { test } from "node:test";
import nacl from "tweetnacl";
import { create, toBinary } from "@bufbuild/protobuf";
import { BusQuerySchema, QuerySchema, RequestSchema } from "page/gen/envelope_pb";
import { Connection, type EndedBy } from "page/link/connection";
import { CurveClient, CurveFault, type Frame } from "page/link/curve";
import { endpoint, keyOf, plainKey } from "./support/system";
import { tcpWire } from "./support/tcp";

const file = keyOf("D1");

function selfRequest(): Uint8Array {
  const body = toBinary(BusQuerySchema, create(BusQuerySchema, { body: { case: "self", value: {} } }));
  const value = toBinary(QuerySchema, create(QuerySchema, { body }));
  return toBinary(RequestSchema, create(RequestSchema, { correlation: 1n, service: "bus", kind: { case: "query", value } }));
}

/** What the bus said to a client with that key of the connection: WELCOME, READY, a reply, a PONG. */
async function record(short: nacl.BoxKeyPair): Promise<Frame[]> {
  const heard: Frame[] = [];
  const curve = new CurveClient(plainKey(file), file.bus, short);
  await new Promise<void>((resolve, reject) => {
    let queue = Promise.resolve();
    const wire = tcpWire(endpoint)({
      opened: () => wire.send(curve.hello()),
      closed: () => reject(new Error("the bus hung up")),
      frame: (frame) => {
        heard.push({ ...frame, body: frame.body.slice() });
        queue = queue.then(async () => {
          const what = await curve.take(frame);
          if (what.is === "handshake") wire.send(what.say);
          if (what.is === "open") wire.send(curve.message(selfRequest()));
          if (what.is === "message") wire.send(curve.ping());
          if (what.is === "alive") {
            wire.close();
            resolve();
          }
        });
        queue.catch(reject);
      },
    });
  });
  return heard;
}

/** Takes the frames from the first on. */
async function replay(short: nacl.BoxKeyPair, frames: readonly Frame[]): Promise<string> {
  const curve = new CurveClient(plainKey(file), file.bus, short);
  curve.hello();
  let last = "";
  for (const frame of frames) last = (await curve.take(frame)).is;
  return last;
}

async function isRefused(short: nacl.BoxKeyPair, frames: readonly Frame[], what: string): Promise<void> {
  await assert.rejects(() => replay(short, frames), (fault: unknown) => fault instanceof CurveFault, what);
}

test("the handshake opens, a reply comes back, a PING is answered; each changed byte ends it", async () => {
  const short = nacl.box.keyPair();
  const frames = await record(short);
  assert.deepEqual(frames.map((frame) => frame.command), [true, true, false, false]);
  assert.equal(await replay(short, frames), "alive");
  for (let i = 0; i < frames.length; i++) {
    const before = frames.slice(0, i);
    const { command, more, body } = frames[i] as Frame;
    for (let size = 0; size < body.length; size++) {
      await isRefused(short, [...before, { command, more, body: body.subarray(0, size) }], `frame ${i} cut to ${size}`);
    }
    for (let at = 0; at < body.length; at++) {
      const changed = body.slice();
      changed[at] = (changed[at] ?? 0) ^ (1 << at % 8);
      await isRefused(short, [...before, { command, more, body: changed }], `frame ${i}, byte ${at}`);
    }
    await isRefused(short, [...before, { command: !command, more, body }], `frame ${i} of the other kind`);
    await isRefused(short, [...before, { command, more: true, body }], `frame ${i} with more to come`);
    await isRefused(short, [...before, { command, more, body }, { command, more, body }], `frame ${i} twice`);
  }
});

test("nothing is taken after a fault", async () => {
  const short = nacl.box.keyPair();
  const frames = await record(short);
  const curve = new CurveClient(plainKey(file), file.bus, short);
  curve.hello();
  await assert.rejects(() => curve.take({ command: true, more: false, body: new Uint8Array(168) }));
  await assert.rejects(() => curve.take(frames[0] as Frame));
});

function endOf(key: nacl.BoxKeyPair, bus: Uint8Array): Promise<EndedBy | "open"> {
  return new Promise((resolve) => {
    const connection = new Connection(tcpWire(endpoint), plainKey(key), bus, {
      open: () => {
        connection.close();
        resolve("open");
      },
      message: () => undefined,
      alive: () => undefined,
      ended: (by) => resolve(by),
    });
  });
}

test("who is turned away learns by whom", async () => {
  assert.equal(await endOf(file, file.bus), "open");
  assert.equal(await endOf(nacl.box.keyPair(), file.bus), "refused", "a key in no list");
  assert.equal(await endOf(file, nacl.box.keyPair().publicKey), "not-the-bus", "another bus's key");
  const halves = { publicKey: file.publicKey, secretKey: nacl.randomBytes(32) };
  assert.equal(await endOf(halves, file.bus), "lost", "a listed key without its secret half");
});
