// The desk's page as a person sees it, in Debian's chromium, through the real lianqin-web.
import assert from "node:assert/strict";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { axe, choose, holds, type Seen } from "./support/browser";
import { copyOfPage } from "./support/built";
import { browsers, relay } from "./support/suite";
import { bundlePath, lq, PATIENCE_MS } from "./support/system";

const bundle = readFileSync(bundlePath("D1"), "utf8");

async function sees(page: Page, text: string, timeout = PATIENCE_MS): Promise<void> {
  await page.getByText(text).first().waitFor({ timeout });
}

async function openDesk(query = "", options = {}): Promise<Seen> {
  const seen = await browsers.open(relay.url + query, options);
  await choose(seen.page, bundle);
  await seen.page.waitForSelector(".orders", { timeout: PATIENCE_MS });
  return seen;
}

function issue(number: string, team: string, ...rest: string[]): void {
  lq("order", "issue", "--as", "D1", "--kind", "raid", "--target", "E0001", "--number", number, "--team", team, ...rest);
}

test("without a key the page asks for one, and says what is wrong with a file", async () => {
  const { page, complaints, context } = await browsers.open(relay.url);
  await sees(page, "把您的密钥带到本浏览器");
  await axe(page, "the door");
  for (const [text, said] of [
    ["", "文件是空的"],
    [bundle.slice(0, bundle.indexOf("\nsecret")), "缺少以“secret”开头的一行"],
    [bundle.replace(/^secret .*$/m, `secret ${"0".repeat(40)}`), "不相配"],
    [bundle.replace(/^bus .*$/m, "bus 0000"), "“bus”一行的密钥已损坏"],
    ["GIF89a\u0000\u0001", "不是密钥文件"],
  ] as const) {
    await choose(page, text);
    await sees(page, said);
    await sees(page, "未保存任何内容");
  }
  await page.reload();
  await sees(page, "把您的密钥带到本浏览器");
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a key that the bus does not know, and one of another bus, are told apart", async () => {
  const { page, context } = await browsers.open(relay.url);
  // A pair that nobody has listed: RFC 26's.
  const pair = "public Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID\nsecret D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs\n";
  const stranger = bundle.slice(0, bundle.indexOf("public")) + pair;
  await choose(page, stranger);
  await sees(page, "本机未登记");
  const other = bundle.replace(/^bus .*$/m, "bus Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID".replaceAll("$", "$$$$"));
  await choose(page, other);
  await sees(page, "请检查三项");
  await page.getByText("移除此密钥").click();
  await choose(page, bundle);
  await page.waitForSelector(".orders");
  await context.close();
});

test("what happens is on the board without a refresh: a new order, who is silent, who has answered", async () => {
  const { page, complaints, context } = await openDesk();
  await sees(page, "没有未完成的指令");
  await sees(page, "赵一");
  issue("O0001", "T01", "--priority", "urgent", "--instructions", "查封熔炼炉");
  const card = page.locator(".order", { hasText: "O0001" });
  await card.locator(".team.silent", { hasText: "T01" }).waitFor({ timeout: PATIENCE_MS });
  assert.match(await card.innerText(), /紧急[\s\S]*甲厂[\s\S]*甲镇 · 突击检查[\s\S]*查封熔炼炉[\s\S]*T01[\s\S]*未签收[\s\S]*\d:\d\d[\s\S]*赵一 未送达/);
  assert.match(await card.innerText(), /命令签收时限（紧急）[\s\S]*还有 2:[\s\S]*副组长[\s\S]*值班长[\s\S]*指挥长/);
  assert.match(await page.locator(".counts").innerText(), /1\s*未签收/);
  lq("order", "ack", "O0001", "--as", "L1");
  await card.locator(".team.step1", { hasText: "签收" }).waitFor({ timeout: PATIENCE_MS });
  assert.match(await page.locator(".counts").innerText(), /0\s*未签收/);
  await sees(page, "进展已报告");
  lq("order", "cancel", "O0001", "--as", "D1", "--why", "改日");
  await card.waitFor({ state: "detached", timeout: PATIENCE_MS });
  assert.deepEqual(complaints, []);
  await context.close();
});

test("the key outlives a reload, and cannot be read out", async () => {
  const { page, context } = await openDesk();
  await page.reload();
  await page.waitForSelector(".orders");
  const read = `new Promise((done) => { const r = indexedDB.open("lianqin"); r.onsuccess = () => {
    const q = r.result.transaction("keys").objectStore("keys").get("own");
    q.onsuccess = () => crypto.subtle.exportKey("pkcs8", q.result.secret.key).then(() => done("exported"), (e) => done(e.name)); }; })`;
  assert.equal(await page.evaluate(read), "InvalidAccessError");
  await context.close();
});

test("a browser without X25519 keeps the key under a code, and asks for it", async () => {
  const { page, context } = await browsers.open("about:blank");
  await page.addInitScript(`for (const name of ["generateKey", "importKey"]) {
    const made = crypto.subtle[name].bind(crypto.subtle);
    crypto.subtle[name] = (...all) => all.some((one) => one?.name === "X25519") ? Promise.reject(new DOMException("", "NotSupportedError")) : made(...all);
  }`);
  await page.goto(relay.url);
  await choose(page, bundle);
  await sees(page, "六位口令码");
  await page.fill("input[name=code]", "314159");
  await page.fill("input[name=again]", "314158");
  await page.getByRole("button", { name: "保存密钥" }).click();
  await sees(page, "两次输入的口令码不一致");
  await page.fill("input[name=again]", "314159");
  await page.getByRole("button", { name: "保存密钥" }).click();
  await page.waitForSelector(".orders");
  await page.reload();
  await page.fill("input[name=code]", "000000");
  await page.keyboard.press("Enter");
  await sees(page, "口令码不对");
  await axe(page, "the door of a code");
  await page.fill("input[name=code]", "314159");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".orders");
  await context.close();
});

test("a service that hangs is told of, and no more when it goes on", async () => {
  const { page, context } = await openDesk();
  const services = JSON.parse(lq("status", "--json")) as { service: string; pid?: number }[];
  const pid = services.find(({ service }) => service === "dispatch")?.pid ?? 0;
  assert(pid > 0);
  process.kill(pid, "SIGSTOP");
  try {
    await page.getByText(/调度 没有应答|调度服务未运行/).waitFor({ timeout: PATIENCE_MS });
    await page.waitForSelector(".board.stale");
  } finally {
    process.kill(pid, "SIGCONT");
  }
  await page.waitForSelector(".board:not(.stale)", { timeout: PATIENCE_MS });
  await context.close();
});

test("while the relay is away the board says since when, and afterwards has what it missed", async () => {
  const { page, context } = await openDesk();
  await relay.end();
  await page.waitForSelector(".board.stale", { timeout: PATIENCE_MS });
  await sees(page, "断线 ");
  await sees(page, "的情况");
  issue("O0002", "T02");
  await relay.start();
  await page.locator(".order", { hasText: "O0002" }).waitFor({ timeout: PATIENCE_MS });
  await page.waitForSelector(".board:not(.stale)");
  await context.close();
});

/** A copy of the page in which the scripts of these files have other names, as those of a later version have. */
function laterVersion(...files: readonly string[]): string {
  const folder = copyOfPage();
  for (const file of files) {
    const html = readFileSync(join(folder, file), "utf8");
    const [, script = ""] = /<script type="module" src="\/([^"]+)"/.exec(html) ?? [];
    const later = script.replace(/-\w+\.js$/, "-NEXTNEXT.js");
    assert.notEqual(later, script);
    cpSync(join(folder, script), join(folder, later), { recursive: false });
    writeFileSync(join(folder, file), html.replace(script, later));
    for (const gone of [script, `${file}.gz`]) rmSync(join(folder, gone), { recursive: false, force: false });
  }
  return folder;
}

test("a page of an earlier version says so and leaves it to its reader; the wall takes the new one by itself", async () => {
  const { page, context, complaints } = await openDesk();
  const next = 'script[src*="NEXTNEXT"]';
  const wall = await context.newPage();
  await wall.goto(`${relay.url}wall`);
  await wall.waitForSelector(".wall main section", { timeout: PATIENCE_MS });
  await relay.end();
  await page.waitForSelector(".board.stale", { timeout: PATIENCE_MS });
  await relay.start(); // the same page: nothing is said
  await page.waitForSelector(".board:not(.stale)", { timeout: PATIENCE_MS });
  await page.waitForTimeout(2_500);
  assert.equal(await page.getByText("本页有新版本").count(), 0);
  const folder = laterVersion("index.html", "wall.html");
  await relay.end();
  await relay.start(folder);
  await wall.waitForSelector(next, { state: "attached", timeout: PATIENCE_MS });
  await wall.waitForSelector(".wall main section", { timeout: PATIENCE_MS });
  await sees(page, "本页有新版本");
  assert.equal(await page.locator(next).count(), 0);
  await axe(page, "the new version");
  await page.getByRole("button", { name: "打开新版本" }).click();
  await page.waitForSelector(next, { state: "attached", timeout: PATIENCE_MS });
  await page.waitForSelector(".orders", { timeout: PATIENCE_MS });
  assert.equal(await page.getByText("本页有新版本").count(), 0);
  assert.deepEqual(complaints.filter((one) => !one.includes("ERR_CONNECTION_REFUSED")), []);
  await relay.end();
  await relay.start();
  rmSync(folder, { recursive: true, force: true });
  await context.close();
});

test("both languages, both sizes, both colours: no overflow, nothing for axe to say", async () => {
  issue("O0003", "T01", "--priority", "flash");
  lq("order", "decline", "O0002", "--as", "L2", "--why", "车辆故障");
  lq("call", "open", "--premises", "E0002", "--what", "冒黑烟", "--priority", "urgent", "--as", "D1");
  for (const lang of ["zh", "en"]) {
    for (const colorScheme of ["light", "dark"]) {
      for (const [width, height] of [[1366, 768], [360, 740], [683, 384]]) {
        const what = `${lang} ${colorScheme} ${width}×${height}`;
        const { page, complaints, context } = await openDesk(`?lang=${lang}`, { colorScheme, viewport: { width, height } });
        await page.locator(".team.silent").first().waitFor();
        await page.locator(".nobody").waitFor();
        assert.equal(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), true, `${what} is too wide`);
        await axe(page, what);
        const text = await page.locator("#page").innerText();
        if (lang === "zh") assert.equal(/[a-z]{4,}/.test(text.replace(/English/g, "")), false, `English on the Chinese board: ${text}`);
        assert.deepEqual(complaints, []);
        await context.close();
      }
    }
  }
});

test("the desk issues by keyboard, reports for a lead, decides about a call, cancels; the log names both", async () => {
  const { page, complaints, context } = await openDesk();
  for (const number of ["O0002", "O0003"]) lq("order", "cancel", number, "--as", "D1", "--why", "试毕");
  await page.keyboard.press("F2");
  await page.fill("input[name=target]", "yc"); // by its initials
  await page.locator("#target-choices", { hasText: "乙厂" }).waitFor();
  await page.getByLabel("特急").check();
  await page.getByLabel("T01").check();
  await page.fill("textarea", "封熔炼炉");
  await axe(page, "the form of an order");
  await page.keyboard.press("Control+Enter");
  await page.locator(".acts .accepted", { hasText: "已受理 O0004" }).waitFor();
  assert.match(lq("order", "show", "O0004", "--as", "D1"), /E0002/);
  await page.keyboard.press("F6");
  assert.equal(await page.evaluate("document.activeElement.dataset.part"), "O0004/T01");
  await page.keyboard.press("F4");
  await page.getByLabel("电台").check();
  await page.fill("input[name=words]", "收到，十分钟到");
  await page.keyboard.press("Control+Enter");
  await page.locator(".order .team.step1", { hasText: "签收" }).waitFor();
  assert.match(lq("order", "show", "O0004", "--as", "D1", "--json"), /"by": *"L1"|"last_by": *"L1"/);
  assert.match(await page.locator(".happened").innerText(), /签收 收到，十分钟到 王台 代 赵一/);
  await page.getByRole("button", { name: "处理" }).click();
  await page.locator("select[name=order]").selectOption("O0004");
  await page.keyboard.press("Control+Enter");
  await page.locator(".calls").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "撤销指令 O0004" }).click();
  await page.fill("input[name=why]", "改日");
  await page.keyboard.press("Enter");
  await sees(page, "没有未完成的指令");
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a lead's key opens his card: the desk sees it read, and each step that he reports", async () => {
  const desk = await openDesk();
  const phone = await browsers.open(relay.url, { viewport: { width: 360, height: 740 }, hasTouch: true });
  await choose(phone.page, readFileSync(bundlePath("L1"), "utf8"), "L1.bundle");
  await sees(phone.page, "T01 没有未完成的指令");
  issue("O0005", "T01", "--team", "T02", "--priority", "flash", "--instructions", "封熔炼炉");
  await phone.page.locator(".task", { hasText: "甲厂" }).waitFor({ timeout: PATIENCE_MS });
  const part = desk.page.locator("[data-part='O0005/T01']");
  await desk.page.locator("[data-part='O0005/T01']", { hasText: "已阅" }).waitFor({ timeout: PATIENCE_MS });
  await axe(phone.page, "the lead's card");
  assert.equal(await phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), true);
  for (const step of ["签收", "出发", "到场"]) {
    await phone.page.getByRole("button", { name: step, exact: true }).click();
    await part.filter({ hasText: step }).waitFor({ timeout: PATIENCE_MS });
  }
  await phone.page.getByRole("button", { name: "求援" }).click();
  await phone.page.fill("input[name=words]", "有人阻拦");
  await phone.page.keyboard.press("Enter");
  await desk.page.locator(".call", { hasText: "有人阻拦" }).waitFor({ timeout: PATIENCE_MS });
  await phone.page.locator("dialog").waitFor({ state: "detached" });
  await phone.page.getByRole("button", { name: "完成", exact: true }).click();
  await sees(phone.page, "T01 没有未完成的指令");
  assert.deepEqual([...desk.complaints, ...phone.complaints], []);
  lq("order", "withdraw", "O0005", "T02", "--why", "试毕", "--as", "D1");
  await desk.context.close();
  await phone.context.close();
});

test("what the rules refuse is told in Chinese, and what was typed stays", async () => {
  const { page, context } = await openDesk();
  await page.keyboard.press("F2");
  await page.fill("input[name=target]", "E9999");
  await page.keyboard.press("Control+Enter");
  await sees(page, "指令至少需要一个组");
  await page.getByLabel("T02").check();
  await page.keyboard.press("Control+Enter");
  await sees(page, "台账");
  assert.match(await page.locator("dialog .alarm").innerText(), /台账.*E9999.*\(TARGET_UNKNOWN\)/);
  assert.equal(await page.inputValue("input[name=target]"), "E9999");
  await context.close();
});

test("an act that nobody answers is not known to have taken effect; asked again, it takes effect once", async () => {
  const { page, context } = await openDesk();
  await page.keyboard.press("F2");
  await page.fill("input[name=target]", "E0001");
  await page.getByLabel("T02").check();
  await relay.end();
  await page.keyboard.press("Control+Enter");
  await page.locator(".acts .unknown").waitFor({ timeout: PATIENCE_MS });
  await relay.start();
  await page.waitForSelector(".board:not(.stale)", { timeout: PATIENCE_MS });
  await page.getByRole("button", { name: "再问" }).click();
  await page.locator(".acts .accepted").waitFor({ timeout: PATIENCE_MS });
  assert.equal(await page.locator(".order").count(), 1);
  await context.close();
});

test("an age grows though nothing else on its card changes", async () => {
  const { page, context } = await openDesk();
  issue("O0020", "T01", "--priority", "flash");
  const card = page.locator(".order", { hasText: "O0020" });
  const age = card.locator(".team.silent .age");
  await age.waitFor({ timeout: PATIENCE_MS });
  for (let changes = 0; changes < 4; changes++) {
    // A card is rendered anew for other reasons, too, but not so often.
    await holds(page, `document.querySelector("#order-O0020 .team.silent .age").textContent !== ${JSON.stringify(await age.innerText())}`);
  }
  lq("order", "cancel", "O0020", "--as", "D1", "--why", "改日");
  await card.waitFor({ state: "detached", timeout: PATIENCE_MS });
  await context.close();
});

test("of a full board every order is there", async () => {
  const all = Array.from({ length: 47 }, (_, i) => `O01${10 + i}`);
  const over = ["--override", "--reason", "人手不足"];
  for (const number of all) lq("order", "issue", "--as", "C1", "--kind", "raid", "--target", "E0001", "--number", number, "--team", "T01", ...over);
  const { page, complaints, context } = await openDesk();
  await holds(page, `document.querySelectorAll(".order").length >= ${all.length}`);
  const shown = (await page.evaluate(`[...document.querySelectorAll(".order")].map(({ id }) => id.slice(6))`)) as string[];
  assert.deepEqual(all.filter((number) => !shown.includes(number)), []);
  for (const number of all) lq("order", "cancel", number, "--as", "D1", "--why", "改日");
  await page.locator("#order-O0110").waitFor({ state: "detached", timeout: PATIENCE_MS });
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a revoked key is told at once and removed from the browser", async () => {
  const { page, context } = await openDesk();
  lq("key", "revoke", "D1");
  await sees(page, "密钥已注销", 10_000);
  await page.reload();
  await sees(page, "把您的密钥带到本浏览器");
  assert.equal(await page.getByText("密钥已注销").count(), 0);
  await context.close();
});
