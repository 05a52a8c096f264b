// The liaison's page and the wall as people see them: each number is that of lq, and so are the records behind it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import type { Page } from "playwright-core";
import { axe, choose, Relay, type Seen } from "./support/browser";
import { browsers, relay } from "./support/suite";
import { bundlePath, dataPath, lq, PATIENCE_MS } from "./support/system";

before(async () => {
  record();
});

function issue(number: string, team: string, ...rest: string[]): void {
  lq("order", "issue", "--as", "D1", "--kind", "raid", "--target", "E0001", "--number", number, "--team", team, ...rest);
}

// Something of every sort: of both teams, of yesterday, with kinds, with a suspect.
function record(): void {
  const day = (ahead: number): string => new Date(Date.now() + 8 * 3_600_000 + ahead * 86_400_000).toISOString().slice(0, 10);
  const onPaper = ["--for", "D1", "--reason", "纸质记录"];
  lq("order", "issue", "--kind", "patrol", "--target", "E0002", "--number", "O0000", "--team", "T02", "--at", `${day(-1)} 10:00`, ...onPaper);
  lq("order", "cancel", "O0000", "--as", "D1", "--why", "改日");
  issue("O0001", "T01", "--vehicles", "2");
  for (const verb of ["ack", "depart", "arrive"]) lq("order", verb, "O0001", "--as", "L1");
  for (const badge of ["L1", "M1"]) lq("order", "join", "O0001", "T01", badge, "--as", "D1");
  const item = ["seizure", "record", "--order", "O0001", "--target", "E0001", "--action", "dismantled", "--officer", "L1", "--officer", "M1", "--as", "L1"];
  lq(...item, "--kind", "cupola");
  lq(...item, "--kind", "coal_boiler");
  lq("notice", "issue", "--premises", "E0001", "--due", day(30), "--finding", "冒烟", "--as", "L1");
  lq("case", "open", "C001", "--order", "O0001", "--target", "E0001", "--offence", "污染环境", "--as", "G1");
  lq("case", "file", "C001", "--as", "G1");
  lq("case", "identify", "C001", "X001", "张三", "--as", "G1");
  lq("case", "suspect", "C001", "X001", "detained", "--as", "G1");
}

async function openPage(path: string, badge: string, options = {}, at = relay.url): Promise<Seen> {
  const seen = await browsers.open(at + path, options);
  await choose(seen.page, readFileSync(bundlePath(badge), "utf8"), `${badge}.bundle`);
  await seen.page.waitForSelector("table.figures, .wall main section", { timeout: PATIENCE_MS });
  return seen;
}

/** The command that the foot of the page says to have the same rows. */
async function askedFor(page: Page): Promise<string[]> {
  const foot = await page.locator(".foot p").first().innerText();
  return foot.replace(/^查询条件：lq /, "").split(" ").filter((word) => word !== "--csv");
}

interface Json {
  [key: string]: number | Json;
}

/** lq's object as the rows of the page: "operations", "dismantled cupola". */
function flatten(told: Json): Map<string, number> {
  const flat = new Map<string, number>();
  const put = (name: string, value: number | Json): void => {
    if (typeof value === "number") return void flat.set(name, value);
    for (const [kind, count] of Object.entries(value)) put(`${name} ${kind}`, count);
  };
  for (const [key, value] of Object.entries(told)) {
    const members = ["cases", "persons", "oversight", "supervision"].includes(key) ? Object.entries(value as Json) : undefined;
    if (members === undefined) put(key, value);
    else for (const [member, count] of members) put(key === "cases" ? `cases_${member}` : member, count);
  }
  return flat;
}

/** Of each row of the page its first numbers. */
async function shown(page: Page, column: number): Promise<Map<string, number>> {
  const rows = (await page.evaluate(`[...document.querySelectorAll("table.figures tbody tr")].map((row) =>
    [[row.dataset.figure, row.dataset.kind].filter(Boolean).join(" "), Number(row.querySelectorAll("button.cell")[${column}]?.textContent)])`)) as [string, number][];
  return new Map(rows);
}

function compare(page: Map<string, number>, told: Map<string, number>, what: string): void {
  const sums = new Map<string, number>();
  for (const [name, count] of told) {
    const figure = name.split(" ")[0] ?? "";
    if (figure !== name) sums.set(figure, (sums.get(figure) ?? 0) + count);
  }
  for (const [name, count] of page) {
    assert.equal(count, told.get(name) ?? sums.get(name) ?? 0, `${what}: ${name}`);
  }
  for (const name of told.keys()) assert(page.has(name), `${what}: ${name} is not on the page`);
}

test("each figure is that of lq stats, of this period and of the one before", async () => {
  const { page, complaints, context } = await openPage("figures?period=day", "G1");
  const [, , from = "", , to = ""] = await askedFor(page);
  assert.equal(from, to);
  await page.locator("tr[data-figure=detained] button.cell", { hasText: "1" }).waitFor();
  const now = flatten(JSON.parse(lq("stats", "--from", from, "--to", to, "--json")) as Json);
  compare(await shown(page, 0), now, "today");
  assert.equal(now.get("operations"), 1);
  assert.equal(now.get("vehicle_times"), 2);
  const day = new Date(Date.parse(`${from}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
  compare(await shown(page, 1), flatten(JSON.parse(lq("stats", "--from", day, "--to", day, "--json")) as Json), "yesterday");
  assert.deepEqual(complaints, []);
  await context.close();
});

interface Row {
  stream: string;
  seq: number;
  amount: number;
}

test("every number opens its records, those of lq stats records, with who has entered them", async () => {
  const { page, context } = await openPage("figures?period=month&by=township", "G1");
  const [, , from = "", , to = ""] = await askedFor(page);
  const cells = page.locator("table.figures button.cell:not(.zero)");
  const count = await cells.count();
  assert(count > 10, `${count} numbers`);
  for (let i = 0; i < count; i++) {
    const cell = cells.nth(i);
    const value = Number(await cell.innerText());
    const { figure = "", kind = "" } = await cell.evaluate((one) => ({ ...one.closest("tr")?.dataset }) as { figure?: string; kind?: string });
    const column = await cell.evaluate((one) => one.closest("table")?.querySelectorAll("thead th")[one.closest("td")?.cellIndex ?? 0]?.textContent ?? "");
    await cell.click();
    await page.locator("dialog.records .sum").waitFor();
    const filters = [...(kind === "" ? [] : ["--kind", kind]), ...(column === "合计" ? [] : ["--township", column])];
    const rows = JSON.parse(lq("stats", "records", figure, "--from", from, "--to", to, ...filters, "--json")) as Row[];
    const records = await page.locator("dialog.records .record").allInnerTexts();
    assert.deepEqual(records, rows.map((row) => `${row.stream}#${row.seq}`), `${figure} ${filters.join(" ")}`);
    assert.equal(rows.reduce((sum, row) => sum + row.amount, 0), value, `${figure} ${filters.join(" ")}`);
    await page.keyboard.press("Escape");
  }
  await page.locator("tr[data-figure=notices] button.cell").first().click();
  const row = page.locator("dialog.records tbody tr").first();
  await row.getByText(/赵一 L1 20\d\d-/).waitFor(); // who entered it, and when
  await page.keyboard.press("Escape");
  // A zero, too: an order that was issued and withdrawn.
  await page.goto(`${relay.url}figures?period=day`);
  await page.locator("tr[data-figure=operations] button.cell.zero").click();
  await page.getByText("2 条记录，合计 0").waitFor();
  await context.close();
});

test("the file is lq's to the byte, with a mark for spreadsheets, and the foot has its checksum", async () => {
  for (const query of ["figures?period=month", "figures?period=month&by=township", "figures?period=all&by=kind", "figures?period=week&by=day", "figures?period=month&by=shift&lang=en"]) {
    const { page, context } = await openPage(query, "G1");
    const foot = await page.locator(".foot p").allInnerTexts();
    const command = (foot[0] ?? "").replace(/^.*lq /, "").split(" ");
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /CSV/ }).click()]);
    const text = readFileSync(await download.path(), "utf8");
    assert.equal(text, `\uFEFF${lq(...command)}`, command.join(" "));
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text.slice(1))));
    const hex = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    await page.getByText(hex).waitFor();
    assert.equal((foot[1] ?? "").startsWith(`${text.trim().split("\r\n").length - 1} `), true, foot[1]);
    assert.match(foot[1] ?? "", /stats#\d+.*dispatch#\d+/);
    await context.close();
  }
});

// Two books, as openpyxl reads them: the rows, and what the second sheet has of "stats#" and SHA-256.
const READ = `
import json, sys, openpyxl
def read(path):
    rows, about = openpyxl.load_workbook(path).worksheets
    told = [str(row[1]) for row in about.iter_rows(values_only=True)]
    head, *rest = ([str(cell) if cell is not None else "" for cell in row] for row in rows.iter_rows(values_only=True))
    return {"columns": len(head), "rows": rest, "sum": [one for one in told if len(one) == 64], "at": [one for one in told if one.startswith("stats#")]}
print(json.dumps([read(path) for path in sys.argv[1:]]))
`;

test("the book has the rows, the days as days and the checksum of lq's", async () => {
  for (const by of ["none", "day"]) {
    const { page, context, complaints } = await openPage(`figures?by=${by}`, "G1");
    const [saved, theirs] = [`${process.env["LQ_DATA"]}/run/ours.xlsx`, `${process.env["LQ_DATA"]}/run/theirs.xlsx`];
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "存为 XLSX" }).click()]);
    await download.saveAs(saved);
    lq(...(await askedFor(page)), "--xlsx", theirs, "--lang", "zh");
    const read = spawnSync("/usr/bin/python3", ["-c", READ, saved, theirs], { encoding: "utf8" });
    assert.equal(read.status, 0, read.stderr);
    const [ours, lqs] = JSON.parse(read.stdout) as unknown[];
    assert.deepEqual(ours, lqs, by);
    assert.deepEqual(complaints, []);
    await context.close();
  }
});

test("all of it by keyboard: another period, a number, its records, and back to the number", async () => {
  const { page, context } = await openPage("figures?period=day", "G1");
  const { keyboard } = page;
  const focused = async (of: string): Promise<string> => String(await page.evaluate(`String(document.activeElement?.${of})`));
  // Tab comes by everything once; the numbers are one stop.
  const stops: string[] = [];
  for (let i = 0; i < 60; i++) {
    await keyboard.press("Tab");
    const stop = await focused("outerHTML.slice(0, 300)");
    if (stops.includes(stop)) break;
    stops.push(stop);
  }
  assert.equal(stops.filter((stop) => stop.includes("data-at=")).length, 1);
  await page.locator("input[name=period]:checked").focus();
  await keyboard.press("ArrowRight"); // of radio buttons: the next is chosen
  await page.waitForURL(/period=week/);
  await page.locator("input[name=by]:checked").focus();
  await keyboard.press("ArrowRight");
  await page.waitForURL(/by=day/);
  await page.locator("table.figures .delta").first().waitFor({ state: "attached" });
  await page.locator("button.cell[tabindex='0']").focus();
  await keyboard.press("ArrowDown");
  await keyboard.press("ArrowRight");
  assert.equal(await focused("dataset.at"), "1 1");
  await keyboard.press("Home");
  assert.equal(await focused("dataset.at"), "1 0");
  await keyboard.press("Enter");
  await page.locator("dialog.records tbody tr").first().waitFor();
  await axe(page, "the records");
  await keyboard.press("Escape");
  await page.locator("dialog.records").waitFor({ state: "detached" });
  assert.equal(await focused("dataset.at"), "1 0");
  await page.goBack();
  assert.equal(await page.locator("input[name=by]:checked").getAttribute("value"), "0");
  await context.close();
});

function readings(): number {
  return (JSON.parse(lq("audit", "--as", "I1", "--who", "G1", "--json")) as unknown[]).length;
}

test("a suspect's name is for who may read it, and only then, and that he has read it is recorded", async () => {
  const before = readings();
  const { page, context } = await openPage("figures", "G1");
  await page.locator(".cases tbody tr").waitFor();
  assert.equal((await page.locator("#page").innerText()).includes("张三"), false);
  assert.equal(readings(), before, "nobody is told of by looking at the page");
  await page.locator(".cases button", { hasText: "C001" }).click();
  await page.locator("dialog.case", { hasText: "张三" }).waitFor();
  assert.equal(readings(), before + 1);
  await axe(page, "a case");
  // What happens to it is seen without asking.
  lq("case", "solve", "C001", "--as", "G1");
  await page.locator("dialog.case dl", { hasText: "破案" }).getByText(/破案/).first().waitFor({ timeout: PATIENCE_MS });
  await context.close();
  const other = await openPage("figures", "L2");
  await other.page.locator(".cases button", { hasText: "C001" }).click();
  await other.page.locator("dialog.case", { hasText: "姓名不公开" }).waitFor();
  assert.equal((await other.page.locator("#page").innerText()).includes("张三"), false);
  await other.context.close();
});

test("what is recorded is counted on the page and on the wall without a refresh", async () => {
  const { page, context } = await openPage("figures?period=day", "G1");
  const wall = await openPage("wall", "D1");
  const number = page.locator("tr[data-figure=operations] button.cell").first();
  const tile = wall.page.locator("[data-figure=operations] b");
  const had = Number(await number.innerText());
  await tile.filter({ hasText: String(had) }).waitFor({ timeout: PATIENCE_MS });
  issue("O0002", "T02", "--priority", "urgent");
  await page.locator("tr[data-figure=operations] button.cell", { hasText: String(had + 1) }).first().waitFor({ timeout: PATIENCE_MS });
  await wall.page.locator("[data-figure=operations] b", { hasText: String(had + 1) }).waitFor({ timeout: PATIENCE_MS });
  const order = wall.page.locator(".order").first(); // who has not answered stands first
  assert.match(await order.innerText(), /紧急[\s\S]*O0002[\s\S]*甲厂[\s\S]*T02[\s\S]*孙三[\s\S]*未签收[\s\S]*\d:\d\d/);
  assert.match(await wall.page.locator(".unanswered").first().innerText(), /1\s*未签收/);
  lq("order", "ack", "O0002", "--as", "L2");
  await wall.page.locator(".order .step1", { hasText: "T02" }).waitFor({ timeout: PATIENCE_MS });
  assert.match(await wall.page.locator(".unanswered").first().innerText(), /0\s*未签收/);
  assert.deepEqual(wall.complaints, []);
  await wall.context.close();
  await context.close();
});

test("the terms are those of lq due, and what is overdue is in red at the head", async () => {
  const { page, context } = await openPage("figures", "G1");
  await page.locator(".due tbody tr").first().waitFor();
  const told = (JSON.parse(lq("due", "--json")) as { number: string; due_ms: string; status: string }[]).filter((one) => one.status !== "not_counted");
  const rows = await page.locator(".due tbody th").allInnerTexts();
  assert.deepEqual(rows.map((row) => row.split(" ").at(-1)).sort(), told.map(({ number }) => (number === "force" ? "全队" : number)).sort()); // the rota's
  const over = told.filter((one) => one.status === "overdue").length;
  assert.equal(await page.locator(".due tr.over").count(), over);
  assert.equal(await page.locator(".head .alert").count(), over > 0 ? 1 : 0);
  await context.close();
});

test("printed it is the table and its foot alone", async () => {
  const { page, context } = await openPage("figures?period=month&by=township", "G1");
  await page.emulateMedia({ media: "print" });
  for (const gone of [".controls", ".due", ".cases", ".drawing", ".head nav"]) assert.equal(await page.locator(gone).isVisible(), false, gone);
  for (const there of ["table.figures", "tr.drawn", ".foot", "#figures-title"]) assert.equal(await page.locator(there).isVisible(), true, there);
  await context.close();
});

test("both languages, sizes and colours: no overflow, nothing for axe to say", async () => {
  for (const lang of ["zh", "en"]) {
    for (const colorScheme of ["light", "dark"]) {
      for (const [width, height] of [[1366, 768], [360, 740]]) {
        const what = `${lang} ${colorScheme} ${width}×${height}`;
        const { page, complaints, context } = await openPage(`figures?period=month&by=township&lang=${lang}`, "G1", { colorScheme, viewport: { width, height } });
        await page.locator(".due tbody tr").first().waitFor();
        assert.equal(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), true, `${what} is too wide`);
        await axe(page, what);
        if (lang === "zh") {
          await page.evaluate("document.querySelectorAll('.foot, .due td .quiet').forEach((one) => one.remove())"); // commands, numbers of rules
          const text = (await page.locator("#page").innerText()).replace(/English|CSV/g, "");
          assert.equal(/[a-z]{4,}/.test(text), false, `English on the Chinese page: ${text}`);
        }
        assert.deepEqual(complaints, []);
        await context.close();
      }
    }
  }
});

test("the wall says what needs a hand: a call in its own words and in the head, and a team that has not departed in time", async () => {
  const then = new Date(Date.now() + 8 * 3_600_000 - 15 * 60_000).toISOString().slice(0, 16).replace("T", " ");
  lq("order", "cancel", "O0002", "--as", "C1", "--why", "改派");
  issue("O0003", "T02", "--at", then);
  lq("order", "ack", "O0003", "--as", "L2", "--at", then);
  lq("order", "help", "O0003", "T02", "--said", "有人阻拦，请派民警", "--as", "L2");
  const { page, complaints, context } = await openPage("wall", "D1");
  await page.locator(".order", { hasText: "O0003" }).locator(".late", { hasText: /T02.*未出发，超 \d+:\d\d/ }).waitFor({ timeout: PATIENCE_MS });
  await page.locator(".unanswered.alert", { hasText: /1\s*呼叫/ }).waitFor({ timeout: PATIENCE_MS });
  const needed = page.locator(".calls .needed");
  assert.equal(await needed.innerText(), "有人阻拦，请派民警");
  assert.equal(await page.evaluate(`(() => { const one = document.querySelector(".calls .needed"); return one.scrollWidth <= one.clientWidth; })()`), true, "its words are cut off");
  assert.deepEqual(complaints, []);
  await context.close();
});

test("the wall fits its screen by day and by night, in both languages", async () => {
  for (const theme of ["day", "night"]) {
    for (const lang of ["zh", "en"]) {
      for (const [width, height] of [[1920, 1080], [1366, 768]]) {
        const what = `${theme} ${lang} ${width}×${height}`;
        const { page, complaints, context } = await openPage(`wall?theme=${theme}&lang=${lang}`, "D1", { viewport: { width, height } });
        await page.locator(".today b", { hasText: /^\d+$/ }).first().waitFor();
        await page.locator(".deadlines li").first().waitFor();
        const cut = await page.evaluate(`[...document.querySelectorAll(".wall section, .wall header, .wall main")].filter((one) => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1).map((one) => one.className || one.tagName)`);
        assert.deepEqual(cut, [], `${what}: cut off`);
        const small = await page.evaluate(`[...document.querySelectorAll(".wall *")].filter((one) => one.childNodes.length > 0 && [...one.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim() !== "") && parseFloat(getComputedStyle(one).fontSize) < innerHeight * 0.021).map((one) => one.outerHTML.slice(0, 80))`);
        assert.deepEqual(small, [], `${what}: too small to be read from 5 m`);
        await axe(page, what);
        assert.deepEqual(complaints, []);
        await context.close();
      }
    }
  }
});

test("kinds are called as the county calls them, on the page and in its file, as lq has them; also before they are fetched again", async () => {
  const settings = join(dataPath, "config", "lianqin.yaml");
  const before = readFileSync(settings, "utf8");
  writeFileSync(settings, `${before.replace(/^words:.*$/m, "")}\nwords:\n  - {of: cupola, is: 化铁"炉}\n  - {of: patrol, is: 巡村}\n`);
  const own = await Relay.start();
  try {
    const { page, complaints } = await openPage("figures?period=all&by=kind", "G1", {}, own.url);
    await page.getByText('化铁"炉').first().waitFor({ timeout: PATIENCE_MS });
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /CSV/ }).click()]);
    const text = readFileSync(await download.path(), "utf8");
    assert.equal(text, `\uFEFF${lq("stats", "--by", "kind", "--csv", "--words", "zh")}`);
    assert.match(text, /化铁""炉/);
    await page.route("**/words.json", (route) => route.abort());
    await page.reload();
    await page.getByText('化铁"炉').first().waitFor({ timeout: PATIENCE_MS });
    await page.goto(`${own.url}figures?period=all&by=kind&lang=en`);
    await page.getByText("cupola").first().waitFor({ timeout: PATIENCE_MS });
    assert.deepEqual(complaints.filter((one) => !one.includes("words.json") && !one.includes("ERR_FAILED")), []);
  } finally {
    writeFileSync(settings, before);
    await own.end();
  }
});
