// Every key of the desk's help, and that nobody is stuck without a mouse: where the focus is after whatever was done, what an
// input method composes, and the way out.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { axe, choose, holds, type Seen } from "./support/browser";
import { browsers, relay } from "./support/suite";
import { bundlePath, lq, PATIENCE_MS } from "./support/system";

const LINE = ".command input";
const ROOT = process.env["LQ_ROOT"] ?? "";

async function openAs(badge: string, query = ""): Promise<Seen> {
  const seen = await browsers.open(relay.url + query);
  await choose(seen.page, readFileSync(bundlePath(badge), "utf8"), `${badge}.bundle`);
  await seen.page.waitForSelector(".orders", { timeout: PATIENCE_MS });
  await seen.page.locator(".duty", { hasText: "赵一" }).waitFor({ timeout: PATIENCE_MS });
  return seen;
}

/** What has the focus matches this. */
const focused = (page: Page, selector: string): Promise<void> => holds(page, `document.activeElement?.matches(${JSON.stringify(selector)}) === true`);
const isVisible = async (page: Page): Promise<void> => assert.equal(await page.evaluate("document.activeElement.matches(':focus-visible')"), true, "the focus is seen");

/** To the button that says this, by Tab alone. */
async function tabTo(page: Page, text: string): Promise<void> {
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press("Tab");
    if ((await page.evaluate("document.activeElement.innerText ?? ''")) === text) return isVisible(page);
  }
  assert(false, `Tab does not lead to ${text}`);
}

async function leaveForm(page: Page): Promise<void> {
  await page.waitForSelector("dialog[open]");
  for (let i = 0; i < 3 && (await page.locator("dialog").count()) > 0; i++) {
    await page.keyboard.press("Escape"); // of a list in the form it leaves the list
    await page.waitForTimeout(300);
  }
  await page.waitForSelector("dialog", { state: "detached" });
}

function issue(number: string, team: string): void {
  lq("order", "issue", "--as", "D1", "--kind", "raid", "--target", "E0001", "--number", number, "--team", team);
}

const sheet = async (page: Page, title: RegExp): Promise<void> => {
  await page.locator("main.sheet h2", { hasText: title }).waitFor({ timeout: PATIENCE_MS });
  await page.keyboard.press("Escape");
  await page.waitForSelector("main.sheet", { state: "detached" });
};

// By the name of the key as the help has it: how it is pressed, and that it did something.
const PROBES: Record<string, (page: Page) => Promise<void>> = {
  "/": async (page) => (await page.keyboard.press("/"), await focused(page, LINE)),
  "Ctrl+K": async (page) => (await page.keyboard.press("Control+k"), await focused(page, LINE)),
  F1: async (page) => (await page.keyboard.press("F1"), await sheet(page, /按键和用语/)),
  "?": async (page) => (await page.keyboard.press("Shift+Slash"), await sheet(page, /按键和用语/)),
  F2: async (page) => (await page.keyboard.press("F2"), await page.locator("dialog", { hasText: "新指令" }).waitFor(), await leaveForm(page)),
  F3: async (page) => (await page.keyboard.press("F3"), await focused(page, LINE), assert.equal(await page.inputValue(LINE), "看 ")),
  F4: async (page) => (await page.keyboard.press("F4"), await page.locator("dialog", { hasText: "O7001：T01" }).waitFor(), await leaveForm(page)),
  F6: async (page) => {
    await page.keyboard.press("F6");
    await focused(page, "[data-part='O7001/T01']");
    await page.keyboard.press("F6");
    await focused(page, "[data-part='O7002/T02']");
    await isVisible(page);
  },
  "↑": async (page) => (await page.keyboard.press("Alt+1"), await page.keyboard.press("ArrowUp"), await focused(page, "[data-part='O7002/T02']")),
  "↓": async (page) => (await page.keyboard.press("Alt+1"), await page.keyboard.press("ArrowDown"), await focused(page, "[data-part='O7001/T01']")),
  F7: async (page) => {
    await page.keyboard.press("F7"); // nobody is marked: the first is, and then it is its form
    await focused(page, "[data-part='O7001/T01']");
    await page.keyboard.press("F7");
    await page.locator("dialog", { hasText: "O7001：T01" }).waitFor();
    await leaveForm(page);
    await focused(page, "[data-part='O7001/T01']");
  },
  F8: async (page) => {
    await page.keyboard.press("F8");
    await focused(page, "[data-part]");
    await page.keyboard.press("F8");
    await page.locator("dialog", { hasText: "撤销指令 O7001" }).waitFor();
    await leaveForm(page);
  },
  F9: async (page) => {
    await page.evaluate("window.printed = 0, window.print = () => void window.printed++");
    await page.keyboard.press("F9");
    assert.equal(await page.evaluate("window.printed"), 1);
  },
  "Alt+1": async (page) => (await page.keyboard.press("Alt+1"), await focused(page, ".orders")),
  "Alt+2": async (page) => (await page.keyboard.press("Alt+2"), await focused(page, ".duty")),
  "Alt+3": async (page) => (await page.keyboard.press("Alt+3"), await focused(page, ".terms")),
  "Alt+4": async (page) => (await page.keyboard.press("Alt+4"), await sheet(page, /地图/)),
  "Alt+5": async (page) => (await page.keyboard.press("Alt+5"), await sheet(page, /交接班与点名/)),
  "Alt+6": async (page) => {
    await page.keyboard.press("Alt+6");
    await focused(page, ".calls button");
    await page.keyboard.press("Enter");
    await page.locator("dialog", { hasText: "处理呼叫" }).waitFor();
    await leaveForm(page);
    await focused(page, ".calls button");
  },
  "Alt+M": async (page) => {
    await page.keyboard.press("Alt+m");
    await page.locator(".head .muted").waitFor();
    await page.keyboard.press("Alt+m");
  },
  "Alt+0": async (page) => (await page.keyboard.press("Alt+0"), await page.locator("dialog", { hasText: "离开" }).waitFor(), await leaveForm(page)),
  "Ctrl+Enter": async (page) => {
    await page.keyboard.press("F2");
    await page.waitForSelector("dialog[open]");
    await page.keyboard.type("E0001 ");
    await page.keyboard.press("Control+Enter");
    await page.locator("dialog .alarm").waitFor();
    await leaveForm(page);
  },
  Esc: async (page) => {
    await page.keyboard.press("Alt+5");
    await page.waitForSelector("main.sheet");
    await page.evaluate("document.activeElement.blur()"); // wherever the focus is
    await page.keyboard.press("Escape");
    await page.waitForSelector(".orders");
  },
};

async function keysOfHelp(page: Page): Promise<string[]> {
  await page.keyboard.press("F1");
  const table = page.locator(".help table").first();
  await table.waitFor({ timeout: PATIENCE_MS });
  return (await table.locator("kbd").allInnerTexts()).flatMap((text) => text.split(" "));
}

test("every key of the help does something, and README names each, and each word of a line", async () => {
  issue("O7001", "T01");
  issue("O7002", "T02");
  lq("order", "help", "O7001", "T01", "--said", "有人阻拦", "--as", "L1");
  const { page, complaints, context } = await openAs("D1");
  await page.locator("[data-part='O7002/T02']").waitFor({ timeout: PATIENCE_MS });
  const keys = await keysOfHelp(page);
  const words = (await page.locator(".help table").nth(1).locator("th").allInnerTexts()).map((text) => text.trim());
  await axe(page, "the help");
  assert.equal(await page.evaluate("document.querySelector('main.sheet .pane').scrollHeight <= document.querySelector('main.sheet .pane').clientHeight"), true, "all of it at one look");
  await page.keyboard.press("Escape");
  assert.deepEqual([...keys].sort(), Object.keys(PROBES).sort());
  for (const key of keys) {
    await page.evaluate("document.activeElement.blur()");
    await PROBES[key]?.(page).catch((error: unknown) => Promise.reject(new Error(`${key}: ${String(error)}`)));
    await page.fill(LINE, "");
  }
  for (const [name, at] of [["README.md", 1], ["README.zh.md", 0]] as const) {
    const text = readFileSync(`${ROOT}/${name}`, "utf8");
    const named = words.map((one) => one.split(/\s+/)).map(([chinese = "", ...rest]) => (at === 0 ? chinese : (rest.find((word) => /^[a-z?]/.test(word)) ?? "")));
    for (const one of [...keys, ...named]) assert(text.includes(`\`${one}\``), `${name} does not name ${one}`);
  }
  assert.deepEqual(complaints, []);
  await context.close();
});

test("the focus comes back from a form, and stays near where its button has gone", async () => {
  const { page, complaints, context } = await openAs("D1");
  await page.keyboard.press("F6");
  await focused(page, "[data-part='O7001/T01']");
  await page.keyboard.press("F4");
  await page.waitForSelector("dialog[open]");
  await page.keyboard.press("Control+Enter");
  await page.waitForSelector("dialog", { state: "detached", timeout: PATIENCE_MS });
  await focused(page, "[data-part='O7001/T01']");
  // Its team finishes elsewhere: no button any more, but the order is there.
  for (const verb of ["depart", "arrive", "finish"]) lq("order", verb, "O7001", "--as", "L1");
  await page.locator("[data-part='O7001/T01']").waitFor({ state: "detached", timeout: PATIENCE_MS });
  await focused(page, ".orders");
  await isVisible(page);
  await page.keyboard.press("Alt+5");
  await page.locator(".handover caption").first().waitFor({ timeout: PATIENCE_MS });
  await tabTo(page, "T02 点名");
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog[open]");
  await page.keyboard.press("Control+Enter");
  await page.locator(".handover tr", { hasText: /T02.*未签字/s }).waitFor({ timeout: PATIENCE_MS });
  await tabTo(page, "T02 签字");
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog[open]");
  await page.keyboard.press("Control+Enter");
  await page.locator(".handover tr", { hasText: /T02.*已签字/s }).waitFor({ timeout: PATIENCE_MS });
  await focused(page, "main.sheet .pane");
  await page.keyboard.press("Escape");
  await page.waitForSelector("main.sheet", { state: "detached" });
  await focused(page, ".orders");
  assert.deepEqual(complaints, []);
  await context.close();
});

test("what an input method composes is its own: no key of it sends, leaves or is swallowed", async () => {
  const { page, complaints, context } = await openAs("D1");
  const before = (JSON.parse(lq("order", "list", "--as", "D1", "--json")) as unknown[]).length;
  const method = await context.newCDPSession(page);
  const compose = (text: string): Promise<unknown> => method.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
  await page.keyboard.press("/");
  await compose("fa");
  assert.equal(await page.inputValue(LINE), "fa");
  for (const key of ["Enter", "Escape", "Tab", "ArrowDown", "F2", "F1", "/"]) {
    await page.locator(LINE).dispatchEvent("keydown", { key, code: key === "/" ? "Slash" : key, isComposing: true, bubbles: true, cancelable: true });
  }
  assert.equal(await page.inputValue(LINE), "fa", "still being composed");
  assert.equal(await page.locator("dialog, main.sheet").count(), 0);
  await method.send("Input.insertText", { text: "发" });
  await page.keyboard.type(" E0002 ");
  await compose("tu ji");
  await method.send("Input.insertText", { text: "突击" });
  await page.keyboard.type(" T01：");
  await compose("feng lu");
  await page.waitForTimeout(1_500); // the board is drawn again each second, beside what is being composed
  assert.equal(await page.inputValue(LINE), "发 E0002 突击 T01：feng lu");
  await method.send("Input.insertText", { text: "封炉" });
  assert.match(await page.locator(".said").innerText(), /指令 E0002 .*突击检查.*T01 · 封炉/);
  await page.keyboard.press("Enter");
  await page.locator(".command .acts .accepted").waitFor({ timeout: PATIENCE_MS });
  assert.equal((JSON.parse(lq("order", "list", "--as", "D1", "--json")) as unknown[]).length, before + 1);
  await page.keyboard.press("/"); // in the line already: it means the line
  assert.equal(await page.inputValue(LINE), "");
  assert.deepEqual(complaints, []);
  await context.close();
});

test("leaving by keyboard: the key is gone from the browser, and the next person brings his", async () => {
  const { page, complaints, context } = await openAs("D1");
  await page.keyboard.press("Alt+0");
  await page.locator("dialog", { hasText: "王台 D1" }).waitFor({ timeout: PATIENCE_MS });
  await axe(page, "how to leave");
  await page.keyboard.press("Control+Enter");
  await page.waitForSelector("input[type=file]", { timeout: PATIENCE_MS });
  await page.reload();
  await page.waitForSelector("input[type=file]", { timeout: PATIENCE_MS });
  await choose(page, readFileSync(bundlePath("C1"), "utf8"), "C1.bundle");
  await page.locator(".head", { hasText: /李总 C1/ }).waitFor({ timeout: PATIENCE_MS });
  assert.deepEqual(complaints, []);
  await context.close();
});
