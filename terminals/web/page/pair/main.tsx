/** 设备登记: opened by the link of lq key pair, before there is a key. */
import { showPage } from "../shell/open";
import { TR } from "../words";
import { PairPage } from "./page";
import "../shell/page.css";
import "./pair.css";

showPage(TR("Register a device"), (title) => <PairPage title={title} />);
