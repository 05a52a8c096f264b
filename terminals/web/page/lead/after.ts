/** What the card has beside the orders: a script of its own, which comes once they are shown. */
export { OpenLeadForm } from "./forms";
export { KeptActs } from "./kept";
