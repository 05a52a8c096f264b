/** 战果与案件: figures, cases and terms, for the liaison and whoever else reads them. */
import { openPage } from "../shell/gate";
import { TR } from "../words";
import { FiguresPage } from "./page";
import "../shell/page.css";
import "../shell/reading.css";
import "./figures.css";

openPage(TR("Figures and cases"), (desk) => <FiguresPage desk={desk} />);
