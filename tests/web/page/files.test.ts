// What is read and written without a bus: key files, ids, words, times.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import nacl from "tweetnacl";
import { equal } from "page/link/bytes";
import { KeyFileFault, readKeyFile } from "page/link/keyfile";
import { hasX25519, keepable, unlock } from "page/link/keys";
import { uuid7 } from "page/link/uuid";
import { keyFromText, keyToText } from "page/link/z85";
import { clock, length, minute } from "page/shell/time";
import { loadCatalog, told } from "page/shell/told";
import { fill, speak, tr } from "page/words";

function bundle(pair = nacl.box.keyPair(), bus = nacl.box.keyPair().publicKey): string {
  return `# Lianqin: …\nbadge P1005\nteam T01\naddress tcp://10.0.0.1:7400\nbus ${keyToText(bus)}\npublic ${keyToText(pair.publicKey)}\nsecret ${keyToText(pair.secretKey)}\n`;
}

test("Z85 is that of RFC 32, and keys go there and back", () => {
  const known = keyFromText("rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7") ?? new Uint8Array(0);
  const hex = [...known].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  assert.equal(hex, "54fcba24e93249969316fb617c872bb0c1d1ff14800427c594cbfacf1bc2d652"); // zmq_curve(7)
  for (let i = 0; i < 100; i++) {
    const key = nacl.randomBytes(32);
    const text = keyToText(key);
    assert.equal(text.length, 40);
    assert(equal(keyFromText(text) ?? new Uint8Array(0), key));
  }
  assert.equal(keyFromText("#".repeat(40)), undefined, "more than 32 bits in five characters");
  assert.equal(keyFromText("~".repeat(40)), undefined);
  assert.equal(keyFromText("0".repeat(39)), undefined);
});

test("a bundle is read, and a key file with the bus's own", () => {
  const pair = nacl.box.keyPair();
  const bus = nacl.box.keyPair().publicKey;
  const read = readKeyFile(bundle(pair, bus));
  assert.equal(read.badge, "P1005");
  assert(equal(read.publicKey, pair.publicKey) && equal(read.secretKey, pair.secretKey) && equal(read.bus, bus));
  const two = readKeyFile(`public ${keyToText(pair.publicKey)}\r\nsecret ${keyToText(pair.secretKey)}\r\n\n${keyToText(bus)}\n`);
  assert.equal(two.badge, "");
  assert(equal(two.bus, bus));
});

test("whatever is cut off or changed in a bundle is found, and said in Chinese", () => {
  const text = bundle(nacl.box.keyPair.fromSecretKey(Uint8Array.from({ length: 32 }, (_, i) => i + 1)));
  for (let end = 0; end < text.length - 1; end++) {
    assert.throws(() => readKeyFile(text.slice(0, end)), (fault: unknown) => fault instanceof KeyFileFault && /[\u4e00-\u9fff]/.test(fault.message));
  }
  const keys = text.indexOf("public ");
  for (let at = keys; at < text.length - 1; at++) {
    const changed = text[at] === "0" ? "1" : "0";
    assert.throws(() => readKeyFile(text.slice(0, at) + changed + text.slice(at + 1)), (fault: unknown) => fault instanceof KeyFileFault);
  }
  assert.throws(() => readKeyFile("\u0000\u0001PNG"), KeyFileFault);
  assert.throws(() => readKeyFile("x".repeat(100_000)), KeyFileFault);
  assert.throws(() => readKeyFile(text + text), KeyFileFault);
});

test("a key under a code opens by that code alone; the file's secret is wiped", async () => {
  const pair = nacl.box.keyPair();
  const other = nacl.box.keyPair();
  const file = readKeyFile(bundle(pair));
  const kept = await keepable(file, "314159");
  assert(file.secretKey.every((byte) => byte === 0));
  assert.equal(await unlock(kept, "314158"), undefined);
  const key = await unlock(kept, "314159");
  assert.deepEqual(await key?.agree(other.publicKey), nacl.scalarMult(pair.secretKey, other.publicKey));
});

test("a sealed-in key agrees as its secret half would, and cannot be read out", async () => {
  assert(await hasX25519(), "this node has no X25519");
  const pair = nacl.box.keyPair();
  const other = nacl.box.keyPair();
  const kept = await keepable(readKeyFile(bundle(pair)), undefined);
  const key = await unlock(kept);
  assert.deepEqual(await key?.agree(other.publicKey), nacl.scalarMult(pair.secretKey, other.publicKey));
  assert(kept.secret.is === "sealed-in" && !kept.secret.key.extractable);
  const { key: inside } = kept.secret;
  await assert.rejects(() => crypto.subtle.exportKey("pkcs8", inside));
});

test("ids are UUIDv7 and rise, within a millisecond and when the clock was put back", () => {
  const hex = (id: Uint8Array): string => [...id].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  let before = "";
  for (const ms of [1e12, 1e12, 1e12 - 5_000, 1e12 + 1, ...Array.from({ length: 9_000 }, () => 1e12 + 2)]) {
    const id = uuid7(ms);
    assert.equal((id[6] ?? 0) >> 4, 7);
    assert.equal((id[8] ?? 0) >> 6, 2);
    assert(hex(id) > before);
    before = hex(id);
  }
});

test("sentences are Chinese unless English is asked for; conversions are filled", () => {
  assert.equal(tr("Nobody is on duty."), "无人当班。");
  speak("en");
  assert.equal(tr("Nobody is on duty."), "Nobody is on duty.");
  speak("zh");
  assert.equal(fill("%2$s of %1$s, 100%%", ["a", "b"]), "b of a, 100%");
});

test("what services tell is filled into the catalog's sentence; words of ours are translated, what was typed is not", async () => {
  const text = "case O1 was released, the owner";
  const sentence = ["order %s was cancelled at %s: %s", "O1", "08:00", "released"];
  assert.equal(told(text, sentence), text, "without the catalog");
  globalThis.fetch = (() => Promise.resolve(new Response(readFileSync(`${process.env["LQ_PAGE"]}/told-zh.json`, "utf8")))) as never;
  await loadCatalog();
  assert.match(told(text, sentence), /O1.*08:00.*released/);
  assert.match(told(text, sentence), /撤销/);
  assert.match(told("", ["team %s is at \"%-s\" on order %s; a team can decline until it departs", "T01", "on_scene", "O1"]), /T01.*O1.*到场/);
  assert.equal(told("unheard of", ["unheard of %s", "x"]), "unheard of");
});

test("times are the county's", () => {
  const noon = Date.UTC(2015, 6, 16, 4, 0, 5);
  assert.equal(clock(noon), "12:00:05");
  assert.equal(minute(noon - 86_400_000, noon), "07-15 12:00");
  assert.equal(length(65_000), "1:05");
  assert.equal(length(3_725_900), "1:02:05");
  assert.equal(length(-1), "0:00");
});
