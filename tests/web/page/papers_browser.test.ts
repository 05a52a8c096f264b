// The page of papers as people see it: what is shown, saved and printed is what was issued.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { axe, choose, type Seen } from "./support/browser";
import { browsers, relay } from "./support/suite";
import { bundlePath, lq, PATIENCE_MS } from "./support/system";

const scratch = `${process.env["LQ_DATA"]}/run`;
const FINDING = "冒烟 <b onclick='alert(1)'>&amp; \"未停\"</b>";
let number = "";

function issue(finding: string): string {
  const due = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  const notice = lq("notice", "issue", "--premises", "E0001", "--due", due, "--finding", finding, "--as", "L1", "--quiet").trim();
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
