/** Hands the card's files to the service worker (sw.ts), which opens it where there is no signal. */

const WORKER = "/sw.js";

interface Policies {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

// The site's policy lets no text become a script's address but through "lq", and that lets this one through.
function workerUrl(): string {
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
  const only = (url: string): string => {
    if (url !== WORKER) throw new TypeError(`${url} is not ${WORKER}`);
    return url;
  };
  return policies?.createPolicy("lq", { createScriptURL: only }).createScriptURL(WORKER) ?? WORKER;
}

/** A browser that has none, or does not trust the certificate, shows the card all the same while there is a signal. */
export function keepShell(): void {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register(workerUrl(), { scope: "/lead" }).catch((error: unknown) => console.warn(String(error)));
}
