/** 文书: every paper that was issued, shown and printed as it was issued. */
import { openPage } from "../shell/gate";
import { TR } from "../words";
import { PapersPage } from "./page";
import "../shell/page.css";
import "../shell/reading.css";
import "./papers.css";

openPage(TR("Papers"), (desk) => <PapersPage desk={desk} />);
