/**
 * Keeps the person's key in the browser. Where WebCrypto has X25519 the secret half becomes a key that cannot be read
 * out again, by this page neither; else it is kept under a code of six digits.
 */
import { concat, equal } from "./bytes";
import type { LongTermKey } from "./curve";
import { forget, forgetTold, recall, remember } from "./database";
import type { KeyFile } from "./keyfile";

/** What is kept: whose it is, the bus's public key, and the two halves. */
export interface KeptKey {
  badge: string;
  bus: Uint8Array;
  publicKey: Uint8Array;
  secret: { is: "sealed-in"; key: CryptoKey } | { is: "under-code"; salt: Uint8Array; iv: Uint8Array; box: Uint8Array };
  openedAt: number; // when the bus last admitted it, ms since 1970; 0: never
  opensCard?: boolean; // and not the desk, when the bus admitted it last
  /** Of a key that is sealed in: by what its code is known. The page locks by it; undefined: there is no code. */
  guard?: { salt: Uint8Array; check: Uint8Array };
}

type Bytes = Uint8Array<ArrayBuffer>;

// The head of a PKCS #8 file with a raw X25519 secret (RFC 8410).
const PKCS8_X25519 = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20);
const ROUNDS = 600_000;

// For keys it is wanted only where the browser has no X25519 of its own.
async function loadNacl(): Promise<typeof import("tweetnacl")> {
  return (await import("tweetnacl")).default;
}

/** Without it there are no keys: the page was opened over http from another machine. */
export function hasWebCrypto(): boolean {
  return globalThis.crypto?.subtle !== undefined;
}

export async function hasX25519(): Promise<boolean> {
  try {
    await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"]);
    return true;
  } catch {
    return false;
  }
}

/** Makes of a file what is kept; `code` is needed only where the browser has no X25519. Wipes the file's secret. */
export async function keepable(file: KeyFile, code: string | undefined): Promise<KeptKey> {
  try {
    const secret: KeptKey["secret"] =
      code === undefined
        ? { is: "sealed-in", key: await importSecret(file.secretKey) }
        : { is: "under-code", ...(await lock(file.secretKey, code)) };
    return { badge: file.badge, bus: file.bus, publicKey: file.publicKey, secret, openedAt: 0 };
  } finally {
    file.secretKey.fill(0);
  }
}

/** A new key of this browser's own, under a code. */
export async function makeKey(bus: Uint8Array, code: string): Promise<{ kept: KeptKey; key: LongTermKey }> {
  const kept = (await hasX25519()) ? await makeSealedIn(bus, code) : await makeUnderCode(bus, code);
  const key = await unlock(kept, code);
  if (key === undefined) throw new Error("the key that was made does not open");
  return { kept, key };
}

async function makeSealedIn(bus: Uint8Array, code: string): Promise<KeptKey> {
  const pair = (await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"])) as CryptoKeyPair;
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const guard = { salt, check: await codeCheck(code, salt) };
  return { badge: "", bus, publicKey, secret: { is: "sealed-in", key: pair.privateKey }, openedAt: 0, guard };
}

async function makeUnderCode(bus: Uint8Array, code: string): Promise<KeptKey> {
  const nacl = await loadNacl();
  const { publicKey, secretKey } = nacl.box.keyPair();
  try {
    return { badge: "", bus, publicKey, secret: { is: "under-code", ...(await lock(secretKey, code)) }, openedAt: 0 };
  } finally {
    secretKey.fill(0);
  }
}

/** Does the key open by a code? Then the page asks for it, and locks. */
export function hasCode(kept: KeptKey): boolean {
  return kept.secret.is === "under-code" || kept.guard !== undefined;
}

async function importSecret(secretKey: Uint8Array): Promise<CryptoKey> {
  const pkcs8 = concat(PKCS8_X25519, secretKey) as Bytes;
  try {
    return await crypto.subtle.importKey("pkcs8", pkcs8, { name: "X25519" }, false, ["deriveBits"]);
  } finally {
    pkcs8.fill(0);
  }
}

/** The key, ready to agree. Of one with a code: undefined if the code is wrong. */
export async function unlock(kept: KeptKey, code = ""): Promise<LongTermKey | undefined> {
  const { secret, publicKey, guard } = kept;
  if (guard !== undefined && !equal(await codeCheck(code, guard.salt), guard.check)) return undefined;
  if (secret.is === "sealed-in") return sealedIn(kept);
  const [key, nacl] = [await codeKey(code, secret.salt), await loadNacl()];
  try {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: secret.iv as Bytes }, key, secret.box as Bytes);
    const bytes = new Uint8Array(plain);
    return { publicKey, agree: (other) => Promise.resolve(nacl.scalarMult(bytes, other)) };
  } catch {
    return undefined;
  }
}

/** A key that is sealed in, without its code: the tab in which that was said is still in the same hands. */
export function sealedIn({ secret, publicKey }: KeptKey): LongTermKey | undefined {
  return secret.is === "sealed-in" ? { publicKey, agree: (other) => agreeInside(secret.key, other) } : undefined;
}

async function agreeInside(key: CryptoKey, other: Uint8Array): Promise<Uint8Array> {
  const theirs = await crypto.subtle.importKey("raw", other as Bytes, { name: "X25519" }, false, []);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "X25519", public: theirs }, key, 256));
}

// -------------------------------------------------------------- under a code

async function typedCode(code: string): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", new TextEncoder().encode(code), "PBKDF2", false, ["deriveKey", "deriveBits"]);
}

const stretched = (salt: Uint8Array): Pbkdf2Params => ({ name: "PBKDF2", hash: "SHA-256", salt: salt as Bytes, iterations: ROUNDS });

async function codeKey(code: string, salt: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.deriveKey(stretched(salt), await typedCode(code), { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function codeCheck(code: string, salt: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.deriveBits(stretched(salt), await typedCode(code), 256));
}

async function lock(secretKey: Uint8Array, code: string): Promise<{ salt: Uint8Array; iv: Uint8Array; box: Uint8Array }> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const key = await codeKey(code, salt);
  return { salt, iv, box: new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, secretKey as Bytes)) };
}

// -------------------------------------------------------------- the store

const SHELF = "keys";
const OWN = "own";
const PENDING = "pending";

export function loadKey(): Promise<KeptKey | undefined> {
  return recall(OWN, SHELF);
}

export function saveKey(kept: KeptKey): Promise<void> {
  return remember(OWN, kept, SHELF);
}

export async function forgetKey(): Promise<void> {
  await forget(OWN, SHELF);
  await forgetTold();
}

// -------------------------------------------------------------- a key that is being registered

/** Kept beside an earlier key until it is decided, so that a page that was opened again goes on. */
export interface PendingKey {
  oneTime: Uint8Array; // the public half of the link's key
  kept: KeptKey;
}

export function loadPending(): Promise<PendingKey | undefined> {
  return recall(PENDING, SHELF);
}

export function savePending(pending: PendingKey): Promise<void> {
  return remember(PENDING, pending, SHELF);
}

export function dropPending(): Promise<void> {
  return forget(PENDING, SHELF);
}
