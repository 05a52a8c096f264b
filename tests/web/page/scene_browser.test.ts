// What a lead does on the spot: equipment, notices, photographs, and what his card knows of the premises. In Debian's chromium.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { AnswerSchema as EvidenceAnswer, QuerySchema as EvidenceQuery } from "page/gen/evidence_pb";
import { ask } from "page/link/ask";
import { sha256 } from "page/link/bytes";
import type { Link } from "page/link/link";
import { axe, type Phone, type Seen } from "./support/browser";
import { card, issue, openCard, press, relay, sees, task, withPhone } from "./support/card";
import { linkOf, lq, PATIENCE_MS, until } from "./support/system";

/** As the form has it, which begins with today. */
function tomorrow(): string {
  return new Date(Date.now() + 32 * 3_600_000).toISOString().slice(0, 10);
}

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

    // The statutory form need not name a day, and rests on a report.
    await press(page, "整改通知");
    await page.getByLabel("责令改正决定书").check();
    await page.getByLabel("发现的问题").fill("颗粒物超标");
    await page.getByLabel("取得监测报告日").fill(due);
    await axe(page, "the form of a statutory notice");
    await press(page, "下发");
    await until("it is issued, too", () => lq("notice", "list", "--as", "D1").includes("颗粒物超标"));
    assert.match(lq("notice", "list", "--as", "D1", "--json"), new RegExp(`"颗粒物超标"[\\s\\S]*"form":\\s*"statutory"[\\s\\S]*"report_day":\\s*"${due}"`));
    await sees(page, "待发 0 条");
    assert.equal(await page.locator(".failed").count(), 0);
    assert.deepEqual(complaints, []);
    lq("order", "finish", "O0011", "--as", "L1");
  }));

/** A JPEG as far as its bytes say where it begins and ends, of so many bytes; no two are alike. */
function photograph(bytes: number): Uint8Array {
  const content = new Uint8Array(bytes);
  const segment = Math.min(65_000, bytes - 20); // anything may stand in one
  crypto.getRandomValues(content.subarray(0, segment));
  content.set([0xff, 0xd8, 0xff, 0xe0, segment >> 8, segment & 0xff]);
  content.set([0xff, 0xda, 0, 2], segment + 4);
  content.set([0xff, 0xd9], bytes - 2);
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
    await attach(page, "cut.jpg", photograph(40_000).subarray(0, 30_000));
    await sees(page, "cut.jpg 不完整");
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

test("a photograph that waits can be given up, once that is confirmed", () =>
  withPhone(async (phone) => {
    const { page, complaints } = await openOnScene(phone, "O0014");
    await relay.end();
    await attach(page, "image.jpg", photograph(5_000));
    await press(page, "待发 1 条");
    await press(page, "放弃…");
    await sees(page, "也不会留下任何记录");
    await axe(page, "the form that asks whether to give it up");
    await press(page, "返回");
    await sees(page, "待发 1 条");
    await press(page, "放弃…");
    await page.locator("dialog").getByRole("button", { name: "放弃", exact: true }).click();
    await sees(page, "待发 0 条");
    await relay.start();
    await page.locator(".link.up").waitFor({ timeout: PATIENCE_MS });
    assert.equal(await page.locator(".failed").count(), 0);
    assert.deepEqual(complaints, []);
    lq("order", "finish", "O0014", "--as", "L1");
  }));

test("what is sealed without a signal gets its photograph, whatever number it gets", () =>
  withPhone(async (phone) => {
    const { page, complaints } = await openOnScene(phone, "O0015");
    await relay.end();
    await press(page, "查封登记");
    await page.getByLabel("设备", { exact: true }).fill("变压器");
    await page.getByLabel("封条号").fill("F0015");
    await page.locator("select[name=officer]").selectOption({ index: 1 });
    await page.getByLabel("查封情形").fill("可能造成严重污染");
    await press(page, "登记");
    await sees(page, "待发 1 条");
    await press(page, "照片");
    const content = photograph(50_000);
    await page.setInputFiles("dialog input[type=file]", { name: "seal.jpg", mimeType: "image/jpeg", buffer: Buffer.from(content) });
    await page.locator("select[name=of]").selectOption({ label: "O0015 紧急查封 F0015" });
    await axe(page, "the form of a photograph of what is not sent");
    await press(page, "附上");
    await sees(page, "待发 2 条");
    await phone.close();
    const away = await phone.open(card());
    await sees(away.page, "待发 2 条");
    await relay.start();
    await sees(away.page, "待发 0 条");
    const items = JSON.parse(lq("seizure", "list", "--as", "D1", "--json")) as { number: string; seal: string }[];
    const number = items.find(({ seal }) => seal === "F0015")?.number ?? "";
    const path = join(mkdtempSync(join(tmpdir(), "files-")), "read.jpg");
    lq("evidence", "get", "item", number, "--to", path, "--as", "D1");
    assert.equal(readFileSync(path, "base64"), Buffer.from(content).toString("base64"));
    rmSync(dirname(path), { recursive: true, force: true });
    assert.equal(await away.page.locator(".failed").count(), 0);
    assert.deepEqual([...complaints, ...away.complaints], []);
    lq("order", "finish", "O0015", "--as", "L1");
  }));

test("the card has the file of the premises in short, without a signal too; where they are is asked for when it is touched", () =>
  withPhone(async (phone) => {
    const notice = lq("notice", "issue", "--premises", "E0001", "--due", tomorrow(), "--finding", "料场未覆盖", "--as", "L1", "--quiet").trim();
    lq("ledger", "step", "E0001", "suspended", "--as", "L1");
    const { page, context, complaints } = await openOnScene(phone, "O0016");
    const brief = page.locator(".premises");
    await brief.waitFor({ timeout: PATIENCE_MS });
    for (const text of ["企业档案", "停产", notice, "料场未覆盖", tomorrow()]) await sees(page, new RegExp(text));
    await press(page, "查封登记");
    await page.getByLabel("设备", { exact: true }).fill("冲天炉");
    await page.getByLabel("封条号").fill("F0016");
    await page.locator("select[name=officer]").selectOption({ index: 1 });
    await page.getByLabel("查封情形").fill("可能造成严重污染");
    await press(page, "登记");
    await brief.locator("li", { hasText: "F0016" }).waitFor({ timeout: PATIENCE_MS }); // at once, not when it is old

    await press(page, "方位距离");
    await sees(page, "本页未获准读取定位");
    await context.grantPermissions(["geolocation"]);
    await context.setGeolocation({ latitude: 38.21, longitude: 116.4, accuracy: 12 });
    await press(page, "方位距离");
    await sees(page, "南 180° · 1.1 公里 （误差 12 米内）");
    assert.equal(await page.locator(".premises .alarm").count(), 0);
    await axe(page, "the file of the premises");

    await relay.end();
    await phone.close();
    const away = await phone.open(card());
    await away.page.locator(".premises li", { hasText: "F0016" }).waitFor({ timeout: PATIENCE_MS });
    await sees(away.page, /企业档案.*截至/);
    await relay.start();
    await away.page.locator(".link.up").waitFor({ timeout: PATIENCE_MS });
    assert.deepEqual([...complaints, ...away.complaints], []);
    lq("order", "finish", "O0016", "--as", "L1");
  }));
