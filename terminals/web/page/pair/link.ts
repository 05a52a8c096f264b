/** The link of lq key pair: what stands behind "#" in it, and the number by which people compare keys. */
import nacl from "tweetnacl";
import { ascii, concat, equal, readU64 } from "../link/bytes";
import { tr } from "../words";

export interface PairLink {
  /** The one-time key; its secret half is in memory, and spent as soon as it is decided. */
  oneTime: nacl.BoxKeyPair;
  bus: Uint8Array; // the public key of the bus
}

/** Says what is wrong with the link and what would do; for people. */
export class PairLinkFault extends Error {}

const KEY = 32;
const CHECK = 4; // bytes of the SHA-256 of the two keys
const CHARACTERS = Math.ceil(((2 * KEY + CHECK) * 4) / 3);

type Bytes = Uint8Array<ArrayBuffer>;

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Bytes));
}

/** `hash` is that of the page's address, "#" included. Throws a PairLinkFault. */
export async function readPairLink(hash: string): Promise<PairLink> {
  const text = hash.replace(/^#/, "");
  if (text === "") throw new PairLinkFault(tr("This page is opened by the link that lq key pair shows; this address has nothing of it."));
  if (text.length !== CHARACTERS || !/^[\w-]+$/.test(text)) {
    throw new PairLinkFault(tr("The link is damaged: %d characters follow the “#”, and it must be %d letters, digits, “-” and “_”.", text.length, CHARACTERS));
  }
  const bytes = ascii(atob(text.replaceAll("-", "+").replaceAll("_", "/")));
  const keys = bytes.subarray(0, 2 * KEY);
  if (!equal((await sha256(keys)).subarray(0, CHECK), bytes.subarray(2 * KEY))) {
    throw new PairLinkFault(tr("The link is damaged: one or more of its characters were changed."));
  }
  return { oneTime: nacl.box.keyPair.fromSecretKey(bytes.slice(0, KEY)), bus: bytes.slice(KEY, 2 * KEY) };
}

/** Three groups of four digits, as lq key pair shows them (terminals/lq/pair/link.h). */
export async function pairNumber(oneTime: Uint8Array, publicKey: Uint8Array): Promise<string> {
  const hash = await sha256(concat(ascii("lianqin pair"), oneTime, publicKey));
  const digits = (readU64(hash.subarray(0, 8)) % 10n ** 12n).toString().padStart(12, "0");
  return `${digits.slice(0, 4)} ${digits.slice(4, 8)} ${digits.slice(8)}`;
}
