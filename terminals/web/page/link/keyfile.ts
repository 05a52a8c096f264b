/**
 * The file that sets a terminal up (lq key issue BADGE --bundle): lines of a word and a value, remarks with "#".
 * BADGE.key (public, secret) will do together with bus.pub, which is one line of 40 characters.
 */
import nacl from "tweetnacl";
import { tr } from "../words";
import { equal } from "./bytes";
import { keyFromText } from "./z85";

export interface KeyFile {
  badge: string; // "": the file does not say; the bus does
  bus: Uint8Array; // the public key of the bus
  publicKey: Uint8Array;
  secretKey: Uint8Array; // to be wiped by whoever has kept it
}

/** Says what is wrong with the file, where, and what would do; for people. */
export class KeyFileFault extends Error {}

const LONGEST = 8 * 1024;
const WORDS = ["badge", "team", "address", "bus", "public", "secret"];

function readLines(text: string): Map<string, string> {
  const values = new Map<string, string>();
  text.split(/\r?\n/).forEach((line, i) => {
    if (line === "" || line === "#" || line.startsWith("# ")) return;
    const space = line.indexOf(" ");
    const word = space < 0 ? "" : line.slice(0, space);
    const value = space < 0 ? line : line.slice(space + 1).trim();
    if (space < 0 && value.length === 40) values.set("bus", value);
    else if (!WORDS.includes(word)) throw new KeyFileFault(tr("Line %d of the file is not one of a key file: it begins with none of badge, bus, public, secret.", i + 1));
    else if (values.has(word)) throw new KeyFileFault(tr("The file says “%s” twice (line %d).", word, i + 1));
    else values.set(word, value);
  });
  return values;
}

function takeKey(values: Map<string, string>, word: string): Uint8Array {
  const text = values.get(word);
  if (text === undefined) throw new KeyFileFault(tr("The file has no line that begins with “%s”: part of it is missing.", word));
  const key = keyFromText(text);
  if (key === undefined) throw new KeyFileFault(tr("The key in the line “%s” is damaged: it has 40 characters, none of them changed.", word));
  return key;
}

/** Throws a KeyFileFault; nothing is kept then. */
export function readKeyFile(text: string): KeyFile {
  if (text.length > LONGEST || text.includes("\u0000") || text.includes("\ufffd")) {
    throw new KeyFileFault(tr("This is no key file: lq key issue BADGE --bundle makes one, BADGE.bundle."));
  }
  const values = readLines(text);
  if (values.size === 0) throw new KeyFileFault(tr("The file is empty."));
  if (!values.has("public") && !values.has("secret")) {
    throw new KeyFileFault(tr("This is no key file: lq key issue BADGE --bundle makes one, BADGE.bundle."));
  }
  const publicKey = takeKey(values, "public");
  const secretKey = takeKey(values, "secret");
  if (!equal(nacl.scalarMult.base(secretKey), publicKey)) {
    throw new KeyFileFault(tr("The two halves of the key do not belong together: the file is damaged. Have it made again."));
  }
  if (!values.has("bus")) {
    throw new KeyFileFault(tr("The file does not say the bus's own key. Take BADGE.bundle, or choose bus.pub together with it."));
  }
  return { badge: values.get("badge") ?? "", bus: takeKey(values, "bus"), publicKey, secretKey };
}
