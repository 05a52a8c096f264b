/** How far something is, and in which direction: on the ellipsoid of WGS 84, as far as a county reaches. */

export interface Place {
  latitude: number; // degrees, to the north
  longitude: number; // to the east
}

export interface Bearing {
  metres: number;
  degrees: number; // from the north, clockwise: 0 to less than 360
}

// Half the major axis, and the square of the eccentricity.
const A = 6_378_137;
const E2 = 0.006_694_379_990_14;

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** By the radii of curvature half way: within 100 km a metre in a kilometre is not reached. */
export function bearing(from: Place, to: Place): Bearing {
  const sine = Math.sin(radians((from.latitude + to.latitude) / 2));
  const bent = 1 - E2 * sine * sine;
  const north = radians(to.latitude - from.latitude) * ((A * (1 - E2)) / bent ** 1.5);
  const east = radians(to.longitude - from.longitude) * (A / Math.sqrt(bent)) * Math.sqrt(1 - sine * sine);
  const degrees = (Math.atan2(east, north) * 180) / Math.PI;
  return { metres: Math.hypot(north, east), degrees: (degrees + 360) % 360 };
}

/** Which of the eight winds it is: 0 is north, 1 north-east. */
export function wind(degrees: number): number {
  return Math.round(degrees / 45) % 8;
}
