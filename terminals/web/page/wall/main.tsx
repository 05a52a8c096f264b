/** 大屏: for a screen on the wall. It reads, and sends nothing. */
import { openPage } from "../gate";
import { TR } from "../words";
import { Wall } from "./wall";
import "../desk/desk.css";
import "./wall.css";

openPage(TR("Wall"), (desk) => <Wall desk={desk} />);
