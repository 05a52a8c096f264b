/** 一企一档: the file of one foundry as a page of its own, /file/E0123. */
import { useEffect } from "preact/hooks";
import { openPage } from "../shell/gate";
import { Banners, Head } from "../shell/head";
import { useLive } from "../shell/live";
import { loadCatalog } from "../shell/told";
import type { Desk } from "../state/desk";
import { TR, tr } from "../words";
import { FileView } from "./file";
import "../shell/page.css";
import "../shell/reading.css";
import "./file.css";

/** What the address asks for; "" where it names nothing. */
function numberAsked(): string {
  const named = location.pathname.split("/")[2] ?? "";
  try {
    return decodeURIComponent(named);
  } catch {
    return "";
  }
}

function FilePage({ desk }: { desk: Desk }) {
  useLive(desk);
  useEffect(() => void loadCatalog().catch(() => undefined), []);
  const number = numberAsked();
  const nowMs = desk.nowMs();
  return (
    <div class="reading">
      <Head desk={desk} title={tr("File of %s", number)} nowMs={nowMs} />
      <Banners desk={desk} nowMs={nowMs} more={[]} />
      <main class="file-page">
        {number === "" && <p class="alarm">{tr("The address names no premises: /file/E0123.")}</p>}
        {/* Who is asking is known by then: what is read of people is recorded under that name. */}
        {number !== "" && nowMs !== undefined && desk.people.size > 0 && <FileView desk={desk} of={{ kind: "premises", number }} nowMs={nowMs} heading="h2" />}
      </main>
    </div>
  );
}

openPage(TR("File of a foundry"), (desk) => <FilePage desk={desk} />);
