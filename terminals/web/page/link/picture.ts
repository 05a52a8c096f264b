/** What a file of a camera is by its first bytes, and whether its end is there: a copy that was cut off is found out before it is sent. */
import { FileType } from "../gen/rules_pb";
import { ascii, startsWith } from "./bytes";

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const IEND = ascii("IEND");
const HEIC = ["heic", "heix", "heim", "heis", "hevc", "mif1", "msf1"].map((brand) => ascii(`ftyp${brand}`)); // services/evidence/types.c

/** undefined: it is none that is kept. */
export function typeOf(bytes: Uint8Array): FileType | undefined {
  if (startsWith(bytes, Uint8Array.of(0xff, 0xd8, 0xff))) return FileType.JPEG;
  if (startsWith(bytes, PNG)) return FileType.PNG;
  return HEIC.some((brand) => startsWith(bytes.subarray(4), brand)) ? FileType.HEIC : undefined;
}

/** Has all of it come, as far as the format tells? What a camera hangs on behind the picture is not looked at. */
export function isWhole(type: FileType, bytes: Uint8Array): boolean {
  if (type === FileType.JPEG) return endOfJpeg(bytes);
  return type === FileType.PNG ? endOfPng(bytes) : endOfBoxes(bytes);
}

const SCAN = 0xda;
const END = 0xd9;

// From marker to marker: in a segment, as that of the small picture inside, anything may stand; in what a scan has coded a
// marker may not, so that its bytes are looked at one by one.
function endOfJpeg(bytes: Uint8Array): boolean {
  let isInScan = false;
  for (let at = 2; at + 1 < bytes.length; ) {
    const [first, marker] = [bytes[at] ?? 0, bytes[at + 1] ?? 0];
    const isData = marker === 0x00 || (marker >= 0xd0 && marker <= 0xd7);
    if (first !== 0xff || (isInScan && isData)) {
      if (!isInScan) return false; // no marker where one must be
      at++;
    } else if (marker === END) {
      return true;
    } else if (marker === 0xff) {
      at++; // fills up
    } else {
      isInScan = marker === SCAN;
      at += 2 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
    }
  }
  return false;
}

function length32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
}

function endOfPng(bytes: Uint8Array): boolean {
  for (let at = PNG.length; at + 12 <= bytes.length; at += 12 + length32(bytes, at)) {
    if (startsWith(bytes.subarray(at + 4), IEND)) return true;
  }
  return false;
}

// A box has its length before it: 0 is all that comes, 1 a longer one, which no photograph has.
function endOfBoxes(bytes: Uint8Array): boolean {
  let at = 0;
  while (at + 8 <= bytes.length) {
    const length = length32(bytes, at);
    if (length < 8) return length === 0 || length === 1;
    at += length;
  }
  return at === bytes.length;
}
