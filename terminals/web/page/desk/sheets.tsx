/** What is looked at now and then lies over the panes, and its script is fetched when it is opened: map, file, handover. */
import type { ComponentType } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Acts } from "../shell/acts";
import type { Desk } from "../state/desk";
import type { Places } from "../state/places";
import { learn, tr } from "../words";
import type { Form } from "./forms";

export type Sheet = { is: "map" } | { is: "handover" } | { is: "help" } | { is: "file"; kind: "premises" | "order"; number: string };

export interface SheetProps {
  desk: Desk;
  acts: Acts;
  places: Places;
  nowMs: number;
  mayIssue: boolean;
  sheet: Sheet;
  show(sheet: Sheet | undefined): void;
  open(form: Form): void;
}

const SHEETS: Record<Sheet["is"], () => Promise<ComponentType<SheetProps>>> = {
  map: async () => (await import("./map")).MapSheet,
  handover: async () => (await import("./handover")).HandoverSheet,
  help: async () => (await import("./help")).HelpSheet,
  file: async () => (await import("../file/sheet")).FileSheet,
};

function titleOf(sheet: Sheet): string {
  switch (sheet.is) {
    case "map":
      return tr("Map");
    case "handover":
      return tr("Handover and roll call");
    case "help":
      return tr("Keys and words");
    case "file":
      return sheet.kind === "order" ? tr("Order %s", sheet.number) : tr("File of %s", sheet.number);
  }
}

function useSheet(is: Sheet["is"]): { Content: ComponentType<SheetProps> | undefined; fault: string } {
  const [loaded, setLoaded] = useState<{ is: Sheet["is"]; Content: ComponentType<SheetProps> }>();
  const [fault, setFault] = useState("");
  useEffect(() => {
    let over = false;
    setFault("");
    const load = async (): Promise<ComponentType<SheetProps>> => {
      learn(await import("../gen/later"));
      return SHEETS[is]();
    };
    load().then(
      (Content) => !over && setLoaded({ is, Content }),
      () => !over && setFault(tr("This part of the page could not be fetched. Open it again once there is a link.")),
    );
    return () => {
      over = true;
    };
  }, [is]);
  return { Content: loaded?.is === is ? loaded.Content : undefined, fault };
}

export function SheetPane(props: SheetProps) {
  const { sheet, show } = props;
  const { Content, fault } = useSheet(sheet.is);
  const pane = useRef<HTMLElement>(null);
  useEffect(() => pane.current?.focus(), [sheet]);
  return (
    <main class="sheet">
      <section class="pane" ref={pane} tabIndex={0} aria-labelledby="sheet-title">
        <h2 id="sheet-title">
          {titleOf(sheet)}
          <button type="button" class="small" onClick={() => show(undefined)}>
            {tr("Back to the board")} <kbd>Esc</kbd>
          </button>
        </h2>
        {fault !== "" && <p class="alarm" role="alert">{fault}</p>}
        {Content === undefined ? fault === "" && <p class="quiet">{tr("is being fetched …")}</p> : <Content {...props} />}
      </section>
    </main>
  );
}
