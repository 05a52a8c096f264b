/**
 * Pictures that are kept, and fail when they change. What runs by the clock is not looked at; the rest is compared in
 * cells of 8 × 8 pixels, so that how an edge is smoothed does not count.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import type { Page } from "playwright-core";

const KEPT = process.env["LQ_PICTURES"] ?? ""; // where they are kept
const IS_WRITING = process.env["LQ_PICTURES_WRITE"] === "1";
const CELL = 8;
const UNLIKE = 14; // of 255: less is how an edge is smoothed
const CELLS_MOST = 0.001; // of a picture may differ

// In the browser: the means of all cells, of each of three colours.
const CELLS = `async (base64) => {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const { width, height } = picture;
  const canvas = new OffscreenCanvas(Math.ceil(width / ${CELL}), Math.ceil(height / ${CELL}));
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return { width, height, columns: canvas.width, cells: [...context.getImageData(0, 0, canvas.width, canvas.height).data] };
}`;

// In the browser: where a time, a length of time or the number of a record stands ("21:43", "16:05", "stats#8616"), in pixels
// of the picture. (In which order two services write is chance.)
const RUNNING = `(() => {
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
  for (let text = walk.nextNode(); text !== null; text = walk.nextNode()) {
    if (!/\\d:\\d\\d|#\\d|第 \\d+ 号|record \\d/.test(text.data)) continue;
    range.selectNodeContents(text);
    for (const { left, top, right, bottom } of range.getClientRects()) found.push([left, top, right, bottom].map((one) => one * devicePixelRatio));
  }
  return found;
})()`;

interface Cells {
  width: number;
  height: number;
  columns: number;
  cells: number[];
}

type Box = [left: number, top: number, right: number, bottom: number];

function differing(a: Cells, b: Cells): number[] {
  const found = new Set<number>();
  for (let i = 0; i < a.cells.length; i++) {
    if (Math.abs((a.cells[i] ?? 0) - (b.cells[i] ?? 0)) > UNLIKE) found.add(i >> 2);
  }
  return [...found];
}

function isWithin([left, top, right, bottom]: Box, x: number, y: number): boolean {
  return x + CELL >= left && x <= right && y + CELL >= top && y <= bottom;
}

async function cellsOf(page: Page, path: string): Promise<Cells> {
  return (await page.evaluate(`(${CELLS})(${JSON.stringify(readFileSync(path, "base64"))})`)) as Cells;
}

/** Compares what the page shows with the picture of that name, or keeps it as that. */
export async function picture(page: Page, name: string): Promise<void> {
  const [kept, now] = [`${KEPT}/${name}.png`, `out/${name}.png`];
  await page.evaluate("document.fonts.ready.then(() => undefined)");
  await page.screenshot({ path: now, animations: "disabled" });
  if (IS_WRITING) {
    assert.equal(spawnSync("cp", [now, kept], { encoding: "utf8" }).status, 0);
    return;
  }
  const running = (await page.evaluate(RUNNING)) as Box[];
  assert(existsSync(kept), `there is no picture ${kept}: scripts/pictures takes it`);
  const [was, is] = [await cellsOf(page, kept), await cellsOf(page, now)];
  assert.deepEqual([is.width, is.height], [was.width, was.height], `${name}: the size has changed`);
  const places = differing(was, is)
    .map((cell) => [(cell % is.columns) * CELL, Math.floor(cell / is.columns) * CELL] as const)
    .filter(([x, y]) => !running.some((box) => isWithin(box, x, y)));
  const part = places.length / (is.cells.length / 4);
  const first = places.slice(0, 8).map(([x, y]) => `${x},${y}`);
  assert(part <= CELLS_MOST, `${name} has changed (${places.length} cells, at ${first.join(" ")} …): look at ${now} in this build; if it is right, scripts/pictures keeps it`);
}
