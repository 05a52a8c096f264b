/** Coordinates of the ledger (WGS 84) on a plane in metres: a county is small enough for one scale. */

export interface Point {
  x: number; // to the east
  y: number; // to the south, as a screen has it
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const METRES_A_DEGREE = 111_320; // of latitude

/** The plane that touches the earth at a latitude. */
export class Plane {
  private readonly metresEast: number;

  constructor(latitude: number) {
    this.metresEast = METRES_A_DEGREE * Math.cos((latitude * Math.PI) / 180);
  }

  at(latE7: number, lonE7: number): Point {
    return { x: (lonE7 / 1e7) * this.metresEast, y: -(latE7 / 1e7) * METRES_A_DEGREE };
  }
}

export function boxOf(points: readonly Point[], margin: number): Box {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - left, Math.max(...ys) - top];
  const around = Math.max(width, height, 500) * margin;
  return { x: left - around, y: top - around, width: width + 2 * around, height: height + 2 * around };
}

/** The middle of those that lie nearest to each other: one wrong coordinate does not draw a label away. */
export function middle(points: readonly Point[]): Point {
  const mid = (all: number[]): number => all.sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
  return { x: mid(points.map(({ x }) => x)), y: mid(points.map(({ y }) => y)) };
}

export function zoomed({ x, y, width, height }: Box, by: number, at: Point): Box {
  return { x: at.x - (at.x - x) * by, y: at.y - (at.y - y) * by, width: width * by, height: height * by };
}

/** A round length that is at most as long as this: 1, 2 or 5 times a power of ten. */
export function roundLength(metres: number): number {
  const power = 10 ** Math.floor(Math.log10(metres));
  const times = metres / power;
  return (times >= 5 ? 5 : times >= 2 ? 2 : 1) * power;
}

export type Direction = "up" | "down" | "left" | "right";

/** Which point an arrow leads to: near, and rather ahead than aside. -1: there is none. */
export function neighbour(points: readonly Point[], from: Point, direction: Direction): number {
  let best = -1;
  let least = Infinity;
  points.forEach(({ x, y }, i) => {
    const [dx, dy] = [x - from.x, y - from.y];
    const ahead = { up: -dy, down: dy, left: -dx, right: dx }[direction];
    const aside = Math.abs(direction === "up" || direction === "down" ? dx : dy);
    if (ahead <= 0 || aside > 2 * ahead) return;
    const cost = ahead + 2 * aside;
    if (cost < least) [best, least] = [i, cost];
  });
  return best;
}
