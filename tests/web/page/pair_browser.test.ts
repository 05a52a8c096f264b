// 设备登记 as the two people see it: lq key pair on the bus's machine, and a phone (Debian's chromium).
import assert from "node:assert/strict";
import { type Child, spawn } from "node:child_process";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { axe, choose, type Seen } from "./support/browser";
import { browsers, relay } from "./support/suite";
import { bundlePath, lq, PATIENCE_MS, until } from "./support/system";
import { readFileSync } from "node:fs";


const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true };

/** lq key pair in a process of its own. */
class Pairing {
  said = "";
  over = false;
  private readonly child: Child;

  constructor(badge: string, device: string) {
    const parameters = ["--data", process.env["LQ_DATA"] ?? "", "key", "pair", badge, "--device", device, "--url", relay.url];
    this.child = spawn(process.env["LQ"] ?? "", parameters, { stdio: ["pipe", "pipe", "inherit"] });
    this.child.stdout.on("data", (bytes) => (this.said += String(bytes)));
    this.child.on("exit", () => (this.over = true));
  }

  async link(): Promise<string> {
    await until("a link is shown", () => /pair#[\w-]{91}\n/.test(this.said));
    return /http\S+pair#[\w-]{91}/.exec(this.said)?.[0] ?? "";
  }

  async number(): Promise<string> {
    await until("a number is shown", () => /shows: {2}[\d ]{14}/.test(this.said));
    return /shows: {2}([\d ]{14})/.exec(this.said)?.[1] ?? "";
  }

  async end(act: () => void): Promise<void> {
    act();
    await until("lq key pair has ended", () => this.over);
  }

  confirm = (): Promise<void> => this.end(() => this.child.stdin.write("y\n"));
  refuse = (): Promise<void> => this.end(() => this.child.stdin.write("n\n"));
  breakOff = (signal = "SIGINT"): Promise<void> => this.end(() => this.child.kill(signal));
}

async function sees(page: Page, text: string | RegExp): Promise<void> {
  await page.getByText(text).first().waitFor({ timeout: PATIENCE_MS });
}

async function typeCodes(page: Page, code = "271828", again = code): Promise<void> {
  await page.fill("input[name=code]", code);
  await page.fill("input[name=again]", again);
  await page.getByRole("button", { name: "生成密钥" }).click();
}

async function typeCode(page: Page, code = "271828"): Promise<void> {
  await page.fill("input[name=code]", code);
  await page.getByRole("button", { name: "解锁" }).click();
}

const kept = (page: Page): Promise<unknown> =>
  page.evaluate(`new Promise((done) => { const r = indexedDB.open("lianqin", 1);
    r.onupgradeneeded = () => r.result.createObjectStore("keys");
    r.onsuccess = () => { const q = r.result.transaction("keys").objectStore("keys").getAllKeys(); q.onsuccess = () => { r.result.close(); done(q.result.join()); }; }; })`);

async function shownNumber(page: Page): Promise<string> {
  return page.locator(".pair-number").innerText({ timeout: PATIENCE_MS });
}

/** Registers a phone of this badge; it ends on the page of its key. */
async function registered(badge: string, device: string): Promise<Seen> {
  const pairing = new Pairing(badge, device);
  const seen = await browsers.open(await pairing.link(), PHONE);
  await typeCodes(seen.page);
  assert.equal(await shownNumber(seen.page), await pairing.number());
  await pairing.confirm();
  await sees(seen.page, `本机已登记，警号 ${badge}`);
  return seen;
}

test("a damaged link is told, whatever is wrong with it, and nothing is kept", async () => {
  const pairing = new Pairing("L1", "坏链接");
  const link = await pairing.link();
  const last = link.at(-1) === "A" ? "B" : "A";
  for (const [url, said] of [
    [link.slice(0, link.indexOf("#")), "须用 lq key pair 显示的链接打开"],
    [link.slice(0, -1), "链接已损坏：“#”后有 90 个字符，应为 91 个"],
    [`${link}A`, "“#”后有 92 个字符"],
    [`${link.slice(0, -3)}%3C`, "链接已损坏"],
    [link.replace(/#./, (two) => (two === "#A" ? "#B" : "#A")), "有字符被改动"],
    [link.slice(0, -4) + last + link.slice(-3), "有字符被改动"],
  ] as const) {
    const { page, context } = await browsers.open(url, PHONE);
    await sees(page, said);
    await sees(page, "未保存任何内容");
    assert.equal(await page.locator("form").count(), 0);
    assert.equal(await kept(page), "");
    await context.close();
  }
  await pairing.breakOff();
});

test("a phone is registered: both show one number, the admin confirms, its key opens the card and cannot be read out", async () => {
  const pairing = new Pairing("L1", "华为 Mate");
  const { page, complaints, context } = await browsers.open(await pairing.link(), PHONE);
  await sees(page, "密钥不离开本机");
  await axe(page, "registering");
  await typeCodes(page, "27182");
  await sees(page, "六位");
  await typeCodes(page, "271828", "271829");
  await sees(page, "两次输入的口令码不一致");
  await typeCodes(page);
  assert.equal(await shownNumber(page), await pairing.number());
  await sees(page, "L1 赵一，华为 Mate");
  await sees(page, /还剩 (9|10):\d\d/);
  await axe(page, "the number");
  assert.equal(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), true);
  assert.equal(await kept(page), "pending");
  await pairing.confirm();
  await sees(page, "本机已登记，警号 L1");
  await sees(page, "T01 没有未完成的指令"); // the card, by itself
  assert.equal(page.url(), `${relay.url}lead`);
  assert.equal(await kept(page), "own");
  const read = `new Promise((done) => { const r = indexedDB.open("lianqin"); r.onsuccess = () => {
    const q = r.result.transaction("keys").objectStore("keys").get("own");
    q.onsuccess = () => crypto.subtle.exportKey("pkcs8", q.result.secret.key).then(() => done("exported"), (e) => done(e.name)); }; })`;
  assert.equal(await page.evaluate(read), "InvalidAccessError");
  assert.match(lq("key", "list"), /L1 .*华为 Mate/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a page that is closed and opened again goes on with the same key, by its code", async () => {
  const pairing = new Pairing("L2", "荣耀");
  const link = await pairing.link();
  const { page, context } = await browsers.open(link, PHONE);
  await typeCodes(page);
  const number = await pairing.number();
  await page.goto("about:blank");
  await page.goto(link);
  await sees(page, "继续登记");
  await typeCode(page, "000000");
  await sees(page, "口令码不对");
  await typeCode(page);
  assert.equal(await shownNumber(page), number);
  assert.equal(pairing.said.includes("Another device"), false);
  await pairing.confirm();
  await sees(page, "T02 没有未完成的指令");
  await context.close();
});

test("not confirmed, broken off, killed, used before, and used by somebody else: told, and nothing is kept", async () => {
  for (const how of ["refuse", "breakOff"] as const) {
    const pairing = new Pairing("L1", "平板");
    const { page, context } = await browsers.open(await pairing.link(), PHONE);
    await typeCodes(page);
    await pairing.number();
    await pairing[how]();
    await sees(page, "管理员没有确认");
    assert.equal(await kept(page), "");
    await context.close();
  }
  const pairing = new Pairing("L1", "平板");
  const link = await pairing.link();
  const first = await browsers.open(link, PHONE);
  await typeCodes(first.page);
  await pairing.number();
  const second = await browsers.open(link, PHONE);
  await typeCodes(second.page);
  await sees(second.page, "已被另一台设备使用");
  assert.equal(await kept(second.page), "");
  await until("the admin is warned", () => pairing.said.includes("Another device has asked"));
  await pairing.breakOff("SIGKILL"); // nobody removes the one-time key
  await sees(first.page, "没有人应答此链接");
  const next = new Pairing("L1", "电脑"); // but the next registration does
  await next.link();
  await sees(first.page, "管理员没有确认");
  await next.breakOff();
  const late = await browsers.open(link, PHONE);
  await typeCodes(late.page);
  await sees(late.page, "链接已用过");
  assert.equal(await kept(late.page), "");
  for (const { context } of [first, second, late]) await context.close();
});

test("a browser without X25519 makes its key under the code; one that has a key is told that it is replaced", async () => {
  const pairing = new Pairing("L1", "旧手机");
  const { page, context } = await browsers.open("about:blank", PHONE);
  await page.addInitScript(`for (const name of ["generateKey", "importKey"]) {
    const made = crypto.subtle[name].bind(crypto.subtle);
    crypto.subtle[name] = (...all) => all.some((one) => one?.name === "X25519") ? Promise.reject(new DOMException("", "NotSupportedError")) : made(...all);
  }`);
  await page.goto(await pairing.link());
  await typeCodes(page);
  assert.equal(await shownNumber(page), await pairing.number());
  await pairing.confirm();
  await sees(page, "本机已登记，警号 L1");
  await page.waitForURL(`${relay.url}lead`);
  await typeCode(page); // it is not in memory any more
  await sees(page, "T01 没有未完成的指令");
  await page.goto(relay.url); // a lead who begins at the desk's page is led to his card, which asks
  await page.waitForURL(`${relay.url}lead`);
  await typeCode(page);
  await sees(page, "T01 没有未完成的指令");
  const other = new Pairing("L2", "旧手机");
  await page.goto(await other.link());
  await sees(page, "本浏览器已有 L1 的密钥");
  await other.breakOff();
  await context.close();
});

test("after ten idle minutes a lead's page locks: nothing is shown nor received until the code is typed", async () => {
  const { page, complaints, context } = await browsers.open("about:blank", PHONE);
  await page.clock.install();
  const pairing = new Pairing("L1", "会锁的");
  await page.goto(await pairing.link());
  await typeCodes(page);
  await pairing.number();
  await pairing.confirm();
  await sees(page, "T01 没有未完成的指令");
  await page.reload(); // not left alone: it opens by itself
  await sees(page, "T01 没有未完成的指令");
  await page.clock.fastForward("09:00");
  await page.mouse.click(200, 600);
  await page.clock.fastForward("09:00");
  assert.equal(await page.getByText("已锁定").count(), 0);
  lq("order", "issue", "--as", "D1", "--kind", "raid", "--target", "E0001", "--number", "O8001", "--team", "T01");
  await sees(page, "O8001");
  await relay.end();
  await page.getByRole("button", { name: "签收", exact: true }).click();
  await sees(page, "待发 1 条");
  await page.clock.fastForward("10:30");
  await sees(page, "已锁定");
  await sees(page, "本机尚有 1 项办理未发出");
  await relay.start();
  assert.equal(await page.getByText("T01").count(), 0);
  await axe(page, "locked");
  await page.mouse.click(200, 600);
  await page.reload(); // nor does a reload open it
  await typeCode(page, "000000");
  await sees(page, "口令码不对");
  await typeCode(page);
  await sees(page, "待发 0 条");
  await until("it went out, once", () => /签收|ack/.test(lq("order", "list", "--as", "D1")));
  lq("order", "cancel", "O8001", "--why", "演练", "--as", "D1");
  await sees(page, "T01 没有未完成的指令");
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a dispatcher's page stays open while he is on duty, and locks when his shift is over", async () => {
  const { page, context } = await browsers.open("about:blank");
  await page.clock.install();
  const pairing = new Pairing("D1", "调度台电脑");
  await page.goto(await pairing.link());
  await typeCodes(page);
  await pairing.number();
  await pairing.confirm();
  await page.waitForSelector(".orders", { timeout: PATIENCE_MS });
  await page.locator(".orders").click();
  await page.clock.fastForward("00:02");
  const waits = async (): Promise<void> => {
    for (let i = 0; i < 4; i++) await page.clock.fastForward("05:00");
    await page.waitForSelector(".orders");
  };
  await waits();
  // Nor does a cut lock it, as long as the shift lasts that was told of.
  await relay.end();
  await waits();
  await page.clock.fastForward("13:00:00");
  await sees(page, "已锁定");
  await relay.start();
  await typeCode(page);
  await page.waitForSelector(".orders", { timeout: PATIENCE_MS });
  await page.locator(".orders").click();
  await page.clock.fastForward("00:02");
  // He is let go before the shift ends: for the page that is the same.
  const at = (ms: number): string => new Date(Date.now() + ms).toISOString().replace(/\.\d+Z$/, "Z");
  const asked = lq("absence", "ask", "--as", "D1", "--from", at(-60_000), "--to", at(3600_000), "--why", "下班", "--quiet");
  lq("absence", "approve", asked.trim(), "--as", "C1");
  await page.clock.fastForward("00:05");
  await sees(page, "已锁定");
  await context.close();
});

test("a lost phone: its key alone is revoked, the page says so and has forgotten it", async () => {
  const lost = await registered("L2", "丢的");
  await sees(lost.page, "T02 没有未完成的指令");
  const other = await browsers.open(relay.url, PHONE);
  await choose(other.page, readFileSync(bundlePath("L2"), "utf8"), "L2.bundle");
  await sees(other.page, "T02 没有未完成的指令");
  lq("key", "revoke", "L2", "--device", "丢的");
  await sees(lost.page, "密钥已注销");
  assert.equal(await kept(lost.page), "");
  await sees(other.page, "T02 没有未完成的指令");
  assert.equal(await other.page.getByText("密钥已注销").count(), 0);
  await lost.context.close();
  await other.context.close();
  // One that was off meanwhile is told as soon as it is opened.
  const off = await registered("L2", "关机的");
  await sees(off.page, "T02 没有未完成的指令");
  await off.page.goto("about:blank");
  lq("key", "revoke", "L2", "--device", "关机的");
  await off.page.goto(relay.url);
  await sees(off.page, "已被注销或从名单删除");
  assert.equal(await off.page.getByText("T02").count(), 0);
  await off.context.close();
});
