/** What the card asks of the device: to leave the screen on, and to keep what is stored. */
import { useEffect, useState } from "preact/hooks";
import { useAwake } from "../shell/awake";
import { tr } from "../words";

async function isPromised(): Promise<boolean> {
  const { storage } = navigator;
  return (await storage?.persisted?.()) === true || (await storage?.persist?.()) === true;
}

/** Says so where the browser does not promise to keep it. */
export function Device() {
  useAwake();
  const [isPersistent, setPersistent] = useState(true); // until it says otherwise
  useEffect(() => void isPromised().then(setPersistent, () => setPersistent(false)), []);
  if (isPersistent) return null;
  return <footer class="foot">{tr("This browser does not promise to keep what is stored here when the device is full: send what waits soon, or install the card as an app.")}</footer>;
}
