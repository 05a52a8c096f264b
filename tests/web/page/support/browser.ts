/** lianqin-web in front of the system, and a browser in front of that. */
import assert from "node:assert/strict";
import { type Child, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { PATIENCE_MS } from "./patience";
import { endpoint, until } from "./system";

function need(name: string): string {
  const value = process.env[name];
  assert(value !== undefined, `${name} is not set`);
  return value;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer(() => undefined);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close();
      resolve(port);
    });
  });
}

/** The relay, which a test may end and start again at the same place. */
export class Relay {
  private child: Child | undefined;
  private constructor(private readonly port: number) {}

  static async start(): Promise<Relay> {
    const relay = new Relay(await freePort());
    await relay.start();
    return relay;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  /** `folder` is where the page lies, if it is another one. */
  async start(folder = need("LQ_PAGE")): Promise<void> {
    const parameters = ["--data", need("LQ_DATA"), "--bus", endpoint, "--listen", this.url.slice(0, -1), "--page", folder];
    this.child = spawn(need("LQ_WEB"), parameters, { stdio: "inherit" });
    for (let tries = 0; ; tries++) {
      const answers = await fetch(this.url).then((response) => response.ok, () => false);
      if (answers) return;
      assert(tries < 200, "lianqin-web does not answer");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async end(): Promise<void> {
    const { child } = this;
    if (child === undefined) return;
    let over = false;
    child.on("exit", () => (over = true));
    child.kill("SIGKILL");
    await until("lianqin-web is gone", () => over);
    this.child = undefined;
  }
}

/** A page, and what it complained of: errors, and violations of the content security policy. */
export interface Seen {
  context: BrowserContext;
  page: Page;
  complaints: string[];
}

export class Browsers {
  private constructor(private readonly browser: Browser) {}

  static async start(): Promise<Browsers> {
    return new Browsers(await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] }));
  }

  async open(url: string, options: BrowserContextOptions = {}): Promise<Seen> {
    const context = await this.browser.newContext({ viewport: { width: 1366, height: 768 }, locale: "zh-CN", ...options });
    const page = await context.newPage();
    const complaints = listen(page);
    await page.goto(url);
    return { context, page, complaints };
  }

  async end(): Promise<void> {
    await this.browser.close();
  }
}

/** Sees what a page complains of. */
function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error.stack)));
  page.on("console", (message) => {
    // That a WebSocket cannot be opened, or a server is not there, is told by the browser itself.
    const isOfBrowser = /WebSocket connection|ERR_CONNECTION_REFUSED/.test(message.text());
    if (message.type() === "error" && !isOfBrowser) complaints.push(message.text());
  });
  return complaints;
}

/** A browser that keeps what is stored in it when it is closed. */
export class Phone {
  private readonly folder = mkdtempSync(join(tmpdir(), "phone-"));
  private context: BrowserContext | undefined;
  private readonly scripts: string[] = [];

  /** Runs in each page before its own script. */
  prepare(script: string): void {
    this.scripts.push(script);
  }

  /** Opens it, at this address; `query` of the card. */
  async open(url: string, options: BrowserContextOptions = {}): Promise<Seen> {
    const size = { viewport: { width: 360, height: 740 }, hasTouch: true, locale: "zh-CN" };
    this.context ??= await chromium.launchPersistentContext(this.folder, { executablePath: "/usr/bin/chromium", args: ["--no-sandbox"], ...size, ...options });
    const page = await this.context.newPage();
    for (const script of this.scripts) await page.addInitScript(script);
    const complaints = listen(page);
    await page.goto(url);
    return { context: this.context, page, complaints };
  }

  async close(): Promise<void> {
    await this.context?.close();
    this.context = undefined;
  }

  async end(): Promise<void> {
    await this.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Chooses a file with a key in a browser that has none. */
export async function choose(page: Page, bundle: string, name = "D1.bundle"): Promise<void> {
  await page.setInputFiles("input[type=file]", { name, mimeType: "text/plain", buffer: Buffer.from(bundle) });
}

/** Waits until an expression is true in the page. (What the browser's driver has for it is forbidden by the page's policy.) */
export async function holds(page: Page, expression: string): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while ((await page.evaluate(expression)) !== true) {
    assert(performance.now() < end, `never true in the page: ${expression}`);
    await page.waitForTimeout(50);
  }
}

/** Fails with what axe-core has to say about the page. */
export async function axe(page: Page, what: string): Promise<void> {
  // The page's own policy forbids scripts of others: this one is handed over by the debugger.
  await page.evaluate(readFileSync("node_modules/axe-core/axe.min.js", "utf8"));
  const found = await page.evaluate("axe.run().then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.target + ' ' + n.failureSummary).join(' | ')))");
  assert.deepEqual(found, [], what);
}
