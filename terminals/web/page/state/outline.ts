/** What the county has given to be drawn under the premises: the lines of a file in GeoJSON (RFC 7946), WGS 84. */

/** Longitude and latitude in degrees, from one end to the other; a border ends where it begins. */
export type Line = readonly (readonly [number, number])[];

type Members = Record<string, unknown>;

function listOf(value: unknown, what: string): unknown[] {
  if (!Array.isArray(value)) throw new Error(`${what} is no list`);
  return value;
}

function lineOf(value: unknown): Line {
  return listOf(value, "coordinates").map((position) => {
    const [lon, lat] = listOf(position, "a position");
    const isPlace = typeof lon === "number" && typeof lat === "number" && Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
    if (!isPlace) throw new Error(`[${String(lon)}, ${String(lat)}] is no longitude and latitude`);
    return [lon, lat] as const;
  });
}

// The lines of a geometry, which lie in its coordinates at different depths; points are not drawn.
const LINES: Record<string, (coordinates: unknown) => unknown[]> = {
  LineString: (line) => [line],
  MultiLineString: (lines) => listOf(lines, "coordinates"),
  Polygon: (rings) => listOf(rings, "coordinates"),
  MultiPolygon: (polygons) => listOf(polygons, "coordinates").flatMap((rings) => listOf(rings, "a polygon")),
};
const POINTS = ["Point", "MultiPoint"];

/** All lines of an object of GeoJSON. Throws an Error that says what is wrong with it. */
export function linesOf(value: unknown): Line[] {
  const object = (typeof value === "object" && value !== null ? value : {}) as Members;
  const type = String(object["type"]);
  const lines = LINES[type];
  if (type === "FeatureCollection") return listOf(object["features"], "features").flatMap(linesOf);
  if (type === "GeometryCollection") return listOf(object["geometries"], "geometries").flatMap(linesOf);
  if (type === "Feature") return object["geometry"] === null ? [] : linesOf(object["geometry"]);
  if (POINTS.includes(type)) return [];
  if (lines === undefined) throw new Error(`the type "${type}" is none of GeoJSON's`);
  return lines(object["coordinates"]).map(lineOf);
}
