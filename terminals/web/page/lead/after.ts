/** What the card has beside the orders: a script of its own, which comes with its words once they are shown. */
import { sentences } from "../gen/later";
import { learn } from "../words";

learn({ sentences });

export { Device } from "./device";
export { OpenLeadForm } from "./forms";
export { KeptActs } from "./kept";
export { OtherButtons } from "./other";
export { PremisesBrief } from "./premises";
export { upload } from "../link/upload";
