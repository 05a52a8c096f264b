// An icon of static/ as a PNG, for phones that take no SVG (iPhones). It draws what our icons are made of, and nothing else: rectangles,
// circles, paths of horizontal and vertical lines, and groups that are moved and scaled.
import { deflateSync } from "node:zlib";

const ACROSS = 4; // samples of a pixel in each direction: smooth edges

function crc32(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

function attributesOf(text) {
  return Object.fromEntries([...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
}

function colourOf(text) {
  const digits = text.length === 4 ? [...text.slice(1)].map((digit) => digit + digit).join("") : text.slice(1);
  if (!/^[0-9a-f]{6}$/.test(digits)) throw new Error(`no colour: ${text}`);
  return [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16));
}

// "M8 9h16v3H8z": corners only, and each part is closed.
function rectanglesOf(path) {
  return path.split("z").filter(Boolean).map((part) => {
    const match = /^M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)H([\d.]+)$/.exec(part);
    if (match === null || match[1] !== match[5]) throw new Error(`this path is not drawn: ${part}`);
    const [x, y, width, height] = match.slice(1, 5).map(Number);
    return { x, y, width, height };
  });
}

const within = ({ x, y, width, height }) => (px, py) => px >= x && px < x + width && py >= y && py < y + height;

/** The shapes in their order: of each its colour, and whether a point is in it. */
function shapesOf(svg) {
  const shapes = [];
  let [moveX, moveY, scale] = [0, 0, 1];
  const add = (fill, isIn) => {
    const [x, y, by] = [moveX, moveY, scale];
    shapes.push({ colour: colourOf(fill), isIn: (px, py) => isIn((px - x) / by, (py - y) / by) });
  };
  for (const [, name, text] of svg.matchAll(/<(\/?\w+)([^>]*)>/g)) {
    const { fill, d, transform, ...rest } = attributesOf(text);
    const number = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, Number(value)]));
    if (name === "rect") add(fill, within({ x: 0, y: 0, ...number })); // its round corners are the phone's
    else if (name === "path") rectanglesOf(d).forEach((one) => add(fill, within(one)));
    else if (name === "circle") add(fill, (px, py) => (px - number.cx) ** 2 + (py - number.cy) ** 2 < number.r ** 2);
    else if (name === "g") [moveX, moveY, scale] = /^translate\(([\d.]+) ([\d.]+)\) scale\(([\d.]+)\)$/.exec(transform).slice(1).map(Number);
    else if (name === "/g") [moveX, moveY, scale] = [0, 0, 1];
    else if (name !== "svg" && name !== "/svg") throw new Error(`<${name}> is not drawn`);
  }
  return shapes;
}

function chunk(type, content) {
  const body = Buffer.concat([Buffer.from(type), content]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(content.length, 0);
  around.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([around.subarray(0, 4), body, around.subarray(4)]);
}

/** `svg` is 32 × 32 and has no transparent place. */
export function drawIcon(svg, size) {
  const shapes = shapesOf(svg);
  const rows = Buffer.alloc(size * (1 + 3 * size)); // before each row its filter: none
  const samples = Array.from({ length: ACROSS }, (_, i) => (i + 0.5) / ACROSS);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const sum = [0, 0, 0];
      for (const dy of samples) {
        for (const dx of samples) {
          const { colour } = shapes.findLast(({ isIn }) => isIn(((x + dx) * 32) / size, ((y + dy) * 32) / size));
          colour.forEach((part, i) => (sum[i] += part));
        }
      }
      sum.forEach((part, i) => (rows[y * (1 + 3 * size) + 1 + 3 * x + i] = Math.round(part / ACROSS ** 2)));
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 2], 8); // 8 bits each of red, green, blue
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}
