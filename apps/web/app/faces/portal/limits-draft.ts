/** The most there may be in a day and a week, of a service or with a person, a room or a device. */
export const limitKinds = [
  { name: "dayCount", label: "Visits a day", most: 1000 },
  { name: "dayMinutes", label: "Minutes a day", most: 1440 },
  { name: "weekCount", label: "Visits a week", most: 7000 },
  { name: "weekMinutes", label: "Minutes a week", most: 10_080 },
] as const;

type LimitName = (typeof limitKinds)[number]["name"];
/** Limits as they stand in a form; empty is no limit. */
export type LimitsDraft = Record<LimitName, string>;
/** null: no limit */
export type Limits = Record<LimitName, number | null>;

/** The four of them, each made from its name. */
export function eachLimit<T>(value: (name: LimitName) => T): Record<LimitName, T> {
  return {
    dayCount: value("dayCount"),
    dayMinutes: value("dayMinutes"),
    weekCount: value("weekCount"),
    weekMinutes: value("weekMinutes"),
  };
}

/** Saved limits as a form. */
export const draftOfLimits = (limits: Limits): LimitsDraft =>
  eachLimit((name) => (limits[name] === null ? "" : String(limits[name])));

/** Turns what was typed into limits; `say` is told what to change. A value that is wrong comes back as no limit. */
export function checkLimits(typed: LimitsDraft, say: (name: LimitName, text: string) => void): Limits {
  const limits = eachLimit<number | null>(() => null);
  for (const { name, label, most } of limitKinds) {
    const text = typed[name].trim();
    if (text === "") continue;
    const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (value <= most) limits[name] = value;
    else say(name, `${label}: enter a number from 0 to ${most}, or leave it empty`);
  }
  return limits;
}
