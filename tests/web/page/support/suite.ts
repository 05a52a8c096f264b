/** A relay and a browser for a suite: there before its first test, gone after its last. */
import { after, before } from "node:test";
import { Browsers, Relay } from "./browser";

export let relay: Relay;
export let browsers: Browsers;

before(async () => {
  relay = await Relay.start();
  browsers = await Browsers.start();
});
after(async () => {
  await browsers.end();
  await relay.end();
});
