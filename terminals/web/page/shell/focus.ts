/**
 * Keeps the focus where somebody works: what had it may be taken away by what happens (a button whose team has finished, an order
 * that is drawn elsewhere, a form that is done), and then the browser forgets where it was. Who has no mouse would begin at the
 * top of the page again.
 */
import { useEffect } from "preact/hooks";

const AROUND = "article, .pane"; // from the narrowest on; those that take the focus

/** What had the focus, and by what it is found again where it was drawn anew. */
interface Had {
  element: HTMLElement;
  part: string | null;
  around: { element: HTMLElement; id: string }[];
}

function remember(element: HTMLElement): Had {
  const around: Had["around"] = [];
  for (let at = element.closest<HTMLElement>(AROUND); at !== null; at = at.parentElement?.closest<HTMLElement>(AROUND) ?? null) {
    if (at.hasAttribute("tabindex")) around.push({ element: at, id: at.id });
  }
  return { element, part: element.getAttribute("data-part"), around };
}

/** The same, or the nearest that is still there of what was around it; else the first pane. */
function nearest({ element, part, around }: Had): HTMLElement | null {
  if (element.isConnected) return element;
  const again = part === null ? null : document.querySelector<HTMLElement>(`[data-part=${JSON.stringify(part)}]`);
  if (again !== null) return again;
  for (const one of around) {
    const found = one.element.isConnected ? one.element : document.getElementById(one.id);
    if (found !== null) return found;
  }
  return document.querySelector<HTMLElement>("main .pane[tabindex]");
}

function hasTaken({ removedNodes }: MutationRecord, { element }: Had): boolean {
  return [...removedNodes].some((node) => node.contains(element) || node instanceof HTMLDialogElement);
}

export function useKeptFocus(): void {
  useEffect(() => {
    let had: Had | undefined;
    const note = ({ target }: FocusEvent): void => {
      // Of a form that is left it goes back to where it was before.
      if (target instanceof HTMLElement && target.closest("dialog") === null) had = remember(target);
    };
    const left = ({ target }: PointerEvent): void => {
      if (target instanceof Element && target.closest("dialog") === null) had = undefined; // what is touched may take it
    };
    const look = (records: MutationRecord[]): void => {
      const lost = had;
      if (lost !== undefined && document.activeElement === document.body && records.some((one) => hasTaken(one, lost))) nearest(lost)?.focus();
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { childList: true, subtree: true });
    addEventListener("focusin", note);
    addEventListener("pointerdown", left, { capture: true });
    return () => {
      observer.disconnect();
      removeEventListener("focusin", note);
      removeEventListener("pointerdown", left, { capture: true });
    };
  }, []);
}
