// The little of node that the tests need, so that no package of types is.
declare module "node:test" {
  export function test(name: string, act: () => void | Promise<void>): void;
  export function before(act: () => void | Promise<void>): void;
  export function after(act: () => void | Promise<void>): void;
}
declare module "node:assert/strict" {
  const assert: {
    (value: unknown, message?: string): asserts value;
    equal(actual: unknown, expected: unknown, message?: string): void;
    notEqual(actual: unknown, expected: unknown, message?: string): void;
    deepEqual(actual: unknown, expected: unknown, message?: string): void;
    match(actual: string, expected: RegExp, message?: string): void;
    throws(act: () => unknown, expected?: unknown): void;
    rejects(act: () => Promise<unknown>, expected?: unknown, message?: string): Promise<void>;
  };
  export default assert;
}
declare module "node:net" {
  export interface Socket {
    write(bytes: Uint8Array): void;
    destroy(): void;
    setNoDelay(): void;
    pipe(other: Socket): Socket;
    on(event: "connect" | "close", act: () => void): void;
    on(event: "data", act: (bytes: Uint8Array) => void): void;
    on(event: "error", act: (error: Error) => void): void;
  }
  export interface Server {
    listen(port: number, host: string, act: () => void): void;
    address(): { port: number };
    close(): void;
  }
  export function connect(port: number, host: string): Socket;
  export function createServer(act: (socket: Socket) => void): Server;
}
declare module "node:fs" {
  export function readFileSync(path: string, encoding: "utf8" | "base64"): string;
  export function existsSync(path: string): boolean;
  export function statSync(path: string): { size: number };
  export function mkdtempSync(prefix: string): string;
  export function rmSync(path: string, options: { recursive: boolean; force: boolean }): void;
  export function cpSync(from: string, to: string, options: { recursive: boolean }): void;
  export function writeFileSync(path: string, text: string): void;
}
declare module "node:os" {
  export function tmpdir(): string;
}
declare module "node:path" {
  export function dirname(path: string): string;
  export function join(...parts: string[]): string;
}
declare module "node:zlib" {
  export function gzipSync(text: string): Uint8Array;
}
declare module "node:child_process" {
  export interface Child {
    kill(signal?: string): void;
    on(event: "exit", act: () => void): void;
    stdin: { write(text: string): void }; // these two where they are pipes
    stdout: { on(event: "data", act: (bytes: Uint8Array) => void): void };
  }
  type Stdio = "ignore" | "inherit" | "pipe";
  export function spawnSync(
    program: string,
    parameters: readonly string[],
    options: { encoding: "utf8" },
  ): { status: number | null; stdout: string; stderr: string };
  export function spawn(program: string, parameters: readonly string[], options: { stdio: Stdio | readonly Stdio[] }): Child;
}
declare const process: { env: Record<string, string | undefined>; versions: { node: string }; stdout: { write(text: string): void }; exit(code: number): never; kill(pid: number, signal: string): void };
declare const Buffer: { from(text: string): never; from(bytes: Uint8Array): { toString(how: "hex" | "base64"): string } };
