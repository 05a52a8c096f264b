// The page of papers as people see it: what is shown, saved and printed is what was issued.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import type { Page } from "playwright-core";
import { axe, choose, holds, type Seen } from "./support/browser";
import { browsers, relay } from "./support/suite";
import { bundlePath, lq, PATIENCE_MS } from "./support/system";

const scratch = `${process.env["LQ_DATA"]}/run`;
const FINDING = "冒烟 <b onclick='alert(1)'>&amp; \"未停\"</b>";
const DUE = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
let number = "";

function issue(finding: string): string {
  const notice = lq("notice", "issue", "--premises", "E0001", "--due", DUE, "--finding", finding, "--as", "L1", "--quiet").trim();
  return lq("paper", "issue", "correction_order", "notice", notice, "--as", "L1", "--quiet", ...SAID).trim();
}

// What the records of this small county do not have.
const SAID = ["地址=甲镇工业区1号", "法定代表人=张三", "证据=现场检查笔录", "违反的规定=大气法第二十条", "改正的内容=停止排放"];

before(async () => {
  number = issue(FINDING);
});

async function openPage(path: string, badge: string, options = {}): Promise<Seen> {
  const seen = await browsers.open(relay.url + path, options);
  await choose(seen.page, readFileSync(bundlePath(badge), "utf8"), `${badge}.bundle`);
  await seen.page.waitForSelector("main.papers tbody tr", { timeout: PATIENCE_MS });
  return seen;
}

function textOfPdf(pdf: string): string {
  return spawnSync("pdftotext", ["-layout", pdf, "-"], { encoding: "utf8" }).stdout;
}

test("a paper is shown, saved and printed as it was issued, and what was typed into it stays text", async () => {
  const { page, complaints, context } = await openPage("papers", "L1");
  const original = `${scratch}/original.html`;
  lq("paper", "print", number, "--to", original, "--as", "L1");
  await page.getByRole("button", { name: number, exact: true }).click();
  await page.locator(".facts .whole").waitFor({ timeout: PATIENCE_MS });
  const shown = (await page.evaluate(`document.querySelector(".sheet").shadowRoot.querySelector("body").innerText`)) as string;
  assert(shown.includes(FINDING), shown);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "保存" }).click()]);
  await download.saveAs(`${scratch}/saved.html`);
  assert.equal(readFileSync(`${scratch}/saved.html`, "base64"), readFileSync(original, "base64"), "what is saved are other bytes");
  assert.equal(download.suggestedFilename(), `${number}.html`);

  const [ours, theirs] = [`${scratch}/ours.pdf`, `${scratch}/theirs.pdf`];
  await page.pdf({ path: ours, preferCSSPageSize: true });
  const plain = await context.newPage();
  await plain.goto(`file://${original}`);
  await plain.pdf({ path: theirs, preferCSSPageSize: true });
  assert.equal(textOfPdf(ours), textOfPdf(theirs), "what is printed is laid out otherwise");
  assert.match(textOfPdf(ours), /— ?1 ?—/, "no page number");
  assert(!page.url().endsWith("/papers"), "the address does not name the paper");
  await axe(page, "papers");
  assert.deepEqual(complaints, []);
});

test("a paper that is issued, served or made void meanwhile is shown so without a hand", async () => {
  const { page, complaints } = await openPage(`papers?service=casefile&number=${encodeURIComponent(number)}`, "D1");
  await page.locator(".facts .unserved").waitFor({ timeout: PATIENCE_MS });
  lq("paper", "serve", number, "--how", "in_person", "--by", "L1", "--by", "M1", "--receipt", "张三签收", "--as", "L1");
  await page.locator(".facts li", { hasText: "张三签收" }).waitFor({ timeout: PATIENCE_MS });
  const second = issue("再次冒烟");
  const row = page.locator("tbody tr", { hasText: second });
  await row.waitFor({ timeout: PATIENCE_MS });
  await page.getByLabel("仅未送达").check();
  assert.equal(await page.locator("tbody tr").count(), 1);
  await row.getByRole("button").click();
  await page.locator(".facts .unserved").waitFor({ timeout: PATIENCE_MS });
  lq("void", "paper", second, "--reason", "重复制作", "--as", "L1");
  await page.locator(".paper .alarm", { hasText: "重复制作" }).waitFor({ timeout: PATIENCE_MS });
  await row.waitFor({ state: "detached", timeout: PATIENCE_MS });
  await page.getByRole("searchbox").fill("无此文号");
  assert.equal(await page.locator("tbody tr").count(), 0);
  assert.deepEqual(complaints, []);
});

// -------------------------------------------------------------- issuing and serving

const fieldNamed = (page: Page, word: string) => page.locator(".fields .field").filter({ has: page.getByText(word, { exact: true }) });

function newNotice(finding: string): string {
  return lq("notice", "issue", "--premises", "E0001", "--due", DUE, "--finding", finding, "--form", "statutory", "--as", "L1", "--quiet").trim();
}

/** The form, with the keyboard alone: F2, what it is about, and there it is. */
async function openForm(page: Page, notice: string): Promise<void> {
  await page.locator(".begin").waitFor({ timeout: PATIENCE_MS });
  await page.keyboard.press("F2");
  await holds(page, `document.activeElement.localName === "select"`);
  for (let i = 0; i < 12 && (await page.evaluate("document.activeElement.value")) !== "notice"; i++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  await page.keyboard.type(notice.toLowerCase());
  await page.keyboard.press("Enter");
  await fieldNamed(page, "当事人").waitFor({ timeout: PATIENCE_MS });
}

test("a paper is issued and served with the keyboard: what is missing is named all at once, nothing typed is lost, a term begins", async () => {
  const notice = newNotice("冒黑烟");
  const { page, complaints } = await openPage("papers", "L1");
  await openForm(page, notice);
  assert.equal(await fieldNamed(page, "违法事实").locator("textarea").inputValue(), "冒黑烟");
  await fieldNamed(page, "地址").locator("textarea").fill("甲镇工业区1号");
  await page.keyboard.press("Control+Enter");
  await page.locator("form .alarm[role=alert]").waitFor({ timeout: PATIENCE_MS });
  const refusal = await page.locator("form .alarm[role=alert]").innerText();
  for (const word of ["证据", "违反的规定", "改正的内容"]) {
    assert(refusal.includes(word), refusal);
    assert.equal(await fieldNamed(page, word).locator("textarea").getAttribute("aria-invalid"), "true");
  }
  assert.equal(await page.locator(".field.missing").count(), 3);
  assert.equal(await page.evaluate("document.activeElement.id"), "field-evidence", "the first of them has the focus");
  assert.equal(await fieldNamed(page, "地址").locator("textarea").inputValue(), "甲镇工业区1号");
  await axe(page, "a form with what is missing");

  await fieldNamed(page, "证据").locator("textarea").fill("照片");
  await fieldNamed(page, "违反的规定").locator("textarea").fill("大气法第二十条");
  await page.keyboard.press("F8");
  await holds(page, `document.querySelector(".sheet").shadowRoot.querySelector("body").innerText.includes("照片")`);
  const draft = (await page.evaluate(`document.querySelector(".sheet").shadowRoot.querySelector("body").innerText`)) as string;
  assert(draft.includes("【缺：改正的内容】") && draft.includes("未编文号"), draft);
  await page.keyboard.press("Escape");
  await openForm(page, notice);
  assert.equal(await fieldNamed(page, "证据").locator("textarea").inputValue(), "照片", "what was typed is lost");
  await fieldNamed(page, "改正的内容").locator("textarea").fill("停止排放");
  await page.keyboard.press("Control+Enter");
  await page.locator(".facts .whole").waitFor({ timeout: PATIENCE_MS });

  const issued = new URL(page.url()).searchParams.get("number") ?? "";
  assert(JSON.parse(lq("paper", "list", "--of", "notice", notice, "--json"))[0].number === issued);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "保存" }).click()]);
  await download.saveAs(`${scratch}/issued.html`);
  lq("paper", "print", issued, "--to", `${scratch}/printed.html`, "--as", "L1");
  assert.equal(readFileSync(`${scratch}/issued.html`, "base64"), readFileSync(`${scratch}/printed.html`, "base64"));

  const terms = () => lq("due", "--json").includes('"DF2"') && lq("due", "--json").includes(notice);
  await page.getByRole("button", { name: "登记送达" }).press("Enter");
  await page.getByLabel("直接送达").waitFor({ timeout: PATIENCE_MS });
  await page.keyboard.press("Space");
  await page.keyboard.press("Control+Enter");
  await page.locator("form.serve .alarm").waitFor({ timeout: PATIENCE_MS });
  assert.match(await page.locator("form.serve .alarm").innerText(), /两名.*《行政强制法》第十八条第二项/);
  assert(await page.getByLabel("直接送达").isChecked(), "what was chosen is lost");
  await axe(page, "serving a paper");
  await page.getByLabel("送达人一").fill("l1");
  await page.getByLabel("送达人二").fill("钱二");
  await page.keyboard.press("Control+Enter");
  const started = page.locator(".started");
  await started.waitFor({ timeout: PATIENCE_MS });
  const told = await started.innerText();
  assert(told.includes("DF2") && told.includes("DF1") && told.includes(`整改通知单 ${notice}`), told);
  assert(terms(), "no term has begun");
  assert.equal(JSON.parse(lq("notice", "show", notice, "--json")).state, "served");
  await page.locator(".facts", { hasText: "钱二 M1" }).waitFor({ timeout: PATIENCE_MS });
  await axe(page, "served");
  assert.deepEqual(complaints, []);
});

test("a paper takes the place of another, a receipt of service is issued about it, and who may not issue is offered nothing", async () => {
  const first = issue("原决定有误");
  const { page, complaints } = await openPage(`papers?service=casefile&number=${encodeURIComponent(first)}`, "L1");
  await page.getByRole("button", { name: "另制一份替代" }).click();
  await fieldNamed(page, "证据").waitFor({ timeout: PATIENCE_MS });
  assert(await page.getByRole("radio", { name: first }).isChecked());
  for (const [word, value] of [["证据", "照片"], ["违反的规定", "大气法"], ["改正的内容", "停止排放"]] as const) await fieldNamed(page, word).locator("textarea").fill(value);
  await page.getByRole("button", { name: "制作并编定文号" }).click();
  await page.locator(".facts", { hasText: `替代 ${first}` }).waitFor({ timeout: PATIENCE_MS });
  const second = new URL(page.url()).searchParams.get("number") ?? "";
  await page.locator("tbody tr.gone", { hasText: first }).waitFor({ timeout: PATIENCE_MS });
  assert.equal(JSON.parse(lq("paper", "show", first, "--json")).superseded_by, second);

  await page.getByRole("button", { name: "制作送达回证" }).click();
  await fieldNamed(page, "受送达人").locator("textarea").fill("甲厂");
  assert.equal(await fieldNamed(page, "送达文书文号").locator("textarea").inputValue(), second);
  await fieldNamed(page, "送达地点").locator("textarea").fill("该厂办公室");
  await page.keyboard.press("Control+Enter");
  await page.locator("h2", { hasText: `${second}送回1` }).waitFor({ timeout: PATIENCE_MS });
  assert.deepEqual(complaints, []);

  const other = await openPage(`papers?service=casefile&number=${encodeURIComponent(second)}`, "C1");
  await other.page.locator(".facts .unserved").waitFor({ timeout: PATIENCE_MS });
  await other.page.waitForTimeout(500);
  assert.equal(await other.page.locator(".paper h2 button", { hasText: /登记送达|替代|回证/ }).count(), 0);
  assert.deepEqual(other.complaints, []);
});

test("a clerk enters a paper that was issued on paper days ago, under the number that it has there; to a lead no number is offered", async () => {
  const day = (ago: number): string => new Date(Date.now() + 8 * 3_600_000 - ago * 86_400_000).toISOString().slice(0, 10);
  const then = `${day(3)}T09:30`;
  const notice = lq("notice", "issue", "--premises", "E0001", "--finding", "夜间冒烟", "--form", "statutory", "--at", then.replace("T", " "), "--as", "K1", "--for", "L1", "--reason", "补录", "--quiet").trim();
  const { page, complaints } = await openPage("papers", "K1");
  await openForm(page, notice);
  for (const [word, value] of [["地址", "甲镇"], ["证据", "照片"], ["违反的规定", "大气法"], ["改正的内容", "停止排放"]] as const) await fieldNamed(page, word).locator("textarea").fill(value);
  await page.getByText("已有纸质文书，补录").click();
  await page.getByLabel("制作时间（不填为现在）").fill(then);
  await page.getByLabel("纸质文书的文号").fill(`献环改[${day(3).slice(0, 4)}]77号`);
  const [year, month, date] = day(3).split("-").map(Number);
  await holds(page, `document.querySelector(".sheet").shadowRoot.querySelector("body").innerText.includes("${year}年${month}月${date}日")`);
  await page.getByLabel("代何人办理").fill("赵一");
  await page.getByLabel("原因").fill("纸质文书");
  await axe(page, "entering a paper later");
  await page.keyboard.press("Control+Enter");
  await page.locator(".facts", { hasText: then.replace("T", " ") }).waitFor({ timeout: PATIENCE_MS });
  const shown = JSON.parse(lq("paper", "show", `献环改〔${year}〕77号`, "--json")) as { issued_by: string; of_number: string };
  assert.deepEqual([shown.issued_by, shown.of_number], ["L1", notice]);
  assert.deepEqual(complaints, []);

  const lead = await openPage("papers", "L1");
  await openForm(lead.page, notice);
  await lead.page.getByText("已有纸质文书，补录").click();
  await lead.page.getByLabel("制作时间（不填为现在）").waitFor();
  assert.equal(await lead.page.getByLabel("纸质文书的文号").count(), 0);
});

test("the file of a foundry leads to the papers of what is recorded there", async () => {
  const notice = newNotice("露天堆放");
  const { page, complaints, context } = await browsers.open(`${relay.url}file/E0001`);
  await choose(page, readFileSync(bundlePath("L1"), "utf8"), "L1.bundle");
  const link = page.getByRole("link", { name: `整改通知单 ${notice}` });
  await link.waitFor({ timeout: PATIENCE_MS });
  const [papers] = await Promise.all([context.waitForEvent("page"), link.click()]);
  await papers.locator(".begin").waitFor({ timeout: PATIENCE_MS });
  assert.equal(await papers.getByRole("searchbox").inputValue(), notice);
  await papers.keyboard.press("F2");
  await fieldNamed(papers, "违法事实").waitFor({ timeout: PATIENCE_MS });
  assert.equal(await fieldNamed(papers, "违法事实").locator("textarea").inputValue(), "露天堆放");
  assert.deepEqual(complaints, []);
});
