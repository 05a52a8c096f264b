// The lead's card as he has it in his hand: with a signal and without, in Debian's chromium.
import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { askStatus } from "page/link/ask";
import { ascii } from "page/link/bytes";
import { axe } from "./support/browser";
import { copyOfPage, packedSize, scriptsOf } from "./support/built";
import { card, closeOrder, issue, kept, KEPT, openCard, part, press, relay, sees, task, untilKept, untilTrue, withPhone } from "./support/card";
import { linkOf, lq, PATIENCE_MS, until } from "./support/system";

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
    await press(page, "不能出动");
    await page.locator("dialog").getByRole("button", { name: "不能出动" }).click();
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

test("an iPhone has an icon, which is a picture of 180 by 180", () => {
  const folder = process.env["LQ_PAGE"] ?? "";
  assert.match(readFileSync(join(folder, "lead.html"), "utf8"), /<link rel="apple-touch-icon" href="\/icon-180.png">/);
  const icon = new DataView(ascii(atob(readFileSync(join(folder, "icon-180.png"), "base64"))).buffer);
  assert.deepEqual([icon.getUint32(0), icon.getUint32(16), icon.getUint32(20)], [0x89504e47, 180, 180]);
});

test("a new version of the card takes over at the next opening, not under the reader's hands", () =>
  withPhone(async (phone) => {
    const { page } = await openCard(phone);
    const version = "caches.keys().then((all) => all.join())";
    const before = await page.evaluate(version);
    const folder = copyOfPage();
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
    const script = scriptsOf("lead.html"); // what is there before the card is shown
    assert(script.length > 1);
    const bytes = packedSize(script);
    assert(bytes <= 55 * 1024, `${bytes} bytes of script`);
  }));

test("a thumb that hits twice reports one step: the next button stands where the last one was", () =>
  withPhone(async (phone) => {
    issue("O0017", "T01");
    const { page, complaints } = await openCard(phone);
    const box = await task(page, "O0017").getByRole("button", { name: "签收", exact: true }).boundingBox();
    assert(box !== null);
    for (let hit = 0; hit < 3; hit++) {
      await page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
      await page.waitForTimeout(120);
    }
    await sees(page, "待发 0 条");
    await until("it is acknowledged", () => part("O0017", "T01").step !== "step_unspecified");
    assert.equal(part("O0017", "T01").step, "acknowledged");
    await press(page, "出发"); // and then it is for pressing
    await page.getByRole("button", { name: "到场", exact: true }).waitFor({ timeout: PATIENCE_MS });
    assert.deepEqual(complaints, []);
  }));

test("a revoked key: nothing of what the bus told stays, the acts that were not sent do", () =>
  withPhone(async (phone) => {
    issue("O0009", "T01");
    const { page } = await openCard(phone);
    await untilKept(page, 1);
    await untilTrue(page, `${kept("premises")}.then((all) => all?.length === 1)`);
    await relay.end();
    await press(page, "签收");
    await sees(page, "待发 1 条");
    lq("key", "revoke", "L1");
    await relay.start();
    await sees(page, /L1 的 1 项办理尚未发出/);
    assert.equal(await page.evaluate(KEPT), undefined, "no snapshot");
    assert.equal(await page.evaluate(kept("premises")), undefined, "nor what it knew of premises");
    await page.reload();
    await page.locator(".door").waitFor({ timeout: PATIENCE_MS });
    const left = `new Promise((done) => { const r = indexedDB.open("lianqin-card"); r.onsuccess = () => {
      const q = r.result.transaction("outbox").objectStore("outbox").count(); q.onsuccess = () => done(q.result); }; })`;
    assert.equal(await page.evaluate(left), 1);
  }));
