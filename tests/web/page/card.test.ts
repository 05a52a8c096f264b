// What the card reckons by itself: where something is from here, and whether a photograph has come whole.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FileType } from "page/gen/rules_pb";
import { concat } from "page/link/bytes";
import { isWhole, typeOf } from "page/link/picture";
import { day } from "page/shell/time";
import { troubles } from "page/shell/trouble";
import { bearing, wind } from "page/state/bearing";
import type { Session } from "page/state/session";
import { speak } from "page/words";

const at = (latitude: number, longitude: number) => ({ latitude, longitude });
function near(measured: number, expected: number, within: number, what: string): void {
  assert(Math.abs(measured - expected) <= within, `${what}: ${measured}, not ${expected}`);
}

test("distance and bearing are those of WGS 84", () => {
  // As Vincenty's formulas have them.
  near(bearing(at(37.5, 116), at(38.5, 116)).metres, 110_996, 5, "a degree to the north");
  near(bearing(at(38, 116), at(38, 117)).metres, 87_832, 20, "a degree to the east");
  near(bearing(at(38.2, 116.4), at(38.3, 116.5)).metres, 14_136, 2, "the distance to the north-east");
  near(bearing(at(38.2, 116.4), at(38.3, 116.5)).degrees, 38.2, 0.1, "the bearing to the north-east");
  near(bearing(at(38.2, 116.4), at(38.21, 116.4)).degrees, 0, 1e-9, "north");
  near(bearing(at(38.2, 116.4), at(38.2, 116.39)).degrees, 270, 1e-9, "west");
  near(bearing(at(38.2, 116.4), at(38.19, 116.4)).degrees, 180, 1e-9, "south");
  const far = bearing(at(38.189, 116.123), at(38.365, 116.54)); // across a county
  near(far.metres, 41_389, 10, "far away");
  near(far.degrees, 61.8, 0.2, "the bearing half way there");
  assert.equal(bearing(at(38.2, 116.4), at(38.2, 116.4)).metres, 0);
});

test("the eight winds begin and end half way between two", () => {
  assert.deepEqual([0, 22, 23, 90, 135, 202, 337, 338, 359.9].map(wind), [0, 0, 1, 2, 3, 4, 7, 0, 0]);
});

const bytes = (...all: number[]): Uint8Array => Uint8Array.from(all);
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** A JPEG with a small picture inside, two scans, and bytes in them that look like markers. */
const JPEG = concat(
  bytes(0xff, 0xd8),
  bytes(0xff, 0xe1, 0x00, 0x08, 0xff, 0xd8, 0x11, 0x22, 0xff, 0xd9), // the end of the small picture is not the end
  bytes(0xff, 0xff, 0xda, 0x00, 0x03, 0x01), // filled up
  bytes(0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56),
  bytes(0xff, 0xc4, 0x00, 0x05, 0xff, 0xd9, 0x01), // a table between two scans
  bytes(0xff, 0xda, 0x00, 0x03, 0x01, 0x77, 0x88),
  bytes(0xff, 0xd9),
);

test("a JPEG that is cut off anywhere is not whole; what a camera hangs on behind it does no harm", () => {
  assert.equal(typeOf(JPEG), FileType.JPEG);
  assert.equal(isWhole(FileType.JPEG, JPEG), true);
  assert.equal(isWhole(FileType.JPEG, concat(JPEG, text("a film of two seconds"))), true);
  for (let length = 0; length < JPEG.length; length++) assert.equal(isWhole(FileType.JPEG, JPEG.subarray(0, length)), false, `${length} bytes of ${JPEG.length}`);
});

test("between the parts of a JPEG nothing else may stand", () => {
  const table = bytes(0xff, 0xc4, 0x00, 0x05, 0xff, 0xd9, 0x01);
  const begin = concat(bytes(0xff, 0xd8, 0xff, 0xda, 0x00, 0x03, 0x01, 0x12), table);
  assert.equal(isWhole(FileType.JPEG, concat(begin, bytes(0xff, 0xd9))), true);
  assert.equal(isWhole(FileType.JPEG, concat(begin, bytes(0x13, 0xff, 0xd9))), false);
});

function chunk(type: string, content: Uint8Array): Uint8Array {
  return concat(bytes(0, 0, 0, content.length), text(type), content, bytes(1, 2, 3, 4));
}

test("so it is with a PNG and a HEIC", () => {
  const png = concat(bytes(0x89), text("PNG\r\n"), bytes(0x1a, 0x0a), chunk("IHDR", text("IEND")), chunk("IDAT", bytes(5, 6)), chunk("IEND", bytes()));
  assert.equal(typeOf(png), FileType.PNG);
  assert.equal(isWhole(FileType.PNG, png), true);
  for (let length = 0; length < png.length; length++) assert.equal(isWhole(FileType.PNG, png.subarray(0, length)), false, `PNG, ${length}`);
  const box = (type: string, content: Uint8Array): Uint8Array => concat(bytes(0, 0, 0, 8 + content.length), text(type), content);
  const heic = concat(box("ftyp", text("heic0000")), box("meta", text("abc")), box("mdat", text("picture")));
  assert.equal(typeOf(heic), FileType.HEIC);
  assert.equal(isWhole(FileType.HEIC, heic), true);
  const between = [16, 27]; // where a box ends: that one is missing is not seen
  for (let length = 1; length < heic.length; length++) assert.equal(isWhole(FileType.HEIC, heic.subarray(0, length)), between.includes(length), `HEIC, ${length}`);
});

test("while there is no link at all, it is not told of each service that it does not answer", () => {
  const silentSince = (heardAt: number) =>
    troubles({
      link: { state: { is: "open" }, heardAt, troubles: new Map<string, unknown>([["bus", "silent"], ["shift", { text: "the service is stopping", sentence: [] }]]) },
      failures: new Map(),
      self: undefined,
    } as unknown as Session);
  assert.deepEqual(silentSince(performance.now()), ["总线 没有应答；所示内容可能已过时。", "值班: the service is stopping"]);
  assert.deepEqual(silentSince(performance.now() - 20_000), ["值班: the service is stopping"]);
});

test("the day is told in the language of the page", () => {
  const at = Date.parse("2015-07-15T16:00:00Z"); // midnight in the county
  assert.equal(day(at), "2015年7月16日星期四");
  speak("en");
  assert.match(day(at), /^Thursday,? 16 July 2015$/);
  speak("zh");
});
