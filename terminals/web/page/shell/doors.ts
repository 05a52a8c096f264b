/** What is shown where a page cannot be opened: a script of its own, with its words, which most of the time nobody sees. */
import { sentences } from "../gen/later";
import { learn } from "../words";

learn({ sentences });

export { CodeDoor, Door, NotTheBus } from "./door";
