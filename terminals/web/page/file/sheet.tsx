/** A file over the panes of the desk. */
import type { SheetProps } from "../desk/sheets";
import { FileLink } from "../shell/file_link";
import { tr } from "../words";
import { FileView } from "./file";

export function FileSheet({ desk, nowMs, mayIssue, sheet, show, open }: SheetProps) {
  if (sheet.is !== "file") return null;
  const { kind, number } = sheet;
  const target = kind === "order" ? desk.dispatch.orders.get(number)?.target : undefined;
  return (
    <>
      <p class="ways">
        {kind === "premises" && mayIssue && (
          <button type="button" class="small" onClick={() => open({ is: "issue", target: number })}>{tr("New order to %s", number)}</button>
        )}
        {target !== undefined && (
          <FileLink number={target} open={(one) => show({ is: "file", kind: "premises", number: one })}>{tr("File of %s", target)}</FileLink>
        )}
      </p>
      <FileView desk={desk} of={{ kind, number }} nowMs={nowMs} heading="h3" />
    </>
  );
}
