import { TextField } from "@pulsecal/ui/app";

type StretchProps = {
  /** makes ids differ where several of these stand on a page */
  prefix: string;
  valueOf: (name: string) => string;
  errorOf: (id: string) => string | undefined;
};

/** From a day and time to a day and time, on the clinic's clock; without a last day it ends on the first. */
export function StretchFields({ prefix, valueOf, errorOf }: StretchProps) {
  const field = (name: string, label: string) => ({
    id: `${prefix}-${name}`,
    name,
    label,
    defaultValue: valueOf(name),
    error: errorOf(name),
    inputClassName: "tabular-nums",
  });
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_5rem] items-end gap-x-3 gap-y-2">
      <TextField {...field("fromDate", "From day")} type="date" />
      <TextField {...field("fromTime", "From time")} inputMode="numeric" placeholder="08:00" />
      <TextField {...field("toDate", "To day (empty: the same day)")} type="date" />
      <TextField {...field("toTime", "To time")} inputMode="numeric" placeholder="17:00" />
    </div>
  );
}
