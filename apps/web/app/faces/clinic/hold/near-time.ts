/** A free time with one doctor, offered in place of a lost one. */
export type NearTime = { start: Date; practitionerId: string };

/** A near time as the value of a button. */
export function nearValue(near: NearTime): string {
  return `${near.start.toISOString()} ${near.practitionerId}`;
}

/** What a button sent; null when another one was pressed. The API judges the rest. */
export function readNear(value: string): NearTime | null {
  const [iso = "", practitionerId = ""] = value.split(" ");
  const start = new Date(iso);
  return Number.isNaN(start.getTime()) || practitionerId === "" ? null : { start, practitionerId };
}
