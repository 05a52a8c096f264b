/** F9 prints, whatever the browser does with it. */
import { useEffect } from "preact/hooks";

export function usePrintKey(): void {
  useEffect(() => {
    const key = (event: KeyboardEvent): void => {
      if (event.key !== "F9" || event.isComposing) return;
      event.preventDefault();
      print();
    };
    addEventListener("keydown", key);
    return () => removeEventListener("keydown", key);
  }, []);
}
