/** The lead's card in a browser that is kept like a phone, and what its tests do with it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before } from "node:test";
import type { Page } from "playwright-core";
import { choose, Phone, Relay, type Seen } from "./browser";
import { bundlePath, lq, PATIENCE_MS } from "./system";

export let relay: Relay;
before(async () => {
  relay = await Relay.start();
});
after(() => relay.end());

export const card = (query = ""): string => `${relay.url}lead${query}`;
export const task = (page: Page, number: string) => page.locator(".task", { hasText: number });
export const press = (page: Page, name: string): Promise<void> => page.getByRole("button", { name, exact: true }).click();
export async function sees(page: Page, text: string | RegExp): Promise<void> {
  const found = page.getByText(text).first();
  await found.waitFor({ timeout: PATIENCE_MS }).catch(async (error: unknown) => {
    throw new Error(`${String(error)}\nThe page says: ${String(await page.evaluate("document.body.innerText"))}`);
  });
}

export function issue(number: string, team: string, ...rest: string[]): void {
  lq("order", "issue", "--as", "D1", "--kind", "raid", "--target", "E0001", "--number", number, "--team", team, ...rest);
}

interface Part {
  step: string;
  acknowledged_at_ms?: string;
  departed_at_ms?: string;
}

export function part(number: string, team: string): Part {
  const told = JSON.parse(lq("order", "show", number, "--as", "D1", "--json")) as { order: { assignments: (Part & { team: string })[] } };
  const found = told.order.assignments.find((one) => one.team === team);
  assert(found !== undefined, `${team} has no part in ${number}`);
  return found;
}

/** A phone for one test; it is put away however that ends, the relay is there again, and no order is open. */
export async function withPhone(act: (phone: Phone) => Promise<void>): Promise<void> {
  const phone = new Phone();
  const failed: unknown = await act(phone).then(() => undefined, (error: unknown) => error);
  await phone.end();
  await relay.end();
  await relay.start();
  if (failed !== undefined) throw failed; // what is left over is not to hide it
  const open = JSON.parse(lq("order", "list", "--open", "--as", "D1", "--json")) as { number: string }[];
  for (const { number } of open) closeOrder(number);
}

/** A browser that has the key, and the card's files: the worker is there. */
export async function openCard(phone: Phone, badge = "L1", query = ""): Promise<Seen> {
  const seen = await phone.open(card(query));
  await choose(seen.page, readFileSync(bundlePath(badge), "utf8"), `${badge}.bundle`);
  await seen.page.locator(".link.up").waitFor({ timeout: PATIENCE_MS });
  await seen.page.locator(".task, .empty").first().waitFor({ timeout: PATIENCE_MS });
  await seen.page.evaluate("navigator.serviceWorker.ready.then(() => undefined)");
  await untilTrue(seen.page, `${CLOCK}.then((clock) => clock !== undefined)`); // without it acts are asked about, and not kept
  return seen;
}

/** An expression: what is kept under a name. */
export const kept = (name: string): string => `new Promise((done) => { const r = indexedDB.open("lianqin-card"); r.onsuccess = () => {
  const q = r.result.transaction("kept").objectStore("kept").get("${name}");
  q.onsuccess = () => { r.result.close(); done(q.result); }; }; })`;
const CLOCK = kept("clock");
/** How many orders the snapshot has; undefined: none is kept. */
export const KEPT = `${kept("card")}.then((card) => card?.orders.length)`;

/** Waits until an expression is true in the page; it may be a promise. */
export async function untilTrue(page: Page, expression: string): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; (await page.evaluate(expression)) !== true; ) {
    assert(Date.now() < end, `not within ${PATIENCE_MS} ms: ${expression}`);
    await page.waitForTimeout(50);
  }
}

export function untilKept(page: Page, orders: number): Promise<void> {
  return untilTrue(page, `${KEPT}.then((n) => n === ${orders})`);
}

export function closeOrder(number: string): void {
  lq("order", "cancel", number, "--as", "C1", "--why", "试毕"); // a commander, also where people took part
}
