/** The desk's page, on which a lead's key opens his card. */
import { openPage } from "../shell/gate";
import { TR } from "../words";
import { Board } from "./board";
import "../shell/page.css";

openPage(TR("Desk"), (desk) => <Board desk={desk} />);
