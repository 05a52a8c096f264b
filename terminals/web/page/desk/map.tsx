/**
 * The map (地图): the ledger's coordinates without tiles. What is open stands out at any scale; everything on it is also in the
 * list beside it, which is for who cannot see it, and for whoever would rather type.
 */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Order } from "../gen/dispatch_pb";
import { type Entry, Status, StatusSchema } from "../gen/ledger_pb";
import { FileLink } from "../shell/file_link";
import { memo } from "../shell/memo";
import type { Desk } from "../state/desk";
import { grouped } from "../state/group";
import { type Line, linesOf } from "../state/outline";
import { type Box, boxOf, type Direction, middle, neighbour, Plane, type Point, roundLength, zoomed } from "../state/plane";
import { tr, word } from "../words";
import { silentTeams } from "../state/orders";
import type { SheetProps } from "./sheets";

// -------------------------------------------------------------- what is on it

interface Place extends Point {
  entry: Entry;
  number: string;
  name: string;
  township: string;
  orders: Order[]; // that are open there
}

interface Township extends Point {
  name: string;
  size: number; // so many premises
}

interface Drawn {
  plane: Plane;
  places: Place[]; // that have coordinates
  townships: Township[];
  whole: Box;
  without: number; // so many premises have no coordinates
}

function isSilent(place: Place): boolean {
  return place.orders.some((order) => silentTeams(order).length > 0);
}

function placesOf(desk: Desk, entries: readonly Entry[]): Drawn {
  const known = entries.filter(({ premises }) => premises !== undefined && (premises.latE7 !== 0 || premises.lonE7 !== 0));
  const latitudes = known.map(({ premises }) => premises?.latE7 ?? 0).sort((a, b) => a - b);
  const plane = new Plane((latitudes[Math.floor(latitudes.length / 2)] ?? 0) / 1e7);
  const open = grouped(desk.dispatch.orders.values(), ({ target }) => target);
  const places = known.map((entry): Place => {
    const { number = "", name = "", township = "", latE7 = 0, lonE7 = 0 } = entry.premises ?? {};
    return { ...plane.at(latE7, lonE7), entry, number, name, township, orders: open.get(number) ?? [] };
  });
  const byTownship = grouped(places, ({ township }) => township);
  const townships = [...byTownship].filter(([name]) => name !== "").map(([name, all]) => ({ name, size: all.length, ...middle(all) }));
  return { plane, places, townships, whole: places.length === 0 ? { x: 0, y: 0, width: 1, height: 1 } : boxOf(places, 0.06), without: entries.length - known.length };
}

function statusText({ status }: Entry): string {
  return status === Status.NO_STATUS ? "" : word(StatusSchema, status);
}

/** In words, for the line under the map and for who hears it. */
function describe({ number, name, township, entry, orders }: Place): string {
  const said = orders.map((order) => `${order.number} ${order.assignments.map((part) => part.team).join(" ")} ${silentTeams(order).length > 0 ? tr("Not answered") : ""}`.trim());
  return [number, name, township, statusText(entry), ...said].filter(Boolean).join(" · ");
}

// -------------------------------------------------------------- drawing

interface PicturePart {
  drawn: Drawn;
  box: Box;
  metresAPixel: number;
}

const LETTER = 13; // pixels

/** Those whose names do not lie over one another at this scale, the largest first: nearer, more of them are there. */
function legible(townships: readonly Township[], metresAPixel: number): Township[] {
  const drawn: Township[] = [];
  const isClear = (a: Township, b: Township): boolean => {
    const width = ((a.name.length + b.name.length) / 2) * LETTER * metresAPixel;
    return Math.abs(a.x - b.x) > width || Math.abs(a.y - b.y) > 1.3 * LETTER * metresAPixel;
  };
  for (const one of [...townships].sort((a, b) => b.size - a.size)) if (drawn.every((other) => isClear(one, other))) drawn.push(one);
  return drawn;
}

function Townships({ drawn, metresAPixel }: PicturePart) {
  return (
    <g class="townships" font-size={LETTER * metresAPixel} aria-hidden="true">
      {legible(drawn.townships, metresAPixel).map(({ name, x, y }) => (
        <text key={name} x={x} y={y} stroke-width={3 * metresAPixel}>
          {name}
        </text>
      ))}
    </g>
  );
}

/** The county's borders, roads and rivers, where it has given any. */
const Outline = memo(({ lines, plane, metresAPixel }: { lines: readonly Line[]; plane: Plane; metresAPixel: number }) => {
  const at = ([lon, lat]: Line[number]): string => {
    const { x, y } = plane.at(lat * 1e7, lon * 1e7);
    return `${Math.round(x)},${Math.round(y)}`;
  };
  if (lines.length === 0) return null;
  return <path class="outline" aria-hidden="true" stroke-width={1.5 * metresAPixel} d={lines.map((line) => `M${line.map(at).join("L")}`).join("")} />;
});

function Dot({ place, metresAPixel, marked }: { place: Place; metresAPixel: number; marked: boolean }) {
  return <circle class={`place status${place.entry.status}${marked ? " marked" : ""}`} cx={place.x} cy={place.y} r={(marked ? 7 : 4) * metresAPixel} data-place={place.number} />;
}

/** Those that are not marked: there are many, and they seldom change. */
const Dots = memo(({ places, metresAPixel }: { places: readonly Place[]; metresAPixel: number }) => (
  <g>
    {places.map((one) => <Dot key={one.number} place={one} metresAPixel={metresAPixel} marked={false} />)}
  </g>
));

/** An open order: a ring that no scale makes small, and its number. */
function OpenMark({ place, metresAPixel }: { place: Place; metresAPixel: number }) {
  const r = 13 * metresAPixel;
  return (
    <g class={`open${isSilent(place) ? " silent" : ""}`} data-place={place.number}>
      <circle cx={place.x} cy={place.y} r={r} stroke-width={4 * metresAPixel} data-place={place.number} />
      <text x={place.x + 1.3 * r} y={place.y + 0.4 * r} font-size={14 * metresAPixel} stroke-width={4 * metresAPixel}>
        {place.orders.map(({ number }) => number).join(" ")}
      </text>
    </g>
  );
}

function ScaleBar({ box, metresAPixel }: PicturePart) {
  const metres = roundLength(140 * metresAPixel);
  const [x, y] = [box.x + 14 * metresAPixel, box.y + box.height - 14 * metresAPixel];
  return (
    <g class="scale" font-size={12 * metresAPixel} aria-hidden="true">
      <path d={`M${x},${y - 5 * metresAPixel}V${y}H${x + metres}V${y - 5 * metresAPixel}`} stroke-width={2 * metresAPixel} />
      <text x={x} y={y - 8 * metresAPixel} stroke-width={3 * metresAPixel}>
        {metres >= 1000 ? tr("%d km", metres / 1000) : tr("%d m", metres)}
      </text>
    </g>
  );
}

/** How large the picture is on the screen. */
function useSize(): [{ current: SVGSVGElement | null }, { width: number; height: number }] {
  const svg = useRef<SVGSVGElement>(null);
  const [size, setSize] = useState({ width: 800, height: 500 });
  useEffect(() => {
    if (svg.current === null) return;
    const observer = new ResizeObserver(([seen]) => {
      if (seen !== undefined && seen.contentRect.width > 0) setSize({ width: seen.contentRect.width, height: seen.contentRect.height });
    });
    observer.observe(svg.current);
    return () => observer.disconnect();
  }, []);
  return [svg, size];
}

/** As much more to one side as the picture is wider or higher than the box. */
function fitted({ x, y, width, height }: Box, size: { width: number; height: number }): Box {
  const scale = Math.max(width / size.width, height / size.height);
  const [w, h] = [size.width * scale, size.height * scale];
  return { x: x - (w - width) / 2, y: y - (h - height) / 2, width: w, height: h };
}

// -------------------------------------------------------------- moving in it

const ARROWS: Record<string, Direction> = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" };
const STEP = 1.5;

interface PictureProps {
  drawn: Drawn;
  outline: readonly Line[];
  marked: string;
  mark(number: string): void;
  open(number: string): void;
}

function useView(drawn: Drawn, size: { width: number; height: number }) {
  const [view, setView] = useState<Box>();
  const box = fitted(view ?? drawn.whole, size);
  const zoom = (by: number, at: Point = { x: box.x + box.width / 2, y: box.y + box.height / 2 }): void => {
    // Not farther than the whole county twice over, and not nearer than a yard.
    const width = box.width * by;
    if (width < drawn.whole.width * 2.5 && width > 300) setView(zoomed(box, by, at));
  };
  /** So that a place is in the picture. */
  const reveal = ({ x, y }: Point): void => {
    const isIn = x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height;
    if (!isIn) setView({ ...box, x: x - box.width / 2, y: y - box.height / 2 });
  };
  const move = (dx: number, dy: number): void => setView({ ...box, x: box.x + dx, y: box.y + dy });
  return { box, zoom, reveal, move, all: () => setView(undefined) };
}

function placeAt(event: Event): string {
  return (event.target as Element).getAttribute("data-place") ?? "";
}

function Picture({ drawn, outline, marked, mark, open }: PictureProps) {
  const [svg, size] = useSize();
  const { box, zoom, reveal, move, all } = useView(drawn, size);
  const metresAPixel = box.width / size.width;
  const place = drawn.places.find(({ number }) => number === marked);
  const dragged = useRef(false);
  useEffect(() => {
    if (place !== undefined) reveal(place);
  }, [marked]);
  const key = (event: KeyboardEvent): void => {
    const direction = ARROWS[event.key];
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (direction !== undefined) {
      const from = place ?? { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      mark(drawn.places[neighbour(drawn.places, from, direction)]?.number ?? marked);
    } else if (event.key === "Enter" && place !== undefined) open(place.number);
    else if (event.key === "+" || event.key === "=") zoom(1 / STEP, place);
    else if (event.key === "-") zoom(STEP, place);
    else if (event.key === "0") all();
    else return;
    event.preventDefault();
  };
  const wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const { left, top } = (event.currentTarget as Element).getBoundingClientRect();
    zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2, { x: box.x + (event.clientX - left) * metresAPixel, y: box.y + (event.clientY - top) * metresAPixel });
  };
  const drag = (event: PointerEvent): void => {
    if (event.buttons !== 1) return void (dragged.current = false);
    if (Math.abs(event.movementX) + Math.abs(event.movementY) > 1) dragged.current = true;
    move(-event.movementX * metresAPixel, -event.movementY * metresAPixel);
  };
  const part = { drawn, box, metresAPixel };
  return (
    <div class="picture">
      <svg
        ref={svg} viewBox={`${box.x} ${box.y} ${box.width} ${box.height}`} tabindex={0} role="application"
        aria-label={tr("Map of the premises: arrows go from one to the next, Enter opens its file, + and - change the scale, 0 shows all")}
        aria-describedby="map-marked" onKeyDown={key} onWheel={wheel} onPointerMove={drag}
        onPointerOver={(event) => placeAt(event) !== "" && mark(placeAt(event))}
        onClick={(event) => !dragged.current && placeAt(event) !== "" && open(placeAt(event))}
      >
        <Outline lines={outline} plane={drawn.plane} metresAPixel={metresAPixel} />
        <Dots places={drawn.places.filter(({ number }) => number !== marked)} metresAPixel={metresAPixel} />
        <Townships {...part} />
        {drawn.places.filter(({ orders }) => orders.length > 0).map((one) => <OpenMark key={one.number} place={one} metresAPixel={metresAPixel} />)}
        {place !== undefined && <Dot place={place} metresAPixel={metresAPixel} marked />}
        <ScaleBar {...part} />
      </svg>
      <p class="zoom">
        <button type="button" aria-label={tr("Nearer")} onClick={() => zoom(1 / STEP)}>+</button>
        <button type="button" aria-label={tr("Farther")} onClick={() => zoom(STEP)}>−</button>
        <button type="button" onClick={all}>{tr("All")}</button>
      </p>
      <p id="map-marked" class="marked" aria-live="polite">{place === undefined ? tr("%d premises", drawn.places.length) : describe(place)}</p>
    </div>
  );
}

// -------------------------------------------------------------- the list beside it

const STATUSES = [Status.NO_STATUS, Status.SUSPENDED, Status.INSPECTED, Status.RECTIFICATION_STARTED, Status.RECTIFICATION_COMPLETED, Status.ACCEPTED, Status.CLOSED];
const LISTED_MOST = 60;

function Legend({ places, only, choose }: { places: readonly Place[]; only: Status | undefined; choose(status: Status | undefined): void }) {
  return (
    <ul class="legend">
      {STATUSES.map((status) => {
        const count = places.filter(({ entry }) => entry.status === status).length;
        if (count === 0) return null;
        return (
          <li key={status}>
            <button type="button" aria-pressed={only === status} onClick={() => choose(only === status ? undefined : status)}>
              <svg viewBox="0 0 12 12" aria-hidden="true"><circle class={`place status${status}`} cx="6" cy="6" r="4.5" /></svg>
              {status === Status.NO_STATUS ? tr("no status") : word(StatusSchema, status)} <b class="number">{count}</b>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

interface ListProps {
  places: readonly Place[];
  marked: string;
  mark(number: string): void;
  open(number: string): void;
}

function List({ places, marked, mark, open }: ListProps) {
  // What is open stands first.
  const listed = [...places].sort((a, b) => Number(b.orders.length > 0) - Number(a.orders.length > 0));
  return (
    <ul class="places" aria-label={tr("Premises on the map")}>
      {listed.slice(0, LISTED_MOST).map((place) => (
        <li key={place.number} class={`${place.number === marked ? "marked" : ""}${place.orders.length > 0 ? " open" : ""}`} onFocusIn={() => mark(place.number)} onPointerEnter={() => mark(place.number)}>
          <FileLink number={place.number} open={open}>{`${place.number} ${place.name}`}</FileLink>{" "}
          <span class="quiet">{[place.township, statusText(place.entry)].filter(Boolean).join(" · ")}</span>{" "}
          {place.orders.length > 0 && <b class="alarm">{place.orders.map((order) => order.number).join(" ")} {isSilent(place) ? tr("Not answered") : ""}</b>}
        </li>
      ))}
      {listed.length > LISTED_MOST && <li class="quiet">{tr("and %d more: type a name, or choose a status", listed.length - LISTED_MOST)}</li>}
    </ul>
  );
}

interface Told {
  lines: readonly Line[];
  trouble: string;
}

/** Asks for what lianqin-web was given to be drawn (web.outline). */
function useOutline(): Told {
  const [told, tell] = useState<Told>({ lines: [], trouble: "" });
  useEffect(() => {
    fetch("/outline.geojson")
      .then(async (response) => tell({ lines: linesOf(await response.json()), trouble: "" }))
      .catch((error: unknown) => tell({ lines: [], trouble: String(error) }));
  }, []);
  return told;
}

export function MapSheet({ desk, places: known, show }: SheetProps) {
  const [marked, mark] = useState("");
  const [typed, setTyped] = useState("");
  const [only, setOnly] = useState<Status>();
  const outline = useOutline();
  const orders = desk.dispatch.orders.values().map((order) => `${order.number} ${order.target} ${silentTeams(order).length}`).join();
  const drawn = useMemo(() => placesOf(desk, known.entries), [known.entries, orders]);
  const found = useMemo(() => (typed.trim() === "" ? undefined : new Set(known.index.find(typed).map(({ item }) => item.premises?.number))), [typed, known.index]);
  const open = (number: string): void => show({ is: "file", kind: "premises", number });
  if (!known.isKnown) return <p class="quiet">{tr("The premises are being asked for …")}</p>;
  if (drawn.places.length === 0) return <p class="empty">{tr("No premises of the ledger have coordinates.")}</p>;
  const shown = drawn.places.filter(({ number, entry, orders: here }) => (found?.has(number) ?? true) && (only === undefined || entry.status === only || here.length > 0));
  return (
    <div class="map">
      <Picture drawn={{ ...drawn, places: shown }} outline={outline.lines} marked={marked} mark={mark} open={open} />
      <div class="beside">
        <label>
          {tr("Find")} <input value={typed} autocomplete="off" placeholder={tr("number, name, or initials: xxltt")} onInput={(event) => setTyped(event.currentTarget.value)} />
        </label>
        <Legend places={drawn.places} only={only} choose={setOnly} />
        {outline.trouble !== "" && <p class="quiet">{tr("The outline of the county (web.outline) cannot be drawn: %s", outline.trouble)}</p>}
        {drawn.without > 0 && <p class="quiet">{tr("%d premises have no coordinates and are not on the map.", drawn.without)}</p>}
        <List places={shown} marked={marked} mark={mark} open={open} />
      </div>
    </div>
  );
}
