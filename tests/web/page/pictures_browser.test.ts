// Every screen as it is kept in docs/pictures, on the last night of the sample campaign.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { BrowserContextOptions } from "playwright-core";
import { choose } from "./support/browser";
import { picture } from "./support/pictures";
import { browsers, relay } from "./support/suite";
import { bundlePath, PATIENCE_MS } from "./support/system";

const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const TWICE = { viewport: { width: 683, height: 384 }, deviceScaleFactor: 2 }; // 1366 × 768 at 200 %
const DARK = { colorScheme: "dark" as const };
const LARGE = { viewport: { width: 1920, height: 1080 } };

interface Screen {
  name: string;
  path: string;
  who: "LQ_DESK" | "LQ_LIAISON" | "LQ_LEAD";
  /** What is there once all is told. */
  shows: string;
  how?: BrowserContextOptions;
  /** A key, and what it shows. */
  press?: string;
  then?: string;
  /** What is typed into fields then, by their label, and the button that is pressed. */
  typed?: Record<string, string>;
  button?: string;
}

const TOLD = ".ladder";
const SCREENS: readonly Screen[] = [
  { name: "desk", path: "", who: "LQ_DESK", shows: TOLD },
  { name: "desk-en", path: "?lang=en", who: "LQ_DESK", shows: TOLD },
  { name: "desk-dark", path: "", who: "LQ_DESK", shows: TOLD, how: DARK },
  { name: "desk-200", path: "", who: "LQ_DESK", shows: TOLD, how: TWICE },
  { name: "map", path: "", who: "LQ_DESK", shows: TOLD, press: "Alt+4", then: ".map svg" },
  { name: "file", path: "file/E0023", who: "LQ_DESK", shows: ".file-page table" },
  { name: "lead", path: "lead", who: "LQ_LEAD", shows: ".premises", how: PHONE },
  { name: "lead-dark", path: "lead?lang=en", who: "LQ_LEAD", shows: ".premises", how: { ...PHONE, ...DARK } },
  { name: "figures", path: "figures?period=2015", who: "LQ_LIAISON", shows: "table.figures" },
  { name: "papers-issue", path: "papers?of=notice&of_number=N0001", who: "LQ_LEAD", shows: ".begin", press: "F2", then: ".fields .field", typed: { 地址: "献县淮镇", 证据: "现场检查（勘察）笔录、照片" }, button: "制作并编定文号" },
  { name: "papers-issue-phone", path: "papers?of=notice&of_number=N0001&lang=en", who: "LQ_LEAD", shows: ".begin", press: "F2", then: ".fields .field", how: PHONE },
  { name: "papers-serve", path: "papers?service=casefile&number=献环改〔2015〕1号", who: "LQ_LEAD", shows: ".facts .whole", button: "登记送达" },
  { name: "papers-serve-phone", path: "papers?service=casefile&number=献环改〔2015〕1号&lang=en", who: "LQ_LEAD", shows: ".facts .whole", button: "Record its service", how: PHONE },
  { name: "wall", path: "wall?theme=night", who: "LQ_LIAISON", shows: ".wall main section", how: LARGE },
];

for (const { name, path, who, shows, how, press, then, typed = {}, button } of SCREENS) {
  test(`${name} looks as it is kept`, async () => {
    const badge = process.env[who] ?? "";
    const { page, complaints, context } = await browsers.open(relay.url + path, how);
    await choose(page, readFileSync(bundlePath(badge), "utf8"), `${badge}.bundle`);
    await page.locator(shows).first().waitFor({ timeout: PATIENCE_MS });
    if (press !== undefined && then !== undefined) {
      await page.keyboard.press(press);
      await page.locator(then).first().waitFor({ timeout: PATIENCE_MS });
    }
    for (const [label, value] of Object.entries(typed)) await page.getByLabel(new RegExp(`^${label}`)).fill(value);
    if (button !== undefined) await page.getByRole("button", { name: button }).click();
    await page.waitForTimeout(1_500); // the last answers, and the catalog of what services tell
    await picture(page, name);
    assert.deepEqual(complaints, []);
    await context.close();
  });
}
