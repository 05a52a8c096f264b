/**
 * The figures as a book for spreadsheets (ECMA-376): the same rows as the CSV, numbers as numbers, days as days and never a
 * formula; the second sheet says what was asked for. It is what `lq stats … --xlsx` writes.
 */
import { strToU8, zipSync } from "fflate";
import type { By } from "../gen/stats_pb";
import type { FiguresTold } from "../state/figures";
import { instant } from "../state/periods";
import { language, tr } from "../words";
import { checksum, csvOf, figuresRows, type Value } from "./csv";
import { byTitle, command } from "./titles";

const PLAIN = 0, BOLD = 1, DAY = 2; // styles, as STYLES has them
const DAY_MS = 86_400_000;
const FIRST_DAY = 25_569; // 1 January 1970, in days of a spreadsheet
const WIDTH_MOST = 60;

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const STYLES =
  `${XML}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>` +
  '<fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills>' +
  '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf fontId="1" applyFont="1"/>' +
  '<xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>';

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function textCell(text: string, style: number): string {
  return `<c s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
}

function cell(value: Value, style: number): string {
  if (value === undefined || value === "") return "<c/>";
  if (typeof value === "number") return `<c s="${style}"><v>${value}</v></c>`;
  const day = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00:00Z`) / DAY_MS + FIRST_DAY : NaN;
  return Number.isNaN(day) ? textCell(value, style) : `<c s="${DAY}"><v>${day}</v></c>`;
}

function widthOf(rows: readonly (readonly Value[])[], column: number): number {
  const widths = rows.map((row) => [...String(row[column] ?? "")].reduce((sum, one) => sum + (one > "\u2e7f" ? 2 : 1), 0));
  return Math.min(WIDTH_MOST, Math.max(...widths) + 2);
}

/** `styleOf` a cell by its row and column, from 0 on. */
function sheet(rows: readonly (readonly Value[])[], styleOf: (row: number, column: number) => number, view: string): string {
  const columns = (rows[0] ?? []).map((_, i) => `<col min="${i + 1}" max="${i + 1}" width="${widthOf(rows, i)}" customWidth="1"/>`);
  const lines = rows.map((row, i) => `<row r="${i + 1}">${row.map((value, j) => cell(value, styleOf(i, j))).join("")}</row>`);
  return `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">${view}</sheetView></sheetViews><cols>${columns.join("")}</cols><sheetData>${lines.join("")}</sheetData></worksheet>`;
}

const HEAD_STAYS = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>';

function bookOf(names: readonly string[], sheets: readonly string[]): Blob {
  const each = (text: (name: string, number: number) => string): string => names.map((name, i) => text(escaped(name), i + 1)).join("");
  const parts: Record<string, string> = {
    "[Content_Types].xml":
      `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
      `<Override PartName="/xl/workbook.xml" ContentType="${KIND}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${KIND}.styles+xml"/>` +
      `${each((_, n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${KIND}.worksheet+xml"/>`)}</Types>`,
    "_rels/.rels": `${XML}<Relationships xmlns="${RELATIONS}"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${each((name, n) => `<sheet name="${name}" sheetId="${n}" r:id="rId${n}"/>`)}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels":
      `${XML}<Relationships xmlns="${RELATIONS}">${each((_, n) => `<Relationship Id="rId${n}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${n}.xml"/>`)}` +
      `<Relationship Id="rId${names.length + 1}" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
    "xl/styles.xml": STYLES,
  };
  sheets.forEach((one, i) => (parts[`xl/worksheets/sheet${i + 1}.xml`] = one));
  const files = Object.fromEntries(Object.entries(parts).map(([path, text]) => [path, strToU8(text)]));
  return new Blob([zipSync(files) as Uint8Array<ArrayBuffer>], { type: `${KIND}.sheet` });
}

/** What stands over a column; `by` is what the figures are parted by. */
function heading(key: Value, by: By): string {
  switch (key) {
    case "figure":
      return tr("Figure");
    case "kind":
      return tr("Kind");
    case "count":
      return tr("Count");
    case "earlier":
      return tr("Period before");
    case "difference":
      return tr("Difference");
    case "change_permille":
      return tr("Change, per mille");
    default:
      return byTitle(by);
  }
}

export async function figuresBook(told: FiguresTold): Promise<Blob> {
  const by = told.asked.parted;
  const [keys = [], ...rows] = figuresRows(told, by);
  const about: Value[][] = [
    [tr("asked for"), `${command(told.asked, by)}${language === "zh" ? " --words zh" : ""}`],
    [tr("as of record"), `stats#${told.asOf.seq}`],
    [tr("written at"), instant(Date.now())],
    [tr("SHA-256 of the rows as CSV"), await checksum(csvOf([keys, ...rows]))],
    [tr("rows"), rows.length],
  ];
  const table = [keys.map((key) => heading(key, by)), ...rows];
  return bookOf([tr("Figures"), tr("About")], [sheet(table, (row) => (row === 0 ? BOLD : PLAIN), HEAD_STAYS), sheet(about, (_, column) => (column === 0 ? BOLD : PLAIN), "")]);
}
