/** What the page of papers fetches when a paper is issued or served. */
export { Issuing } from "../state/issuing";
export { IssuePanes } from "./issue";
export { ServeForm, Started } from "./serve";
