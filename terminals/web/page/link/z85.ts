/** Z85 (ZeroMQ RFC 32): 4 bytes as 5 characters. */

const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

/** The 32 bytes of a key of 40 characters; undefined: it is none. */
export function keyFromText(text: string): Uint8Array | undefined {
  if (text.length !== 40) return undefined;
  const bytes = new Uint8Array(32);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < 40; i += 5) {
    let value = 0;
    for (const character of text.slice(i, i + 5)) {
      const digit = DIGITS.indexOf(character);
      if (digit < 0) return undefined;
      value = value * 85 + digit;
    }
    if (value > 0xffffffff) return undefined;
    view.setUint32((i / 5) * 4, value);
  }
  return bytes;
}

export function keyToText(key: Uint8Array): string {
  const view = new DataView(key.buffer, key.byteOffset, key.length);
  let text = "";
  for (let i = 0; i < key.length; i += 4) {
    let value = view.getUint32(i);
    let five = "";
    for (let j = 0; j < 5; j++) {
      five = DIGITS.charAt(value % 85) + five;
      value = Math.floor(value / 85);
    }
    text += five;
  }
  return text;
}
