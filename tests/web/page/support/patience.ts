/** Waiting for what must come. */
import assert from "node:assert/strict";

/** How long is waited for what must come: no test passes or fails by how quick the machine is. */
export const PATIENCE_MS = 60_000;

export async function until(what: string, holds: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!holds()) {
    assert(performance.now() < end, `not within ${PATIENCE_MS} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
