/** UUIDv7 (RFC 9562): the ids of commands, which rise with time, also within one millisecond. */

let lastMs = 0;
let counter = 0;

/** 16 bytes. `nowMs` is the bus's clock. Within a millisecond, and where the clock was put back, the counter goes on. */
export function uuid7(nowMs: number): Uint8Array {
  const id = crypto.getRandomValues(new Uint8Array(16));
  const ms = Math.floor(nowMs);
  if (ms > lastMs) {
    lastMs = ms;
    counter = ((id[6] ?? 0) & 7) * 256 + (id[7] ?? 0); // below its half, so that it has room
  } else if (++counter > 0xfff) {
    lastMs++;
    counter = 0;
  }
  const view = new DataView(id.buffer);
  view.setUint16(0, Math.floor(lastMs / 2 ** 32));
  view.setUint32(2, lastMs % 2 ** 32);
  view.setUint16(6, 0x7000 | counter);
  view.setUint8(8, 0x80 | ((id[8] ?? 0) & 0x3f));
  return id;
}
