// Periods, the table of figures, its file, the chart and what a wall shows: without a system.
import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { type CaseFile, CaseFileSchema } from "page/gen/casefile_pb";
import { AssignmentSchema, type Order, OrderSchema, Priority, Step } from "page/gen/dispatch_pb";
import { By, Figure, type FiguresAnswer, FiguresAnswerSchema } from "page/gen/stats_pb";
import { barsOf, partsIn, roundUp } from "page/figures/chart";
import { field, figuresCsv } from "page/figures/csv";
import { cellOf, openedOf } from "page/figures/grid";
import { beside, change, changeText, notesOf, partOf, tableOf, totalOf } from "page/figures/table";
import { command } from "page/figures/titles";
import { isAbout } from "page/state/cases";
import type { FiguresTold } from "page/state/figures";
import {
  around, dayOfMs, dayText, earlierOf, endText, moved, partName, type Range, rangeOf, rangeOfPart, readChoice, readDay, timeFor, weekday, writeChoice,
} from "page/state/periods";
import { fit, fitOrders, heightOf, isNight } from "page/wall/fit";
import { learnKinds, speak } from "page/words";

const day = (text: string): number => readDay(text) ?? NaN;
const range = (from: string, to: string): Range => ({ from: day(from), to: day(to) });

// -------------------------------------------------------------- periods

test("days are the county's, weeks ISO's, and what is no day is none", () => {
  assert.equal(dayText(dayOfMs(Date.parse("2015-07-15T16:00:00Z"))), "2015-07-16");
  assert.equal(dayText(dayOfMs(Date.parse("2015-07-15T15:59:59Z"))), "2015-07-15");
  assert.equal(weekday(day("2015-07-16")), 3);
  for (const wrong of ["2015-02-29", "2015-13-01", "15-01-01", "", "1969-12-31", "2015-01-01x"]) assert.equal(readDay(wrong), undefined, wrong);
  // The edges of years: ISO 8601.
  for (const [date, week] of [["2014-12-29", "2015-W01"], ["2015-12-31", "2015-W53"], ["2016-01-03", "2015-W53"], ["2016-01-04", "2016-W01"], ["2012-01-01", "2011-W52"]] as const) {
    assert.equal(partName(By.WEEK, day(date)), week);
  }
  for (const by of [By.CIVIL_DAY, By.WEEK, By.MONTH]) {
    for (let one = day("2014-12-01"); one < day("2017-02-01"); one++) {
      assert.deepEqual(rangeOfPart(by, partName(by, one)), around(by, one), `${by} ${dayText(one)}`);
    }
  }
  assert.equal(rangeOfPart(By.WEEK, "night"), undefined);
});

test("the period before is the month before a month, and else as many days", () => {
  assert.deepEqual(earlierOf(range("2015-04-01", "2015-04-30")), range("2015-03-01", "2015-03-31"));
  assert.deepEqual(earlierOf(range("2016-03-01", "2016-03-31")), range("2016-02-01", "2016-02-29"));
  assert.deepEqual(earlierOf(range("2015-04-01", "2015-04-15")), range("2015-03-17", "2015-03-31"));
  assert.deepEqual(earlierOf(range("2015-07-16", "2015-07-16")), range("2015-07-15", "2015-07-15"));
  assert.equal(earlierOf({ from: 0, to: 0 }), undefined);
  assert.equal(earlierOf({ from: 3, to: 9 }), undefined);
});

test("a choice is kept in the address, and bad addresses are those of this month", () => {
  const today = day("2015-07-16");
  const month = readChoice("?lang=en");
  assert.deepEqual(rangeOf(month, today), range("2015-07-01", "2015-07-31"));
  for (const query of ["?period=day", "?period=week&at=2015-03-04&by=team", "?period=range&from=2015-03-01&to=2015-03-15&by=shift", "?period=all&by=kind"]) {
    assert.deepEqual(readChoice(writeChoice("?lang=en", readChoice(query))), readChoice(query), query);
    assert.equal(new URLSearchParams(writeChoice("?lang=en", readChoice(query))).get("lang"), "en");
  }
  for (const query of ["?period=year", "?period=range&from=2015-03-01&to=2015-02-01", "?period=range", "?by=nonsense"]) {
    assert.deepEqual(rangeOf(readChoice(query), today), range("2015-07-01", "2015-07-31"), query);
  }
  assert.deepEqual(rangeOf(moved(month, today, -1), today), range("2015-06-01", "2015-06-30"));
  assert.deepEqual(rangeOf(moved(readChoice("?period=range&from=2015-03-01&to=2015-03-10"), today, 1), today), range("2015-03-11", "2015-03-20"));
  assert.deepEqual(moved(readChoice("?period=all"), today, 1), readChoice("?period=all"));
  assert.equal(timeFor(range("2015-01-01", "2015-02-01")), By.CIVIL_DAY);
  assert.equal(timeFor(range("2015-01-01", "2015-12-31")), By.WEEK);
  assert.equal(timeFor({ from: 0, to: 0 }), By.WEEK);
});

// -------------------------------------------------------------- the table

type Line = [Figure, string, number] | [Figure, string, number, string];

function answer(counts: Line[], parts: Line[] = []): FiguresAnswer {
  return create(FiguresAnswerSchema, {
    counts: counts.map(([figure, kind, total]) => ({ figure, kind, total: BigInt(total) })),
    parts: parts.map(([figure, kind, total, part = ""]) => ({ figure, kind, total: BigInt(total), part })),
    firstDay: day("2015-03-05"),
    lastDay: day("2015-05-20"),
  });
}

function told(asked: Range, by: By, now: FiguresAnswer, before?: FiguresAnswer): FiguresTold {
  const earlier = before === undefined ? undefined : earlierOf(asked);
  const asOf = { $typeName: "lq.Position" as const, stream: "stats", seq: 1n, hash: new Uint8Array(0) };
  return { asked: { range: asked, earlier, by, parted: by }, now, before, asOf, counted: [] };
}

const OPERATIONS = { figure: Figure.OPERATIONS, kind: undefined };
const SEALED = { figure: Figure.SEALED, kind: undefined };
const LEDGER = { figure: Figure.LEDGER, kind: undefined };

test("a figure with kinds is their sum, and a kind of either period has its row", () => {
  const now = answer([[Figure.OPERATIONS, "", 5], [Figure.SEALED, "transformer", 2], [Figure.SEALED, "cupola", 3]]);
  const both = told(range("2015-04-01", "2015-04-30"), By.BY_NOTHING, now, answer([[Figure.SEALED, "coal_boiler", 4]]));
  const table = tableOf(both, By.BY_NOTHING);
  assert.deepEqual(table.rows.filter((row) => row.figure === Figure.SEALED).map((row) => row.kind), [undefined, "transformer", "cupola", "coal_boiler"]);
  assert.equal(totalOf(SEALED, now), 5);
  assert.equal(totalOf({ figure: Figure.SEALED, kind: "coal_boiler" }, now), 0);
});

test("shares are in tenths of a percent, half of one rounded away from zero", () => {
  assert.equal(changeText(58, 53), "+9.4%");
  assert.equal(changeText(23, 31), "-25.8%");
  assert.equal(changeText(0, 7), "-100%");
  assert.equal(changeText(3, 0), "—");
  assert.equal(changeText(7, 7), "0%");
  assert.equal(change(2001, 2000), 1); // 0.5 thousandths
  assert.equal(change(1999, 2000), -1);
});

test("a day, week or month is beside the one before it, across both periods, if both are whole", () => {
  const now = answer([[Figure.OPERATIONS, "", 9]], [[Figure.OPERATIONS, "", 4, "2015-W18"], [Figure.OPERATIONS, "", 5, "2015-W19"]]);
  const before = answer([[Figure.OPERATIONS, "", 7]], [[Figure.OPERATIONS, "", 6, "2015-W18"], [Figure.OPERATIONS, "", 1, "2015-W17"]]);
  const may = told(range("2015-05-01", "2015-05-31"), By.WEEK, now, before);
  assert.equal(beside(OPERATIONS, "2015-W19", By.WEEK, may), 10); // 27 April to 3 May lies in both
  assert.equal(beside(OPERATIONS, "2015-W18", By.WEEK, may), undefined); // it is not whole here
  const alone = told(range("2015-05-01", "2015-05-31"), By.CIVIL_DAY, answer([], [[Figure.OPERATIONS, "", 2, "2015-05-02"]]));
  assert.equal(beside(OPERATIONS, "2015-05-01", By.CIVIL_DAY, alone), undefined);
  assert.equal(beside(OPERATIONS, "2015-05-03", By.CIVIL_DAY, alone), 2);
  // A state is not added up.
  const ledger = told(range("2015-05-01", "2015-05-31"), By.WEEK, answer([], [[Figure.LEDGER, "closed", 50, "2015-W18"]]), answer([], [[Figure.LEDGER, "closed", 48, "2015-W18"]]));
  assert.equal(beside(LEDGER, "2015-W19", By.WEEK, ledger), 50);
});

test("a township is beside itself, also one that only the period before has", () => {
  const now = answer([[Figure.OPERATIONS, "", 3]], [[Figure.OPERATIONS, "", 3, "甲镇"]]);
  const before = answer([[Figure.OPERATIONS, "", 2]], [[Figure.OPERATIONS, "", 2, "乙镇"]]);
  const both = told(range("2015-05-01", "2015-05-31"), By.TOWNSHIP, now, before);
  const table = tableOf(both, By.TOWNSHIP);
  assert.deepEqual([...table.parts].sort(), ["乙镇", "甲镇"].sort());
  assert.equal(table.rows.length, 1); // of the others nothing is counted so
  assert.equal(partOf(OPERATIONS, "乙镇", now), 0);
  assert.equal(beside(OPERATIONS, "乙镇", By.TOWNSHIP, both), 2);
});

test("what does not add up is told, as lq does", () => {
  const team = told(range("2015-05-01", "2015-05-31"), By.TEAM, answer([[Figure.OPERATIONS, "", 1]], [[Figure.OPERATIONS, "", 1, "T01"], [Figure.OPERATIONS, "", 1, "T02"]]));
  assert.deepEqual(notesOf(tableOf(team, By.TEAM), team).map((note) => [note.is, note.sum, note.total]), [["overlap", 2, 1]]);
  const shift = told(range("2015-05-01", "2015-05-31"), By.DUTY_SHIFT, answer([[Figure.OPERATIONS, "", 5]], [[Figure.OPERATIONS, "", 3, "day"]]));
  assert.deepEqual(notesOf(tableOf(shift, By.DUTY_SHIFT), shift).map((note) => note.is), ["none"]);
  const week = told(range("2015-05-01", "2015-05-31"), By.WEEK, answer([[Figure.LEDGER, "closed", 5]], [[Figure.LEDGER, "closed", 3, "2015-W19"]]));
  assert.deepEqual(notesOf(tableOf(week, By.WEEK), week).map((note) => note.is), ["state"]);
});

test("a cell's records are asked for by what the cell is of", () => {
  const may = range("2015-05-01", "2015-05-31");
  assert.deepEqual(cellOf(OPERATIONS, By.WEEK, "2015-W18", may).range, range("2015-05-01", "2015-05-03"));
  assert.equal(cellOf(OPERATIONS, By.TEAM, "T01", may).team, "T01");
  assert.equal(cellOf(OPERATIONS, By.TOWNSHIP, "甲镇", may).township, "甲镇");
  assert.equal(cellOf(OPERATIONS, By.DUTY_SHIFT, "night", may).dutyShift, "night");
  assert.equal(cellOf(OPERATIONS, By.DEPARTMENT, "unknown", may).department, "unknown");
  assert.equal(cellOf(SEALED, By.KIND, "cupola", may).kind, "cupola");
  const asked = { range: may, earlier: earlierOf(may), by: By.MONTH, parted: By.MONTH };
  assert.deepEqual(openedOf(OPERATIONS, By.MONTH, "2015-05", asked).earlier?.range, range("2015-04-01", "2015-04-30"));
  assert.deepEqual(openedOf(OPERATIONS, By.TEAM, "T01", asked).earlier, cellOf(OPERATIONS, By.TEAM, "T01", range("2015-04-01", "2015-04-30")));
});

// -------------------------------------------------------------- the file

test("fields are quoted as lq quotes them, and no text becomes a formula", () => {
  for (const [text, written] of [["甲厂", "甲厂"], ["a,b", '"a,b"'], ['a"b', '"a""b"'], ["=1+1", "'=1+1"], ["-5", "'-5"], ["＝1", "'＝1"], [" a", '" a"'], ["a\r\nb", '"a\r\nb"'], ["@,", `"'@,"`]] as const) {
    assert.equal(field(text), written);
  }
  assert.equal(field(-5), "-5");
  assert.equal(field(undefined), "");
});

test("the file has each total or part once, and the words of the page", () => {
  const now = answer([[Figure.OPERATIONS, "", 5], [Figure.SEALED, "cupola", 3]], [[Figure.OPERATIONS, "", 5, "甲镇"], [Figure.SEALED, "cupola", 3, "甲镇"]]);
  const april = range("2015-04-01", "2015-04-30");
  assert.equal(figuresCsv(told(april, By.TOWNSHIP, now), By.TOWNSHIP).text, "figure,kind,township,count\r\n行动,,甲镇,5\r\n封存,冲天炉,甲镇,3\r\n");
  assert.deepEqual(figuresCsv(told(april, By.KIND, now), By.KIND), { rows: 1, text: "figure,kind,count\r\n封存,冲天炉,3\r\n" });
  // A kind of the county's own has the county's word, and without one is written as lq writes it.
  const own = answer([[Figure.SEALED, "fan_motor", 2]]);
  assert.equal(figuresCsv(told(april, By.KIND, own), By.KIND).text, "figure,kind,count\r\n封存,fan_motor,2\r\n");
  learnKinds({ fan_motor: "风机电机" });
  assert.equal(figuresCsv(told(april, By.KIND, own), By.KIND).text, "figure,kind,count\r\n封存,风机电机,2\r\n");
  speak("en");
  assert.equal(figuresCsv(told(april, By.KIND, own), By.KIND).text, "figure,kind,count\r\nsealed,fan_motor,2\r\n");
  speak("zh");
  learnKinds({});
  const beforeToo = figuresCsv(told(april, By.BY_NOTHING, now, answer([[Figure.SEALED, "coal_boiler", 4]])), By.BY_NOTHING).text;
  assert.match(beforeToo, /^figure,kind,count,earlier,difference,change_permille\r\n行动,,5,0,5,\r\n[\s\S]*封存,冲天炉,3,0,3,\r\n封存,燃煤锅炉,0,4,-4,-1000\r\n/);
});

test("the command that is told asks for the same", () => {
  const asked = (one: Range, by: By) => ({ range: one, earlier: earlierOf(one), by, parted: by });
  assert.equal(command(asked(range("2015-04-01", "2015-04-30"), By.BY_NOTHING), By.BY_NOTHING), "lq stats --from 2015-04-01 --to 2015-04-30 --compare 2015-03");
  assert.equal(command(asked(range("2015-08-01", "2015-08-31"), By.BY_NOTHING), By.BY_NOTHING), "lq stats --from 2015-08-01 --to 2015-08-31 --compare last");
  assert.equal(command(asked({ from: 0, to: 0 }, By.TEAM), By.TEAM), "lq stats --by team");
});

// -------------------------------------------------------------- the chart, terms, cases

test("the chart has each day, also one of which nothing is counted, and the period before behind it", () => {
  const now = answer([], [[Figure.OPERATIONS, "", 2, "2015-04-03"]]);
  const before = answer([], [[Figure.OPERATIONS, "", 7, "2015-03-02"]]);
  const bars = barsOf(OPERATIONS, By.CIVIL_DAY, told(range("2015-04-01", "2015-04-30"), By.CIVIL_DAY, now, before));
  assert.equal(bars.length, 30);
  assert.deepEqual(bars.slice(1, 3), [{ name: "2015-04-02", now: 0, before: 7 }, { name: "2015-04-03", now: 2, before: 0 }]);
  const all = barsOf(OPERATIONS, By.MONTH, told({ from: 0, to: 0 }, By.MONTH, now));
  assert.deepEqual(all.map((bar) => bar.name), ["2015-03", "2015-04", "2015-05"]);
  assert.deepEqual(partsIn(By.WEEK, range("2015-12-30", "2016-01-05")), ["2015-W53", "2016-W01"]);
  assert.deepEqual([0, 1, 6, 11, 20, 21, 5214].map(roundUp), [1, 1, 10, 20, 20, 50, 10000]);
});

test("a term in days ends with its last day, the county's own at an instant", () => {
  const midnight = BigInt(Date.parse("2015-08-15T16:00:00Z"));
  assert.equal(endText({ rule: "SZ6", dueMs: midnight } as never), "2015-08-15");
  assert.equal(endText({ rule: "OP-ACK", dueMs: midnight } as never), "2015-08-16 00:00");
  assert.equal(endText({ rule: "SZ16", dueMs: midnight + 60_000n } as never), "2015-08-16 00:01");
});

test("a case is asked for again by what happened to it, and never because somebody has read it", () => {
  const file: CaseFile = create(CaseFileSchema, { caseRow: { number: "C001" }, suspects: [{ number: "X001" }] });
  const is = (body: unknown): boolean => isAbout(body as never, file);
  assert.equal(is({ case: "caseSolved", value: { number: "C001" } }), true);
  assert.equal(is({ case: "suspectIdentified", value: { number: "X009", caseNumber: "C001" } }), true);
  assert.equal(is({ case: "stepTaken", value: { kind: "suspect", number: "X001" } }), true);
  assert.equal(is({ case: "corrected", value: { kind: "suspect", number: "C001/X001" } }), true);
  assert.equal(is({ case: "caseSolved", value: { number: "C002" } }), false);
  assert.equal(is({ case: "readingRecorded", value: { number: "C001" } }), false);
  assert.equal(is({ case: undefined }), true);
});

// -------------------------------------------------------------- the wall

function order(number: string, steps: Step[], priority = Priority.ROUTINE): Order {
  const assignments = steps.map((step, i) => create(AssignmentSchema, { team: `T0${i}`, step }));
  return create(OrderSchema, { number, priority, assignments });
}

test("the wall shows who has not answered before all others, and counts what has no room", () => {
  const many = Array.from({ length: 30 }, (_, i) => order(`O${i}`, [Step.ON_SCENE]));
  const { shown, more } = fitOrders([...many, order("O99", [Step.STEP_UNSPECIFIED], Priority.FLASH)]);
  assert.equal(shown[0]?.number, "O99");
  assert.equal(shown.length + more, 31);
  assert(shown.reduce((sum, one) => sum + heightOf(one), 0) <= 80);
  assert.deepEqual(fit([1, 1, 1], (one) => one, 3, 1), { shown: [1, 1, 1], more: 0 });
  assert.deepEqual(fit([1, 1, 1, 1], (one) => one, 3, 1), { shown: [1, 1], more: 2 });
  assert(heightOf(order("O1", [Step.STEP_UNSPECIFIED, Step.STEP_UNSPECIFIED, Step.STEP_UNSPECIFIED])) > heightOf(order("O1", [Step.STEP_UNSPECIFIED])));
});

test("a team that is late to depart takes more room on the wall, and none is shown that has none", () => {
  const slow = order("O1", [Step.ACKNOWLEDGED, Step.ACKNOWLEDGED, Step.ACKNOWLEDGED]);
  const late = (): Map<string, number> => new Map(["T00", "T01", "T02"].map((team) => [team, 1_000]));
  assert(heightOf(slow, late) > heightOf(slow));
  const many = Array.from({ length: 30 }, () => slow);
  const { shown, more } = fitOrders(many, late);
  assert(more > fitOrders(many).more);
  assert(shown.reduce((sum, one) => sum + heightOf(one, late), 0) <= 80);
});

test("the wall is dark at night, by the county's clock", () => {
  const at = (text: string): number => Date.parse(`2015-07-16T${text}+08:00`);
  assert.deepEqual(["06:59", "07:00", "18:59", "19:00", "00:00"].map((time) => isNight(at(time), null)), [true, false, false, true, true]);
  assert.equal(isNight(at("12:00"), "night"), true);
  assert.equal(isNight(at("00:00"), "day"), false);
});
