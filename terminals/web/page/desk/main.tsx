/** The desk's page, on which a lead's key opens his card. */
import { openPage } from "../shell/gate";
import { TR } from "../words";
import { Board } from "./board";
import "../shell/page.css";
import "./desk.css";
import "../file/file.css"; // of a sheet whose script comes later: its look is there already

openPage(TR("Desk"), (desk) => <Board desk={desk} />);
