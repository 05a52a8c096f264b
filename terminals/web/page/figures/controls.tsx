/** Which period, and by what it is parted: all of it in the address, so that it can be kept and handed on. */
import { By } from "../gen/stats_pb";
import { type Choice, dayText, moved, type Period, rangeOf, readDay } from "../state/periods";
import { tr } from "../words";
import { byTitle, rangeTitle } from "./titles";

const BYS: readonly By[] = [By.BY_NOTHING, By.CIVIL_DAY, By.WEEK, By.MONTH, By.DUTY_SHIFT, By.TOWNSHIP, By.TEAM, By.DEPARTMENT, By.KIND];

interface ControlsProps {
  choice: Choice;
  today: number;
  choose(choice: Choice): void;
  download(): void;
  book(): void;
  canDownload: boolean;
}

function periods(): readonly (readonly [Period, string])[] {
  return [["day", tr("Day")], ["week", tr("Week")], ["month", tr("Month")], ["range", tr("From … to")], ["all", tr("All")]];
}

/** The one that is chosen keeps the days that were looked at, as far as it can. */
function withPeriod(choice: Choice, period: Period, today: number): Choice {
  const range = rangeOf(choice, today);
  const known = range.from === 0 ? { from: today, to: today } : range;
  if (period === "range") return { ...choice, period, range: known };
  const at = today >= known.from && today <= known.to ? 0 : known.from;
  return { ...choice, period, at: choice.period === "all" ? 0 : at };
}

function Dates({ choice, choose }: Pick<ControlsProps, "choice" | "choose">) {
  const { range } = choice;
  const set = (from: number | undefined, to: number | undefined): void => {
    if (from !== undefined && to !== undefined) choose({ ...choice, range: { from: Math.min(from, to), to: Math.max(from, to) } });
  };
  return (
    <span class="dates">
      <input type="date" aria-label={tr("First day")} value={dayText(range.from)} onChange={(event) => set(readDay(event.currentTarget.value), range.to)} />
      {" – "}
      <input type="date" aria-label={tr("Last day")} value={dayText(range.to)} onChange={(event) => set(range.from, readDay(event.currentTarget.value))} />
    </span>
  );
}

export function Controls({ choice, today, choose, download, book, canDownload }: ControlsProps) {
  return (
    <form class="controls" onSubmit={(event) => event.preventDefault()}>
      <fieldset>
        <legend>{tr("Period")}</legend>
        {periods().map(([period, title]) => (
          <label key={period} class="choice">
            <input type="radio" name="period" value={period} checked={choice.period === period} onChange={() => choose(withPeriod(choice, period, today))} />
            <span>{title}</span>
          </label>
        ))}
      </fieldset>
      <span class="step">
        <button type="button" aria-label={tr("Earlier")} disabled={choice.period === "all"} onClick={() => choose(moved(choice, today, -1))}>‹</button>
        {choice.period === "range" ? <Dates choice={choice} choose={choose} /> : <output>{rangeTitle(rangeOf(choice, today))}</output>}
        <button type="button" aria-label={tr("Later")} disabled={choice.period === "all"} onClick={() => choose(moved(choice, today, 1))}>›</button>
      </span>
      <fieldset>
        <legend>{tr("By")}</legend>
        {BYS.map((by) => (
          <label key={by} class="choice">
            <input type="radio" name="by" value={by} checked={choice.by === by} onChange={() => choose({ ...choice, by })} />
            <span>{byTitle(by)}</span>
          </label>
        ))}
      </fieldset>
      <span class="out">
        <button type="button" disabled={!canDownload} onClick={download}>{tr("Save as CSV")}</button>
        <button type="button" disabled={!canDownload} onClick={book}>{tr("Save as XLSX")}</button>
        <button type="button" onClick={() => print()}>
          {tr("Print")} <kbd>F9</kbd>
        </button>
      </span>
    </form>
  );
}
