/** One row of the figures drawn: bars over time, or one beside another, with the period before behind them. */
import { By } from "../gen/stats_pb";
import type { FiguresTold } from "../state/figures";
import { around, isTime, partName, type Range } from "../state/periods";
import { tr } from "../words";
import { partOf, type Row } from "./table";
import { partTitle, wholeTitle } from "./titles";

export interface Bar {
  name: string;
  now: number;
  before: number | undefined;
}

const BARS_MOST = 400;

/** The names of all days, weeks or months of a range, also of those in which nothing is counted. */
export function partsIn(by: By, { from, to }: Range): string[] {
  const names: string[] = [];
  for (let day = from; day <= to && names.length < BARS_MOST; day = around(by, day).to + 1) names.push(partName(by, day));
  return names;
}

/** Where a range is open: from the first day that has anything to the last. */
function closed({ from, to }: Range, told: FiguresTold): Range {
  return { from: from === 0 ? told.now.firstDay : from, to: to === 0 ? told.now.lastDay : to };
}

export function barsOf(row: Row, by: By, told: FiguresTold): Bar[] {
  const { now, before, asked } = told;
  if (isTime(by)) {
    const range = closed(asked.range, told);
    if (range.from === 0) return [];
    const earlier = asked.earlier === undefined ? [] : partsIn(by, asked.earlier);
    return partsIn(by, range).map((name, i) => {
      const beside = earlier[i];
      return { name, now: partOf(row, name, now), before: beside === undefined ? undefined : partOf(row, beside, before) };
    });
  }
  const names = new Set([...now.parts, ...(before?.parts ?? [])].filter((one) => one.figure === row.figure).map((one) => one.part));
  const bars = [...names].map((name) => ({ name, now: partOf(row, name, now), before: before && partOf(row, name, before) }));
  return bars.filter((bar) => bar.now !== 0 || (bar.before ?? 0) !== 0).sort((a, b) => b.now - a.now || (a.name < b.name ? -1 : 1));
}

/** A round number that is no less, for the axis: 1, 2 or 5 times a power of ten. */
export function roundUp(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, most)));
  return [1, 2, 5, 10].map((one) => one * power).find((one) => one >= most) ?? most;
}

interface DrawnProps {
  bars: Bar[];
  by: By;
  label: string;
  open(part: string): void;
}

const WIDTH = 640, HEIGHT = 230, LEFT = 40, BOTTOM = 24, TOP = 8, WIDEST = 60;

function label(by: By, { name, now, before }: Bar): string {
  const text = `${partTitle(by, name)}: ${now}`;
  return before === undefined ? text : `${text} (${tr("period before: %d", before)})`;
}

/** "2015-07-16" as "07-16": the heading has the year. */
function short(by: By, name: string): string {
  return by === By.CIVIL_DAY ? name.slice(5) : name.slice(2);
}

function Columns({ bars, by, label: title, open }: DrawnProps) {
  const most = roundUp(Math.max(...bars.flatMap((bar) => [bar.now, bar.before ?? 0])));
  const high = HEIGHT - BOTTOM - TOP;
  const step = (WIDTH - LEFT) / bars.length;
  const y = (value: number): number => TOP + high - (Math.max(0, value) / most) * high;
  const every = Math.ceil(bars.length / 10);
  const wide = Math.min(step * 0.84, WIDEST);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={title} class="chart">
      {[0, most / 2, most].map((value) => (
        <g key={value}>
          <line class="axis" x1={LEFT} x2={WIDTH} y1={y(value)} y2={y(value)} />
          {Number.isInteger(value) && <text class="tick" x={LEFT - 5} y={y(value) + 4} text-anchor="end">{value}</text>}
        </g>
      ))}
      {bars.map((bar, i) => (
        <g key={bar.name} class="bar" onClick={() => open(bar.name)}>
          <title>{label(by, bar)}</title>
          <rect class="hit" x={LEFT + i * step} y={TOP} width={step} height={high} />
          {bar.before !== undefined && <rect class="before" x={LEFT + (i + 0.5) * step - wide / 2} width={wide} y={y(bar.before)} height={TOP + high - y(bar.before)} />}
          <rect class="now" x={LEFT + (i + 0.5) * step - wide / 3} width={(wide * 2) / 3} y={y(bar.now)} height={TOP + high - y(bar.now)} />
          {i % every === 0 && <text class="tick" x={LEFT + (i + 0.5) * step} y={HEIGHT - 7} text-anchor="middle">{short(by, bar.name)}</text>}
        </g>
      ))}
    </svg>
  );
}

const LINE = 24, NAMES = 110, NUMBERS = 70;

function Lines({ bars, by, label: title, open }: DrawnProps) {
  const most = Math.max(1, ...bars.flatMap((bar) => [bar.now, bar.before ?? 0]));
  const wide = WIDTH - NAMES - NUMBERS;
  const x = (value: number): number => (Math.max(0, value) / most) * wide;
  return (
    <svg viewBox={`0 0 ${WIDTH} ${Math.max(1, bars.length) * LINE}`} role="img" aria-label={title} class="chart">
      {bars.map((bar, i) => (
        <g key={bar.name} class="bar" onClick={() => open(bar.name)}>
          <title>{label(by, bar)}</title>
          <rect class="hit" x={0} y={i * LINE} width={WIDTH} height={LINE} />
          <text x={NAMES - 8} y={i * LINE + 16} text-anchor="end">{partTitle(by, bar.name)}</text>
          {bar.before !== undefined && <rect class="before" x={NAMES} y={i * LINE + 2} width={x(bar.before)} height={LINE - 4} />}
          <rect class="now" x={NAMES} y={i * LINE + 6} width={x(bar.now)} height={LINE - 12} />
          <text x={NAMES + Math.max(x(bar.now), x(bar.before ?? 0)) + 6} y={i * LINE + 16}>{bar.now}</text>
        </g>
      ))}
    </svg>
  );
}

export function Chart({ row, by, told, open }: { row: Row; by: By; told: FiguresTold; open(part: string): void }) {
  const bars = barsOf(row, by, told);
  const title = wholeTitle(row);
  const drawn = { bars, by, open, label: tr("Chart: %s, %d columns; the table has the numbers", title, bars.length) };
  return (
    <section class="pane drawing" aria-labelledby="chart-title">
      <h2 id="chart-title">
        {title}
        <span class="count">
          <i class="key now" /> {tr("this period")} {told.before !== undefined && <><i class="key before" /> {tr("the one before")}</>}
        </span>
      </h2>
      {bars.length === 0 ? <p class="empty">{tr("Nothing of it is counted so.")}</p> : isTime(by) ? <Columns {...drawn} /> : <Lines {...drawn} />}
    </section>
  );
}
