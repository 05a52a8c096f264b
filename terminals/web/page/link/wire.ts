/**
 * What carries frames: a WebSocket of RFC 45 to lianqin-web, each frame one binary message, a FLAG byte before its
 * body. Tests have another, over TCP.
 */
import type { Frame } from "./curve";

export interface WireEvents {
  opened(): void;
  frame(frame: Frame): void;
  /** Once, whatever ended it; `why` is for people who look after the system. */
  closed(why: string): void;
}

export interface Wire {
  send(frame: Frame): void;
  close(): void;
}

export type Connect = (events: WireEvents) => Wire;

/** "/" is no token of HTTP, so libzmq's own name, ZWS2.0/CURVE, cannot be said by a browser. */
const PROTOCOL = "ZWS2.0-CURVE";
const MORE = 1;
const COMMAND = 2;

/** Where lianqin-web relays to the bus: beside the page. */
export function busUrl(): string {
  const url = new URL("/bus", location.origin);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

/** What is at the end of a WebSocket that lianqin-web has opened to the bus. */
export function webSocketWire(url: string): Connect {
  return (events) => {
    const socket = new WebSocket(url, PROTOCOL);
    let over = false;
    const end = (why: string): void => {
      if (over) return;
      over = true;
      socket.close();
      events.closed(why);
    };
    socket.binaryType = "arraybuffer";
    socket.onopen = () => events.opened();
    socket.onclose = (event) => end(event.reason || `${event.code}`);
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (over) return;
      if (!(data instanceof ArrayBuffer) || data.byteLength < 1) return end("not a frame");
      const bytes = new Uint8Array(data);
      const flag = bytes[0] ?? 0;
      if (flag > COMMAND) return end("not a frame");
      events.frame({ command: flag === COMMAND, more: flag === MORE, body: bytes.subarray(1) });
    };
    return {
      send: ({ command, more, body }) => {
        if (socket.readyState !== WebSocket.OPEN) return;
        const bytes = new Uint8Array(body.length + 1);
        bytes[0] = command ? COMMAND : more ? MORE : 0;
        bytes.set(body, 1);
        socket.send(bytes);
      },
      close: () => {
        over = true;
        socket.onclose = null;
        socket.close();
      },
    };
  };
}
