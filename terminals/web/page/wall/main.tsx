/** 大屏: for a screen on the wall. It reads, and sends nothing. */
import { openPage } from "../shell/gate";
import { TR } from "../words";
import { Wall } from "./wall";
import "../shell/page.css";
import "./wall.css";

openPage(TR("Wall"), (desk) => <Wall desk={desk} />, false); // nobody ever touches it
