/** 任务卡: the lead's card, which works without a signal. */
import { recall, SNAPSHOT } from "../link/database";
import { openGate } from "../shell/gate";
import { Card } from "../state/card";
import { TR } from "../words";
import { LeadPage } from "./page";
import { keepShell } from "./worker";
import "../shell/page.css";
import "./lead.css";

keepShell();
void recall(SNAPSHOT).catch(() => undefined); // so that its database is open once the key is read from another
openGate(TR("Task card"), (link, badge) => Card.open(link, badge, async () => (await import("./after")).upload), (card) => <LeadPage card={card} />);
