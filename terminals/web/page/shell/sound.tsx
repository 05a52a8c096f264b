/** The tone of a page: a browser lets it sound once somebody has touched the page. */
import { useEffect, useMemo } from "preact/hooks";
import { tr } from "../words";
import { Tone, type Waiting } from "./tone";

/** Sounds for what waits; called each time the page is drawn. Alt+M mutes it. */
export function useTone(waiting: Waiting): Tone {
  const tone = useMemo(() => new Tone(), []);
  useEffect(() => {
    const wake = (): void => tone.wake();
    const mute = (event: KeyboardEvent): void => {
      if (event.altKey && event.code === "KeyM") tone.toggle();
    };
    addEventListener("pointerdown", wake);
    addEventListener("keydown", wake);
    addEventListener("keydown", mute);
    return () => {
      removeEventListener("pointerdown", wake);
      removeEventListener("keydown", wake);
      removeEventListener("keydown", mute);
      tone.close();
    };
  }, [tone]);
  tone.hear(waiting);
  return tone;
}

export function ToneButton({ desk, tone }: { desk: { onChange(): void }; tone: Tone }) {
  const says = { on: tr("Sound on"), muted: tr("Muted"), blocked: tr("Sound: touch the page") }[tone.state];
  const toggle = (): void => {
    if (tone.state !== "blocked") tone.toggle();
    desk.onChange();
  };
  return (
    <button type="button" class={`link ${tone.state}`} onClick={toggle} title="Alt+M">
      {says}
    </button>
  );
}
