/**
 * The service worker of the lead's card: it opens the card where there is no signal. It keeps the files of one version
 * of the card together, and nothing else; what services answer goes over a WebSocket, which it does not see.
 */
declare const VERSION: string; // of the files: build/build.mjs
declare const FILES: readonly string[]; // their addresses; the first is the card's own

/** The little of a worker that is used here: the page's types have none of it. */
interface Extendable extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface Fetching extends Extendable {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

const CACHE = `lianqin-card ${VERSION}`;
const [CARD = "/lead"] = FILES;

/** The kept address for a request; undefined: it is none of the card's. */
function keptAddress(request: Request): string | undefined {
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return undefined;
  if (request.mode === "navigate") return CARD;
  return FILES.includes(pathname) ? pathname : undefined;
}

// All of them or none: a version that came in part would be another one.
addEventListener("install", (event) => {
  const keep = async (): Promise<void> => {
    const cache = await caches.open(CACHE);
    await cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" })));
  };
  (event as Extendable).waitUntil(keep());
});

// It waits until no card of the version before is open; then that version goes.
addEventListener("activate", (event) => {
  const drop = async (): Promise<void> => {
    for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  };
  (event as Extendable).waitUntil(drop());
});

addEventListener("fetch", (event) => {
  const fetching = event as Fetching;
  const address = keptAddress(fetching.request);
  if (address === undefined) return;
  const find = async (): Promise<Response> => (await (await caches.open(CACHE)).match(address)) ?? fetch(fetching.request);
  fetching.respondWith(find());
});
