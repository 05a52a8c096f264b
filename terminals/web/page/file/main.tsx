/** 一企一档: the file of one foundry as a page of its own, /file/E0123. */
import { useEffect } from "preact/hooks";
import { LinkMark } from "../shell/fresh";
import { openPage } from "../shell/gate";
import { useLive } from "../shell/live";
import { loadCatalog } from "../shell/told";
import { troubles } from "../shell/trouble";
import type { Desk } from "../state/desk";
import { TR, tr } from "../words";
import { FileView } from "./file";
import "../shell/page.css";
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
      <header class="head">
        <h1>
          {tr("Lianqin")} <span>{tr("File of %s", number)}</span>
        </h1>
        <nav>
          <LinkMark desk={desk} />
          <a href={`/${location.search}`}>{tr("Desk")}</a>
        </nav>
      </header>
      {troubles(desk).map((text) => (
        <p key={text} class="banner notice" role="status">{text}</p>
      ))}
      <main class="file-page">
        {number === "" && <p class="alarm">{tr("The address names no premises: /file/E0123.")}</p>}
        {/* Who is asking is known by then: what is read of people is recorded under that name. */}
        {number !== "" && nowMs !== undefined && desk.people.size > 0 && <FileView desk={desk} of={{ kind: "premises", number }} nowMs={nowMs} heading="h2" />}
      </main>
    </div>
  );
}

openPage(TR("File of a foundry"), (desk) => <FilePage desk={desk} />);
