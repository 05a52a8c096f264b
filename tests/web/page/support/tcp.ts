/** A wire over TCP in place of a WebSocket: ZMTP's greeting and frames, as lianqin-web makes of it. */
import { connect } from "node:net";
import { ascii, concat, readU64, u64 } from "page/link/bytes";
import type { Frame } from "page/link/curve";
import type { Connect } from "page/link/wire";

const GREETING = concat(Uint8Array.of(0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1), ascii("CURVE"), new Uint8Array(47));
const MORE = 1, LONG = 2, COMMAND = 4;

function encode({ command, more, body }: Frame): Uint8Array {
  const flags = (command ? COMMAND : 0) | (more ? MORE : 0);
  const head = body.length > 255 ? concat(Uint8Array.of(flags | LONG), u64(BigInt(body.length))) : Uint8Array.of(flags, body.length);
  return concat(head, body);
}

/** The frame at the front, and what is behind it. */
function decode(bytes: Uint8Array): { frame: Frame; rest: Uint8Array } | undefined {
  const flags = bytes[0] ?? 0;
  const head = (flags & LONG) !== 0 ? 9 : 2;
  if (bytes.length < head) return undefined;
  const size = head === 9 ? Number(readU64(bytes.subarray(1, 9))) : (bytes[1] ?? 0);
  if (bytes.length < head + size) return undefined;
  const body = bytes.slice(head, head + size);
  return { frame: { command: (flags & COMMAND) !== 0, more: (flags & MORE) !== 0, body }, rest: bytes.subarray(head + size) };
}

/** `spy` sees each frame that the bus sends. */
export function tcpWire(endpoint: string, spy: (frame: Frame) => void = () => undefined): Connect {
  const [, host = "", port = ""] = /^tcp:\/\/(.*):(\d+)$/.exec(endpoint) ?? [];
  return (events) => {
    const socket = connect(Number(port), host);
    let waiting = new Uint8Array(0) as Uint8Array;
    let greeted = false;
    socket.setNoDelay();
    socket.on("connect", () => {
      socket.write(GREETING);
      events.opened();
    });
    socket.on("data", (bytes) => {
      waiting = concat(waiting, bytes);
      if (!greeted) {
        if (waiting.length < GREETING.length) return;
        greeted = true;
        waiting = waiting.subarray(GREETING.length);
      }
      for (let next = decode(waiting); next !== undefined; next = decode(waiting)) {
        waiting = next.rest;
        spy(next.frame);
        events.frame(next.frame);
      }
    });
    socket.on("error", () => undefined); // "close" follows
    socket.on("close", () => events.closed("tcp"));
    return { send: (frame) => socket.write(encode(frame)), close: () => socket.destroy() };
  };
}
