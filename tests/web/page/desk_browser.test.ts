// The desk's shift with the keyboard alone: command line, search, map, file, handover, roll call. What is typed here is
// typed into a real page beside a real system.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { before, test } from "node:test";
import type { Page } from "playwright-core";
import { axe, choose, holds, type Seen } from "./support/browser";
import { browsers, relay } from "./support/suite";
import { bundlePath, dataPath, lq, PATIENCE_MS } from "./support/system";

/** A road, in the settings that lianqin-web reads when it starts. */
function giveOutline(): void {
  const [settings, road] = [`${dataPath}/config/lianqin.yaml`, `${dataPath}/road.geojson`];
  writeFileSync(road, JSON.stringify({ type: "LineString", coordinates: [[116.3, 38.1], [116.6, 38.4]] }));
  writeFileSync(settings, readFileSync(settings, "utf8").replace('outline: ""', `outline: ${JSON.stringify(road)}`));
}

giveOutline();
before(async () => {
  const foundry = ["--kind", "malleable_iron_foundry", "--owner", "沈五", "--responsible", "李一", "--responsible", "李二", "--measures", "停产", "--deadline", "2030-05-01"];
  for (const [number, name, lat, lon] of [["E0011", "献县垒头通祥玛钢厂", "38.365", "116.540"], ["E0012", "献县垒头通祥二厂", "38.134", "116.352"]] as const) {
    lq("ledger", "register", number, "--name", name, "--township", "垒头乡", "--lat", lat, "--lon", lon, ...foundry);
  }
});

async function openAs(badge: string, query = "", options = {}): Promise<Seen> {
  const seen = await browsers.open(relay.url + query, options);
  await choose(seen.page, readFileSync(bundlePath(badge), "utf8"), `${badge}.bundle`);
  await seen.page.waitForSelector(".orders", { timeout: PATIENCE_MS });
  await seen.page.locator(".duty", { hasText: "赵一" }).waitFor({ timeout: PATIENCE_MS });
  return seen;
}

const LINE = "input[aria-label='命令行']";

async function type(page: Page, line: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.keyboard.type(line);
}

/** Sent, and nothing of it is left in the line. */
async function enter(page: Page, line: string): Promise<void> {
  await type(page, line);
  await page.keyboard.press("Enter");
  await holds(page, "document.querySelector('.typed input').value === ''");
}

function accepted(page: Page, text: string): Promise<void> {
  return page.locator(".command .acts .accepted", { hasText: text }).first().waitFor({ timeout: PATIENCE_MS });
}

/** "dispatch#12", as the page shows them and as lq does. */
function recordsShown(page: Page): Promise<unknown> {
  return page.evaluate("[...document.querySelectorAll('.file td.record')].map((cell) => cell.textContent)");
}

function recordsOf(premises: string, badge: string): string[] {
  const rows = JSON.parse(lq("file", premises, "--as", badge, "--json")) as { stream?: string; service?: string; seq?: number; record?: string }[];
  return rows.map((row) => row.record ?? `${row.stream ?? row.service}#${row.seq}`);
}

interface Frozen {
  terms: unknown[];
  positions: { service: string }[];
}

function listFrozen(): Frozen {
  const told = JSON.parse(lq("handover", "show", "--as", "D1", "--json")) as { handover: { list: Partial<Frozen> } };
  const { terms = [], positions = [] } = told.handover.list;
  return { terms, positions };
}

async function seesNothingBeside(page: Page): Promise<void> {
  assert.equal(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), true, "the page is too wide");
}

test("an order in under ten seconds without a mouse, and every report of its teams", async () => {
  const { page, complaints, context } = await openAs("D1");
  const begun = performance.now();
  await page.keyboard.press("Slash");
  await page.keyboard.type("发 xxlttxe");
  await page.locator(".choices [role=option]", { hasText: "E0012" }).waitFor({ timeout: PATIENCE_MS });
  await page.keyboard.press("Tab");
  await page.keyboard.type("突击 特急 T01 T02：封熔炼炉");
  assert.match(await page.locator(".said").innerText(), /指令 E0012 献县垒头通祥二厂.*突击检查 特急.*T01 T02.*封熔炼炉/);
  await page.keyboard.press("Enter");
  const card = page.locator(".order", { hasText: "O0001" });
  await card.waitFor({ timeout: PATIENCE_MS });
  const took = performance.now() - begun;
  assert(took < 10_000, `${took} ms`);
  assert.match(lq("order", "show", "O0001", "--as", "D1"), /E0012/);
  await enter(page, "签 T01 T02 电话");
  await page.locator("[data-part='O0001/T02'].step1").waitFor({ timeout: PATIENCE_MS });
  await page.locator("[data-part='O0001/T01'].step1").waitFor();
  await enter(page, "d t01 radio: 出动");
  await accepted(page, "出发 · O0001 T01 · 电台 · 出动");
  await enter(page, "到 T01 当面");
  await enter(page, "完 O0001 T01 电话");
  await page.locator("[data-part='O0001/T01']").waitFor({ state: "detached", timeout: PATIENCE_MS });
  assert.match(lq("log", "order", "O0001", "--as", "D1"), /D1.*L1|王台.*赵一/);
  await enter(page, "撤 O0001 T02：改派");
  await card.waitFor({ state: "detached", timeout: PATIENCE_MS });
  assert.deepEqual(complaints, []);
  await context.close();
});

test("what is wrong sends nothing: the place is marked, what would do is taken from the list", async () => {
  const { page, complaints, context } = await openAs("D1");
  const before = JSON.parse(lq("order", "list", "--as", "D1", "--json")) as unknown[];
  await type(page, "发 通祥 特急 T01");
  await page.keyboard.press("Enter");
  await page.locator(".said.alarm", { hasText: "未发送任何内容" }).waitFor();
  assert.equal(await page.locator(".place mark").innerText(), "通祥");
  await axe(page, "a line that is wrong");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.match(await page.inputValue(LINE), /^发 E001[12] 特急 T01$/);
  await page.keyboard.press("Escape");
  assert.equal(await page.inputValue(LINE), "");
  // What an input method is still composing is its own.
  await type(page, "发 E0011 T01");
  await page.locator(LINE).dispatchEvent("keydown", { key: "Enter", code: "Enter", isComposing: true, bubbles: true });
  assert.equal(await page.inputValue(LINE), "发 E0011 T01");
  assert.equal((JSON.parse(lq("order", "list", "--as", "D1", "--json")) as unknown[]).length, before.length);
  // Refused by the rules: their words stand in the pane.
  await page.keyboard.press("Escape");
  await enter(page, "发 E0011 T01");
  await accepted(page, "O0002");
  await enter(page, "发 E0012 T01");
  await page.locator(".command .acts .rejected", { hasText: "TEAM_ENGAGED" }).waitFor({ timeout: PATIENCE_MS });
  // Taken back by an entry of its own.
  await enter(page, "退：下错了");
  await page.locator(".order", { hasText: "O0002" }).waitFor({ state: "detached", timeout: PATIENCE_MS });
  assert.match(lq("log", "order", "O0002", "--as", "D1"), /作废|voided/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("the arrow down lists what a line can begin with, and the arrow up what was sent", async () => {
  const { page, context } = await openAs("D1");
  await type(page, "");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.locator(".choices [role=option]").count(), 11);
  await page.locator(".choices [role=option]", { hasText: "下达指令：场所 种类 等级 组：内容" }).waitFor();
  await page.keyboard.press("Escape");
  await enter(page, "看 T02");
  await page.locator(".said", { hasText: "T02 · 孙三" }).waitFor();
  await page.keyboard.press("ArrowUp");
  assert.equal(await page.inputValue(LINE), "看 T02");
  await context.close();
});

test("F9 prints, and not while an input method composes", async () => {
  const { page, context } = await openAs("D1");
  await page.evaluate("window.printed = 0, window.print = () => void window.printed++");
  await page.keyboard.press("F9");
  assert.equal(await page.evaluate("window.printed"), 1);
  await page.locator(LINE).dispatchEvent("keydown", { key: "F9", code: "F9", isComposing: true, bubbles: true });
  assert.equal(await page.evaluate("window.printed"), 1);
  await context.close();
});

test("F3 finds a foundry by its initials, and its file opens: all records, by time, and as a page of its own", async () => {
  const { page, complaints, context } = await openAs("D1");
  await enter(page, "发 E0011 夜查 紧急 T02：看一看");
  await accepted(page, "O0003");
  await page.keyboard.press("F3");
  assert.equal(await page.inputValue(LINE), "看 ");
  await page.keyboard.type("lttxmg");
  await page.locator(".choices [role=option]", { hasText: "E0011" }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const file = page.locator("main.sheet .file");
  await file.locator("tr", { hasText: /指令已下达.*O0003/ }).waitFor({ timeout: PATIENCE_MS });
  const text = await file.innerText();
  assert.match(text, /献县垒头通祥玛钢厂/);
  assert.match(text, /O0003/);
  assert.match(text, /场所已登记/);
  assert.match(text, /ledger#\d+[\s\S]*dispatch#\d+/, "by time");
  assert.match(text, /沈五/);
  assert.equal(/[a-z]{4,}/.test(text.replace(/(ledger|dispatch|seizure|casefile|tips|monitor)#\d+|clerk/g, "")), false, `English in the Chinese file: ${text}`);
  await axe(page, "a file");
  await seesNothingBeside(page);
  await page.keyboard.press("Escape");
  await page.waitForSelector(".orders");
  await page.goto(`${relay.url}file/E0011`);
  await page.locator(".file tr", { hasText: /指令已下达.*O0003/ }).waitFor({ timeout: PATIENCE_MS });
  await axe(page, "a file as a page of its own");
  assert.deepEqual(await recordsShown(page), recordsOf("E0011", "D1"), "the records are those of lq file");
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a file withholds from a key what is not for it, and says so", async () => {
  lq("tips", "record", "--premises", "E0012", "--channel", "letter", "--content", "夜间冒黑烟");
  lq("case", "open", "--order", "O0001", "--target", "E0012", "--offence", "污染环境", "--as", "G1");
  lq("case", "identify", "C001", "钱某某", "--as", "G1");
  const [desk, inspector] = [await openAs("D1"), await openAs("G1")];
  const opened: string[] = [];
  for (const { page } of [desk, inspector]) {
    await page.goto(`${relay.url}file/E0012`);
    await page.locator(".file tr", { hasText: "C001" }).first().waitFor({ timeout: PATIENCE_MS });
    opened.push(await page.locator(".file").innerText());
  }
  assert.equal(opened[0]?.includes("钱某某"), false, opened[0]);
  assert.match(opened[0] ?? "", /姓名 姓名不公开/);
  assert.match(opened[1] ?? "", /姓名 钱某某/);
  assert.deepEqual(await recordsShown(desk.page), recordsOf("E0012", "D1"));
  await desk.context.close();
  await inspector.context.close();
});

test("the map is reached and read by keyboard, and an open order stands out on it", async () => {
  const { page, complaints, context } = await openAs("D1");
  await page.keyboard.press("Alt+4");
  await page.locator(".picture .open.silent text", { hasText: "O0003" }).waitFor({ timeout: PATIENCE_MS });
  assert.equal(await page.locator(".picture circle.place").count(), 4);
  assert.match(await page.locator(".picture .townships").textContent() ?? "", /垒头乡/);
  assert.match(await page.locator(".picture .scale").textContent() ?? "", /^\d+ (公里|米)$/);
  assert.match((await page.locator(".picture .outline").getAttribute("d")) ?? "", /^M\d+,-\d+L\d+,-\d+$/);
  await axe(page, "the map");
  await page.locator(".picture svg[role=application]").focus();
  await page.keyboard.press("ArrowUp");
  await page.locator("#map-marked", { hasText: "E0011" }).waitFor();
  assert.match(await page.locator("#map-marked").innerText(), /献县垒头通祥玛钢厂.*O0003 T02 未签收/);
  const wide = await page.locator(".picture svg[role=application]").getAttribute("viewBox");
  await page.keyboard.press("+");
  assert.notEqual(await page.locator(".picture svg[role=application]").getAttribute("viewBox"), wide);
  await page.keyboard.press("0");
  assert.match(await page.locator(".places li").first().innerText(), /E0011.*O0003/s, "what is open stands first in the list");
  await page.keyboard.press("Enter");
  await page.locator(".file .name", { hasText: "献县垒头通祥玛钢厂" }).waitFor({ timeout: PATIENCE_MS });
  await page.keyboard.press("Alt+4");
  await page.locator(".map input").fill("lttxec");
  await holds(page, "document.querySelectorAll('.places li a').length === 1");
  await page.keyboard.press("Alt+1");
  await holds(page, "document.activeElement?.classList.contains('orders')");
  await page.keyboard.press("Alt+3");
  await holds(page, "document.activeElement?.classList.contains('terms')");
  assert.deepEqual(complaints, []);
  await context.close();
});

test("the desk is handed over: frozen, compared with now, signed for; who may not is told so", async () => {
  const chief = await openAs("C1");
  await chief.page.keyboard.press("Alt+5");
  await chief.page.getByRole("button", { name: "锁定清单" }).click();
  await chief.page.fill("textarea[name=notes]", "E0011 夜里再看一次");
  await chief.page.keyboard.press("Control+Enter");
  await chief.page.locator(".handover caption", { hasText: "第 1 次清单" }).waitFor({ timeout: PATIENCE_MS });
  await chief.page.locator(".handover", { hasText: "E0011 夜里再看一次" }).waitFor();
  await axe(chief.page, "a frozen list");
  // Something happens: the list is not what is so, and the page says what differs before anybody signs.
  lq("order", "ack", "O0003", "--as", "L2");
  await chief.page.locator(".handover .differs", { hasText: "已有变化" }).first().waitFor({ timeout: PATIENCE_MS });
  const { page, complaints, context } = await openAs("D1");
  await page.keyboard.press("Alt+5");
  await page.getByRole("button", { name: "为第 1 次清单签字" }).click();
  await page.waitForSelector("dialog[open]");
  await page.keyboard.press("Control+Enter");
  await page.locator("dialog .alarm", { hasText: "是否已阅" }).waitFor();
  await page.keyboard.press("Space");
  await page.keyboard.press("Control+Enter");
  await page.locator("dialog .alarm", { hasText: /NOT_DESK_CHIEF|LIST_STALE|SAME_SIGNER/ }).waitFor({ timeout: PATIENCE_MS });
  await page.keyboard.press("Escape");
  await chief.page.getByRole("button", { name: "重新锁定清单" }).click();
  await chief.page.waitForSelector("dialog[open]");
  await chief.page.keyboard.press("Control+Enter");
  await chief.page.locator(".handover caption", { hasText: "第 2 次清单" }).waitFor({ timeout: PATIENCE_MS });
  assert.match(lq("handover", "show", "--as", "D1", "--json"), /"lists": *2/);
  await chief.page.getByRole("button", { name: "为第 2 次清单签字" }).click();
  await chief.page.waitForSelector("dialog[open]");
  await chief.page.keyboard.press("Space");
  await chief.page.keyboard.press("Control+Enter");
  await chief.page.locator("dialog .alarm", { hasText: "SAME_SIGNER" }).waitFor({ timeout: PATIENCE_MS });
  // The page adds to the list what lq adds.
  const frozen = listFrozen();
  lq("handover", "freeze", "--as", "C1", "--notes", "E0011 夜里再看一次");
  const again = listFrozen();
  assert.deepEqual(frozen.terms, again.terms);
  assert.deepEqual(frozen.positions.map(({ service }) => service).sort(), again.positions.map(({ service }) => service).sort());
  lq("shift", "amend", "D1", "--rank", "desk_chief");
  await page.locator(".handover caption", { hasText: "第 3 次清单" }).waitFor({ timeout: PATIENCE_MS });
  await page.getByRole("button", { name: "为第 3 次清单签字" }).click();
  await page.waitForSelector("dialog[open]");
  await page.keyboard.press("Space");
  await page.keyboard.press("Control+Enter");
  await page.locator(".handover", { hasText: "已交接" }).waitFor({ timeout: PATIENCE_MS });
  await page.locator(".head", { hasText: /值班长\s*王台 D1/ }).waitFor({ timeout: PATIENCE_MS });
  assert.match(lq("handover", "list", "--as", "D1"), /D1/);
  assert.deepEqual([...complaints, ...chief.complaints], []);
  await context.close();
  await chief.context.close();
});

test("a roll is called and signed for a lead who has told it by telephone", async () => {
  const { page, complaints, context } = await openAs("D1");
  await page.keyboard.press("Alt+5");
  await page.getByRole("button", { name: "T01 点名" }).click();
  await page.getByLabel("钱二 M1", { exact: true }).selectOption("absent");
  await page.getByLabel("钱二 缺席事由").fill("病假");
  await axe(page, "the form of a roll call");
  await page.keyboard.press("Control+Enter");
  await page.locator(".handover tr", { hasText: /T01.*赵一.*未签字.*到岗 1 人.*缺席 钱二 病假/s }).waitFor({ timeout: PATIENCE_MS });
  await page.getByRole("button", { name: "T01 签字" }).click();
  await page.waitForSelector("dialog[open]");
  await page.keyboard.press("Control+Enter");
  await page.locator(".handover tr", { hasText: /T01.*已签字/s }).waitFor({ timeout: PATIENCE_MS });
  assert.match(lq("roll", "list", "--as", "D1"), /T01.*(已签字|signed)/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("both languages, wide and at 200 %, and on paper: no overflow, nothing for axe to say", async () => {
  for (const lang of ["zh", "en"]) {
    for (const [width, height] of [[1366, 768], [683, 384]] as const) {
      const { page, complaints, context } = await openAs("D1", `?lang=${lang}`, { viewport: { width, height } });
      for (const key of ["Alt+4", "Alt+5"]) {
        await page.keyboard.press(key);
        await page.locator(key === "Alt+4" ? ".picture .open" : ".handover caption").first().waitFor({ timeout: PATIENCE_MS });
        await axe(page, `${lang} ${width} ${key}`);
        await seesNothingBeside(page);
      }
      await page.keyboard.press("Alt+1");
      await page.keyboard.press("Control+k");
      await axe(page, `${lang} ${width} the line`);
      await seesNothingBeside(page);
      await page.emulateMedia({ media: "print" });
      assert.equal(await page.locator(".line").isVisible(), false);
      assert.equal(await page.locator(".order").first().isVisible(), true);
      assert.deepEqual(complaints, []);
      await context.close();
    }
  }
});

test("a key that enters nothing may look, and only that", async () => {
  const { page, context } = await openAs("G1");
  await type(page, "发 E0011 T01");
  await page.locator(".said", { hasText: "本密钥只可查看" }).waitFor();
  await page.keyboard.press("Enter");
  assert.equal(await page.inputValue(LINE), "发 E0011 T01");
  await page.keyboard.press("Escape");
  await enter(page, "看 赵一");
  await page.locator(".said", { hasText: "L1 · 赵一 · T01 · 组长" }).waitFor();
  await context.close();
});
