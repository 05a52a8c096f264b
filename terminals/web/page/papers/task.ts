/** What is done on the page of papers: they are read, or one is issued or served. */
import type { Chosen } from "../state/issuing";

export type Task = { is: "read"; told: string } | { is: "issue"; about: Partial<Chosen> } | { is: "serve" };

export const READ: Task = { is: "read", told: "" };
