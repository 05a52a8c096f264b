// The lead's card as he has it in his hand: with a signal and without, in Debian's chromium.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { AnswerSchema as EvidenceAnswer, QuerySchema as EvidenceQuery } from "page/gen/evidence_pb";
import { ask, askStatus } from "page/link/ask";
import { sha256 } from "page/link/bytes";
import type { Link } from "page/link/link";
import { axe, choose, Phone, Relay, type Seen } from "./support/browser";
import { bundlePath, linkOf, lq, PATIENCE_MS, until } from "./support/system";

let relay: Relay;
before(async () => {
  relay = await Relay.start();
});
after(() => relay.end());

const card = (query = ""): string => `${relay.url}lead${query}`;
const task = (page: Page, number: string) => page.locator(".task", { hasText: number });
const press = (page: Page, name: string): Promise<void> => page.getByRole("button", { name, exact: true }).click();
async function sees(page: Page, text: string | RegExp): Promise<void> {
  const found = page.getByText(text).first();
  await found.waitFor({ timeout: PATIENCE_MS }).catch(async (error: unknown) => {
    throw new Error(`${String(error)}\nThe page says: ${String(await page.evaluate("document.body.innerText"))}`);
  });
}

function issue(number: string, team: string, ...rest: string[]): void {
  lq("order", "issue", "--as", "D1", "--kind", "raid", "--target", "E0001", "--number", number, "--team", team, ...rest);
}

interface Part {
  step: string;
  acknowledged_at_ms?: string;
  departed_at_ms?: string;
}

function part(number: string, team: string): Part {
  const told = JSON.parse(lq("order", "show", number, "--as", "D1", "--json")) as { order: { assignments: (Part & { team: string })[] } };
  const found = told.order.assignments.find((one) => one.team === team);
  assert(found !== undefined, `${team} has no part in ${number}`);
  return found;
}

/** A phone for one test; it is put away however that ends, the relay is there again, and no order is open. */
async function withPhone(act: (phone: Phone) => Promise<void>): Promise<void> {
  const phone = new Phone();
  try {
    await act(phone);
  } finally {
    await phone.end();
    await relay.end();
    await relay.start();
    const open = JSON.parse(lq("order", "list", "--open", "--as", "D1", "--json")) as { number: string }[];
    for (const { number } of open) closeOrder(number);
  }
}

/** A browser that has the key, and the card's files: the worker is there. */
async function openCard(phone: Phone, badge = "L1", query = ""): Promise<Seen> {
  const seen = await phone.open(card(query));
  await choose(seen.page, readFileSync(bundlePath(badge), "utf8"), `${badge}.bundle`);
  await seen.page.locator(".link.up").waitFor({ timeout: PATIENCE_MS });
  await seen.page.locator(".task, .empty").first().waitFor({ timeout: PATIENCE_MS });
  await seen.page.evaluate("navigator.serviceWorker.ready.then(() => undefined)");
  await untilTrue(seen.page, `${CLOCK}.then((clock) => clock !== undefined)`); // without it acts are asked about, and not kept
  return seen;
}

/** An expression: what is kept under a name. */
const kept = (name: string): string => `new Promise((done) => { const r = indexedDB.open("lianqin-card"); r.onsuccess = () => {
  const q = r.result.transaction("kept").objectStore("kept").get("${name}");
  q.onsuccess = () => { r.result.close(); done(q.result); }; }; })`;
const CLOCK = kept("clock");
/** How many orders the snapshot has; undefined: none is kept. */
const KEPT = `${kept("card")}.then((card) => card?.orders.length)`;

/** Waits until an expression is true in the page; it may be a promise. */
async function untilTrue(page: Page, expression: string): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; (await page.evaluate(expression)) !== true; ) {
    assert(Date.now() < end, `not within ${PATIENCE_MS} ms: ${expression}`);
    await page.waitForTimeout(50);
  }
}

function untilKept(page: Page, orders: number): Promise<void> {
  return untilTrue(page, `${KEPT}.then((n) => n === ${orders})`);
}

function closeOrder(number: string): void {
  lq("order", "cancel", number, "--as", "C1", "--why", "试毕"); // a commander, also where people took part
}

test("without a signal the card opens from the worker; two acts are kept through a restart, and go out in order, dated when done", () =>
  withPhone(async (phone) => {
    issue("O0001", "T01", "--team", "T02", "--priority", "flash", "--instructions", "封熔炼炉");
    const first = await openCard(phone);
    await task(first.page, "O0001").waitFor({ timeout: PATIENCE_MS });
    await untilKept(first.page, 1);
    await relay.end();
    await phone.close();

    const away = await phone.open(card());
    await task(away.page, "O0001").waitFor({ timeout: PATIENCE_MS });
    await sees(away.page, "截至");
    assert.equal(await away.page.locator(".lead-page.stale").count(), 1, "it is hatched");
    const doneAt = Date.now();
    await press(away.page, "签收");
    await press(away.page, "出发");
    await away.page.getByRole("button", { name: "到场", exact: true }).waitFor();
    await sees(away.page, "待发 2 条");
    await sees(away.page, "离线");
    assert.equal(await away.page.locator(".kept .mark", { hasText: "待发" }).count(), 2, "pending, not done");
    await axe(away.page, "the card without a signal");
    await phone.close();
    assert.equal(part("O0001", "T01").step, "step_unspecified", "the service knows nothing yet");

    await new Promise((resolve) => setTimeout(resolve, 4_000));
    const again = await phone.open(card());
    await sees(again.page, "待发 2 条");
    await relay.start();
    await sees(again.page, "待发 0 条");
    await again.page.locator(".lead-page:not(.stale)").waitFor({ timeout: PATIENCE_MS });
    const { step, acknowledged_at_ms: acknowledged, departed_at_ms: departed } = part("O0001", "T01");
    assert.equal(step, "departed");
    for (const at of [acknowledged, departed]) assert(Math.abs(Date.parse(at ?? "") - doneAt) < 3_000, `${at} is when it was done, ${new Date(doneAt).toISOString()}`);
    assert.equal(await again.page.locator(".failed").count(), 0);
    await press(again.page, "到场");
    await again.page.getByRole("button", { name: "完成", exact: true }).waitFor();
    await until("the step is there", () => part("O0001", "T01").step === "on_scene");
    assert.deepEqual([...first.complaints, ...away.complaints, ...again.complaints], []);
  }));

test("what the rules reject stays, in words, until it has been read", () =>
  withPhone(async (phone) => {
    issue("O0002", "T01");
    const { page } = await openCard(phone);
    await untilKept(page, 1);
    await relay.end();
    await press(page, "签收");
    await sees(page, "待发 1 条");
    closeOrder("O0002");
    await relay.start();
    const failed = page.locator(".failed li", { hasText: "O0002 签收" });
    await failed.waitFor({ timeout: PATIENCE_MS });
    assert.match(await failed.innerText(), /未受理：.*已于.*撤销.*\(ORDER_CANCELLED\)/s);
    await axe(page, "the card with what was rejected");
    await page.reload();
    await failed.waitFor({ timeout: PATIENCE_MS });
    assert.equal(await failed.getByRole("button", { name: "再次发送" }).count(), 0, "the same again would be rejected again");
    await failed.getByRole("button", { name: "知道了" }).click();
    await failed.waitFor({ state: "detached" });
    await page.reload();
    await page.locator(".empty").waitFor({ timeout: PATIENCE_MS });
    assert.equal(await page.locator(".failed").count(), 0);
  }));

test("two pages of one browser send each act once", () =>
  withPhone(async (phone) => {
    issue("O0003", "T01");
    const one = await openCard(phone);
    const two = await phone.open(card());
    await task(two.page, "O0003").waitFor({ timeout: PATIENCE_MS });
    await untilKept(one.page, 1);
    const link = linkOf("D1");
    const repeated = async (): Promise<number> => Number((await askStatus(link, "dispatch")).counts?.repeated ?? 0n);
    const before = await repeated();
    await relay.end();
    await press(one.page, "签收");
    await sees(two.page, "待发 1 条");
    await press(two.page, "出发");
    await sees(one.page, "待发 2 条");
    await relay.start();
    await sees(one.page, "待发 0 条");
    await sees(two.page, "待发 0 条");
    await until("both steps are there", () => part("O0003", "T01").step === "departed");
    assert.equal(await repeated(), before, "the service heard each once");
    link.close();
    assert.equal(await one.page.locator(".failed").count(), 0);
  }));

test("a phone whose clock is an hour fast dates acts right; one that was never compared asks first", () =>
  withPhone(async (phone) => {
    phone.prepare("const now = Date.now; Date.now = () => now() + 3600_000;");
    issue("O0004", "T01");
    const { page } = await openCard(phone);
    await untilKept(page, 1);
    await relay.end();
    await phone.close();
    const away = await phone.open(card());
    await task(away.page, "O0004").waitFor({ timeout: PATIENCE_MS });
    const doneAt = Date.now();
    await press(away.page, "签收");
    await sees(away.page, "待发 1 条");
    // The offset is lost, as where a page of before it was kept.
    await away.page.evaluate(`new Promise((done) => { const r = indexedDB.open("lianqin-card"); r.onsuccess = () => {
      const t = r.result.transaction("kept", "readwrite"); t.objectStore("kept").delete("clock"); t.oncomplete = () => { r.result.close(); done(); }; }; })`);
    await away.page.reload();
    await sees(away.page, "本机时钟从未与总线核对");
    await press(away.page, "出发");
    await away.page.locator(".task .alarm", { hasText: "本机时钟从未与总线核对" }).waitFor();
    await sees(away.page, "待发 1 条");
    await away.page.getByRole("button", { name: "时间无误" }).click();
    await press(away.page, "出发");
    await sees(away.page, "待发 2 条");
    await relay.start();
    await sees(away.page, "待发 0 条");
    await until("both steps are there", () => part("O0004", "T01").step === "departed");
    const { acknowledged_at_ms: acknowledged, departed_at_ms: departed } = part("O0004", "T01");
    assert(Math.abs(Date.parse(acknowledged ?? "") - doneAt) < 5_000, `${acknowledged} is right`);
    assert(Math.abs(Date.parse(departed ?? "") - doneAt) < 30_000, `${departed} was put right`);
  }));

test("an act is on the disk before the button answers", () =>
  withPhone(async (phone) => {
    phone.prepare(`{ const made = IDBDatabase.prototype.transaction; window.written = [];
      IDBDatabase.prototype.transaction = function (stores, mode, options) {
        const transaction = made.call(this, stores, mode, options);
        if (stores === "outbox" && mode === "readwrite") {
          const one = { durability: transaction.durability, isOver: false, shown: undefined };
          window.written.push(one);
          transaction.addEventListener("complete", () => { one.isOver = true; one.shown = document.querySelectorAll(".kept li").length; });
        }
        return transaction;
      }; }`);
    issue("O0005", "T01");
    const { page } = await openCard(phone);
    await relay.end();
    await press(page, "签收");
    await page.locator(".kept .mark").waitFor();
    assert.deepEqual(await page.evaluate("window.written"), [{ durability: "strict", isOver: true, shown: 0 }]);
    await relay.start();
    await sees(page, "待发 0 条");
  }));

test("who went along, a refusal and a call for help are kept as well; several orders are one touch apart", () =>
  withPhone(async (phone) => {
    issue("O0006", "T01");
    const { page, complaints } = await openCard(phone);
    // The team is on an order: only a commander sends it on another.
    lq("order", "issue", "--as", "C1", "--kind", "check", "--target", "E0002", "--number", "O0007", "--team", "T01", "--override", "--reason", "人手不足");
    await page.locator(".chooser button").nth(1).waitFor({ timeout: PATIENCE_MS });
    await task(page, "O0006").waitFor();
    await relay.end();
    await press(page, "参加人员");
    await page.getByLabel("赵一").check();
    await page.fill("input[name=vehicles]", "冀J12345、冀J23456");
    await axe(page, "the form of the crew");
    await press(page, "登记");
    await press(page, "求援");
    await page.fill("input[name=words]", "有人阻拦");
    await page.keyboard.press("Enter");
    await sees(page, "待发 2 条");
    await page.locator(".chooser button", { hasText: "O0007" }).click();
    await press(page, "谢绝");
    await page.locator("dialog").getByRole("button", { name: "谢绝" }).click();
    await sees(page, "为何");
    await page.fill("input[name=words]", "车辆故障");
    await page.keyboard.press("Enter");
    await sees(page, "待发 3 条");
    assert.equal(await page.locator(".task .next").count(), 0, "after declining no step follows");
    await press(page, "待发 3 条");
    assert.equal(await page.locator("#waiting-acts li").count(), 3);
    await relay.start();
    await sees(page, "待发 0 条");
    await until("all are there", () => /车辆故障/.test(lq("order", "show", "O0007", "--as", "D1")));
    const shown = lq("order", "show", "O0006", "--as", "D1");
    assert.match(shown, /赵一/);
    assert.match(shown, /冀J12345/);
    assert.match(lq("call", "list", "--as", "D1"), /有人阻拦/);
    assert.deepEqual(complaints, []);
  }));

test("an order that the team is added to later comes to its card; one of other teams does not", () =>
  withPhone(async (phone) => {
    issue("O0020", "T02");
    const { page } = await openCard(phone);
    await page.locator(".empty").waitFor({ timeout: PATIENCE_MS });
    lq("order", "add", "O0020", "T01", "--as", "D1");
    await task(page, "O0020").waitFor({ timeout: PATIENCE_MS });
    await sees(page, "T02");
  }));

test("what is sealed without a signal is recorded when there is one, with its seal and both officers", () =>
  withPhone(async (phone) => {
    issue("O0010", "T01");
    for (const step of ["ack", "depart", "arrive"]) lq("order", step, "O0010", "--as", "L1");
    const { page, complaints } = await openCard(phone);
    await task(page, "O0010").waitFor({ timeout: PATIENCE_MS });
    await relay.end();
    await press(page, "查封登记");
    await page.getByLabel("设备", { exact: true }).fill("冲天炉");
    await page.getByLabel("规格").fill("2t");
    await press(page, "登记");
    await sees(page, "封条编号是多少");
    await page.getByLabel("封条号").fill("F0001");
    await press(page, "登记");
    await sees(page, "须两名执法人员");
    await page.locator("select[name=officer]").selectOption({ index: 1 });
    await page.getByLabel("查封情形").fill("可能造成严重污染");
    await axe(page, "the form of a seizure");
    await press(page, "登记");
    await sees(page, "待发 1 条");
    await relay.start();
    await sees(page, "待发 0 条");
    await until("it is recorded", () => /F0001/.test(lq("seizure", "list", "--as", "D1", "--json")));
    assert.match(lq("seizure", "list", "--as", "D1", "--json"), /"kind":\s*"cupola"[\s\S]*"seal":\s*"F0001"[\s\S]*"emergency":\s*true/);
    assert.equal(await page.locator(".failed").count(), 0);
    assert.deepEqual(complaints, []);
    lq("order", "finish", "O0010", "--as", "L1"); // something was done on it: it is not cancelled any more
  }));

/** An order on which the team is on scene, and its card. */
async function openOnScene(phone: Phone, number: string): Promise<Seen> {
  issue(number, "T01");
  for (const step of ["ack", "depart", "arrive"]) lq("order", step, number, "--as", "L1");
  const seen = await openCard(phone);
  await task(seen.page, number).waitFor({ timeout: PATIENCE_MS });
  await seen.page.getByRole("button", { name: "整改通知", exact: true }).waitFor({ timeout: PATIENCE_MS });
  return seen;
}

test("a correction notice to the premises of the order is kept, and issued when there is a signal; what is refused stays in words", () =>
  withPhone(async (phone) => {
    const { page, complaints } = await openOnScene(phone, "O0011");
    await relay.end();
    await press(page, "整改通知");
    await press(page, "下发");
    await sees(page, "发现了什么");
    await page.getByLabel("发现的问题").fill("除尘设施未运行");
    await press(page, "下发");
    await sees(page, "须于哪一天前");
    await page.getByLabel("整改期限").fill("2099-01-01");
    await axe(page, "the form of a notice");
    await press(page, "下发");
    await sees(page, "待发 1 条");
    await relay.start();
    const failed = page.locator(".failed li", { hasText: "O0011 整改通知" });
    await failed.waitFor({ timeout: PATIENCE_MS });
    assert.match(await failed.innerText(), /未受理：.*2099-01-01.*\(QUANTITY_IMPLAUSIBLE\)/s);
    await failed.getByRole("button", { name: "知道了" }).click();
    assert.deepEqual(JSON.parse(lq("notice", "list", "--as", "D1", "--json")), [], "nothing was issued");

    await press(page, "整改通知");
    const due = await page.getByLabel("整改期限").getAttribute("min");
    assert(due !== null);
    await page.getByLabel("整改期限").fill(due);
    await page.getByLabel("发现的问题").fill("除尘设施未运行");
    await page.getByLabel("通知单编号").fill("N0011");
    await press(page, "下发");
    await until("it is issued", () => lq("notice", "list", "--as", "D1").includes("N0011"));
    assert.match(lq("notice", "list", "--as", "D1", "--json"), /"premises":\s*"E0001"[\s\S]*"除尘设施未运行"/);
    await sees(page, "待发 0 条");
    assert.equal(await page.locator(".failed").count(), 0);
    assert.deepEqual(complaints, []);
    lq("order", "finish", "O0011", "--as", "L1");
  }));

/** A JPEG as far as its first bytes say, of so many bytes; no two are alike. */
function photograph(bytes: number): Uint8Array {
  const content = new Uint8Array(bytes);
  crypto.getRandomValues(content.subarray(0, 65_536));
  content.set([0xff, 0xd8, 0xff, 0xe0]);
  return content;
}

/** How much of it evidence has: -1: all of it. */
async function broughtOf(link: Link, sha256: string): Promise<number> {
  const { answer } = await ask(link, "evidence", EvidenceQuery, { body: { case: "upload", value: { sha256 } } }, EvidenceAnswer);
  assert(answer.body.case === "upload");
  return answer.body.value.file !== undefined ? -1 : answer.body.value.received;
}

async function attach(page: Page, name: string, content: Uint8Array, item = ""): Promise<void> {
  await press(page, "照片");
  await page.setInputFiles("dialog input[type=file]", { name, mimeType: "image/jpeg", buffer: Buffer.from(content) });
  await page.getByLabel("设备编号").fill(item);
  await press(page, "附上");
}

test("a photograph is kept through a cut and a restart, goes on where it was, and is not done before evidence has all of it", () =>
  withPhone(async (phone) => {
    const { page, complaints } = await openOnScene(phone, "O0012");
    const [content, link] = [photograph(6 * 1024 * 1024), linkOf("D1")];
    const sum = await sha256(content);
    await press(page, "待发 0 条");
    await attach(page, "image.jpg", content);
    await page.locator("#waiting-acts", { hasText: /已送达 [1-9]\d* \/ 6144 KiB/ }).waitFor({ timeout: PATIENCE_MS });
    await relay.end();
    const brought = await broughtOf(link, sum);
    assert(brought > 0 && brought < content.length, `it was cut at ${brought}`);
    await sees(page, "待发 1 条");
    assert.equal(await page.locator(".kept .mark", { hasText: "待发" }).count(), 1, "pending, not done");
    await phone.close();

    const away = await phone.open(card());
    await sees(away.page, "待发 1 条");
    await sees(away.page, "O0012 照片");
    assert.equal(await broughtOf(link, sum), brought);
    await relay.start();
    await sees(away.page, "待发 0 条");
    assert.equal(await broughtOf(link, sum), -1);
    const path = join(mkdtempSync(join(tmpdir(), "files-")), "read.jpg");
    lq("evidence", "get", "order", "O0012", "--to", path, "--as", "D1");
    assert.equal(readFileSync(path, "base64") === Buffer.from(content).toString("base64"), true, "it is the order's, as it was taken");
    rmSync(dirname(path), { recursive: true, force: true });
    assert.equal(await away.page.locator(".failed").count(), 0);
    link.close();
    assert.deepEqual([...complaints, ...away.complaints], []);
    lq("order", "finish", "O0012", "--as", "L1");
  }));

test("what is no photograph, or too large, is said so at once; one of a thing that nobody knows stays in words", () =>
  withPhone(async (phone) => {
    const { page, complaints } = await openOnScene(phone, "O0013");
    await press(page, "照片");
    await axe(page, "the form of a photograph");
    await press(page, "附上");
    await sees(page, "请拍照或选一张照片");
    await press(page, "返回");
    await attach(page, "notes.txt", new TextEncoder().encode("不是照片"));
    await sees(page, "notes.txt 不是照片");
    await press(page, "返回");
    await attach(page, "large.jpg", photograph(20 * 1024 * 1024 + 1));
    await sees(page, "large.jpg 有 21 MiB");
    await press(page, "返回");
    await sees(page, "待发 0 条");
    await attach(page, "image.jpg", photograph(5_000), "I9999");
    const failed = page.locator(".failed li", { hasText: "O0013 照片 I9999" });
    await failed.waitFor({ timeout: PATIENCE_MS });
    assert.match(await failed.innerText(), /I9999.*\(THING_UNKNOWN\)/s);
    await failed.getByRole("button", { name: "知道了" }).click();
    await failed.waitFor({ state: "detached" });
    assert.deepEqual(complaints, []);
    lq("order", "finish", "O0013", "--as", "L1");
  }));

test("a new version of the card takes over at the next opening, not under the reader's hands", () =>
  withPhone(async (phone) => {
    const { page } = await openCard(phone);
    const version = "caches.keys().then((all) => all.join())";
    const before = await page.evaluate(version);
    const folder = mkdtempSync(join(tmpdir(), "page-"));
    cpSync(process.env["LQ_PAGE"] ?? "", folder, { recursive: true });
    const worker = join(folder, "sw.js");
    const changed = readFileSync(worker, "utf8").replace(/lianqin-card [0-9a-f]+/, "lianqin-card next");
    assert(changed.includes("lianqin-card next"));
    writeFileSync(worker, changed);
    rmSync(`${worker}.gz`, { recursive: true, force: true });
    await relay.end();
    await relay.start(folder);
    await page.reload();
    await untilTrue(page, `navigator.serviceWorker.getRegistration("/lead").then((r) => r.waiting !== null)`);
    assert.equal(await page.evaluate("navigator.serviceWorker.controller !== null"), true);
    await phone.close();
    const next = await phone.open(card());
    await untilTrue(next.page, `${version}.then((all) => all === "lianqin-card next")`);
    assert.notEqual(before, "lianqin-card next");
    await relay.end();
    await relay.start();
    rmSync(folder, { recursive: true, force: true });
  }));

test("it can be installed; both languages and colours fit a small screen and have nothing for axe to say; 55 KB of script", () =>
  withPhone(async (phone) => {
    issue("O0008", "T01", "--team", "T02", "--priority", "urgent", "--instructions", "封熔炼炉");
    const { page, context, complaints } = await openCard(phone);
    await task(page, "O0008").waitFor({ timeout: PATIENCE_MS });
    const session = await context.newCDPSession(page);
    assert.deepEqual(await session.send("Page.getInstallabilityErrors"), { installabilityErrors: [] });
    for (const lang of ["zh", "en"]) {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await page.goto(card(`?lang=${lang}`));
        await task(page, "O0008").waitFor({ timeout: PATIENCE_MS });
        await page.locator(".link.up").waitFor({ timeout: PATIENCE_MS });
        assert.equal(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), true, `${lang} ${colorScheme} is too wide`);
        const button = await page.locator(".task .next").boundingBox();
        assert(button !== null && button.y + button.height <= 740, "the large button is on the first screen");
        await axe(page, `${lang} ${colorScheme}`);
        const text = await page.locator("#page").innerText();
        if (lang === "zh") assert.equal(/[a-z]{4,}/.test(text.replace("English", "")), false, `English on the Chinese card: ${text}`);
      }
    }
    assert.deepEqual(complaints, []);
    const folder = process.env["LQ_PAGE"] ?? "";
    // What is there before the card is shown: lead.js, and what that imports at once.
    const entry = readFileSync(join(folder, "lead.js"), "utf8");
    const script = ["lead.js", ...[...entry.matchAll(/from"\.\/(lead-\w+\.js)"/g)].map(([, name]) => name ?? "")];
    assert(script.length > 1);
    const bytes = script.reduce((sum, name) => sum + statSync(join(folder, `${name}.gz`)).size, 0);
    assert(bytes <= 55 * 1024, `${bytes} bytes of script`);
  }));

test("a revoked key: nothing of what the bus told stays, the acts that were not sent do", () =>
  withPhone(async (phone) => {
    issue("O0009", "T01");
    const { page } = await openCard(phone);
    await untilKept(page, 1);
    await relay.end();
    await press(page, "签收");
    await sees(page, "待发 1 条");
    lq("key", "revoke", "L1");
    await relay.start();
    await sees(page, /L1 的 1 项办理尚未发出/);
    assert.equal(await page.evaluate(KEPT), undefined, "no snapshot");
    await page.reload();
    await page.locator(".door").waitFor({ timeout: PATIENCE_MS });
    const left = `new Promise((done) => { const r = indexedDB.open("lianqin-card"); r.onsuccess = () => {
      const q = r.result.transaction("outbox").objectStore("outbox").count(); q.onsuccess = () => done(q.result); }; })`;
    assert.equal(await page.evaluate(left), 1);
  }));
