/** The real system beside which with_system.py runs a suite. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import nacl from "tweetnacl";
import type { LongTermKey } from "page/link/curve";
import { type KeyFile, readKeyFile } from "page/link/keyfile";
import { Link } from "page/link/link";
import type { Connect } from "page/link/wire";
import { tcpWire } from "./tcp";

function need(name: string): string {
  const value = process.env[name];
  assert(value !== undefined, `${name} is not set: run this by with_system.py`);
  return value;
}

export const endpoint = need("LQ_ENDPOINT");
export const dataPath = need("LQ_DATA");

export function bundlePath(badge: string): string {
  return `${need("LQ_KEYS")}/${badge}.bundle`;
}

export function keyOf(badge: string): KeyFile {
  return readKeyFile(readFileSync(bundlePath(badge), "utf8"));
}

/** A key whose secret half is in memory. */
export function plainKey({ publicKey, secretKey }: { publicKey: Uint8Array; secretKey: Uint8Array }): LongTermKey {
  return { publicKey, agree: (other) => Promise.resolve(nacl.scalarMult(secretKey, other)) };
}

export function linkOf(badge: string, connect: Connect = tcpWire(endpoint)): Link {
  const file = keyOf(badge);
  const link = new Link(connect, plainKey(file), file.bus);
  link.begin();
  return link;
}

/** Runs lq; gives what it said. */
export function lq(...parameters: string[]): string {
  const done = spawnSync(need("LQ"), ["--data", dataPath, ...parameters], { encoding: "utf8" });
  assert.equal(done.status, 0, `lq ${parameters.join(" ")}: ${done.stdout}${done.stderr}`);
  return done.stdout;
}

export { PATIENCE_MS, until } from "./patience";
