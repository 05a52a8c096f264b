// What the pages take, against their budgets (scripts/bench web): the sample campaign with 500 open orders and its 373 premises,
// in Debian's chromium. Prints Markdown; ends with 1 beyond a budget.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { Browsers, choose, holds, Relay } from "./support/browser";
import { packedSize, scriptsOf } from "./support/built";
import { bundlePath, lq, PATIENCE_MS } from "./support/system";

const ROUNDS = Number(process.env["LQ_ROUNDS"] ?? "5");
const EVENTS = 20;
const IDLE_MS = 6_000;
const ORDERS = Number(process.env["LQ_ORDERS"]);

interface Row {
  what: string;
  measured: number;
  budget: number;
  unit: string;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

// When what is wanted was drawn first, from the beginning of the navigation. It is seen in the page: on a slow phone the script of
// whoever drives it takes its time, too. A page that renders in an animation frame is drawn right behind it, and not with the next.
const drawnFirst = (selector: string): string => `{
  let inFrame = false;
  const frame = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (act) => frame((now) => {
    inFrame = true;
    setTimeout(() => (inFrame = false));
    act(now);
  });
  const done = () => setTimeout(() => (window.drawnAt = performance.now()));
  new MutationObserver((_, all) => {
    if (document.querySelector(${JSON.stringify(selector)}) === null) return;
    all.disconnect();
    if (inFrame) done();
    else frame(done);
  }).observe(document, { subtree: true, childList: true });
}`;

async function timeTo(page: Page, go: () => Promise<unknown>): Promise<number> {
  await go();
  await holds(page, "window.drawnAt !== undefined");
  return Number(await page.evaluate("window.drawnAt"));
}

interface Opened {
  page: Page;
  /** With the key, and nothing else that is kept. */
  cold(): Promise<number>;
  warm(): Promise<number>;
}

const SETTLED_MS = 3_000; // what comes after the page is there, and is kept

/** Slow as a phone, on the net of one, if it is said so. */
async function openPage(browsers: Browsers, url: string, badge: string, selector: string, isPhone: boolean): Promise<Opened> {
  const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
  const { page, context } = await browsers.open(url, isPhone ? phone : {});
  await choose(page, readFileSync(bundlePath(badge), "utf8"), `${badge}.bundle`);
  await page.waitForSelector(selector, { timeout: PATIENCE_MS });
  await page.addInitScript(drawnFirst(selector));
  const tools = await context.newCDPSession(page);
  if (isPhone) {
    await tools.send("Emulation.setCPUThrottlingRate", { rate: 6 });
    await tools.send("Network.emulateNetworkConditions", { offline: false, latency: 40, downloadThroughput: 200_000, uploadThroughput: 94_000 });
  }
  const { origin } = new URL(url);
  return {
    page,
    cold: async () => {
      await page.goto(`${origin}/icon.svg`); // of the same origin, and no page
      await page.evaluate(`new Promise((done) => { indexedDB.deleteDatabase("lianqin-card").onsuccess = () => done(); })`);
      await tools.send("Storage.clearDataForOrigin", { origin, storageTypes: "service_workers,cache_storage" });
      await tools.send("Network.clearBrowserCache");
      return timeTo(page, () => page.goto(url));
    },
    warm: async () => {
      await page.waitForTimeout(SETTLED_MS);
      return timeTo(page, () => page.reload());
    },
  };
}

async function medianOf(act: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i++) times.push(await act());
  return median(times);
}

/**
 * What the page's thread computes for one event more than it does anyway, once a second: its processor's time, as what else the
 * machine does meanwhile is not the page's.
 */
async function eventCost(page: Page, desk: string): Promise<number> {
  const tools = await page.context().newCDPSession(page);
  await tools.send("Performance.enable");
  const busyMs = async (): Promise<number> => {
    const { metrics } = await tools.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "ThreadTime")?.value ?? NaN) * 1000;
  };
  const spend = async (act: () => Promise<void>): Promise<{ busy: number; took: number }> => {
    const [busy, begun] = [await busyMs(), performance.now()];
    await act();
    return { busy: (await busyMs()) - busy, took: performance.now() - begun };
  };
  let said = 0;
  return medianOf(async () => {
    const idle = await spend(() => page.waitForTimeout(IDLE_MS));
    const acting = await spend(async () => {
      for (let i = 0; i < EVENTS; i++) {
        lq("order", "amend", "O9003", "--instructions", `第${++said}次补充`, "--why", "补充", "--as", desk);
        await page.waitForTimeout(300);
      }
      await page.getByText(`第${said}次补充`).first().waitFor({ timeout: PATIENCE_MS });
    });
    return (acting.busy - (idle.busy * acting.took) / idle.took) / EVENTS;
  });
}

async function main(): Promise<void> {
  const [desk = "", lead = ""] = [process.env["LQ_DESK"], process.env["LQ_LEAD"]];
  const rows: Row[] = [];
  const put = (what: string, measured: number, budget: number, unit: string): void => void rows.push({ what, measured, budget, unit });
  put("script of the desk, gzip", packedSize(scriptsOf("index.html")) / 1024, 90, "KiB");
  put("script of the lead's card, gzip", packedSize(scriptsOf("lead.html")) / 1024, 55, "KiB");
  const relay = await Relay.start();
  const browsers = await Browsers.start();
  const board = await openPage(browsers, relay.url, desk, ".order", false);
  put(`desk with ${ORDERS} orders, cold`, await medianOf(board.cold), 1000, "ms");
  put(`desk with ${ORDERS} orders, again`, await medianOf(board.warm), 500, "ms");
  await holds(board.page, `document.querySelectorAll(".order").length >= ${ORDERS}`); // the rest of them follows
  put("the page's work for one event of these", await eventCost(board.page, desk), 16, "ms");
  await board.page.close(); // a phone has none beside it
  const card = await openPage(browsers, `${relay.url}lead`, lead, ".task", true);
  put("lead's card on a phone (CPU ÷ 6, 1.6 Mbit/s), cold", await medianOf(card.cold), 3000, "ms");
  put("lead's card on a phone, again", await medianOf(card.warm), 1000, "ms");
  await browsers.end();
  await relay.end();
  process.stdout.write("| | measured | budget |\n|---|--:|--:|\n");
  for (const { what, measured, budget, unit } of rows) process.stdout.write(`| ${what} | ${measured.toFixed(1)} ${unit} | ${budget} ${unit} |\n`);
  const beyond = rows.filter(({ measured, budget }) => measured > budget);
  assert(beyond.length === 0, `beyond the budget: ${beyond.map(({ what }) => what).join("; ")}`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(String(error));
    process.exit(1);
  },
);
