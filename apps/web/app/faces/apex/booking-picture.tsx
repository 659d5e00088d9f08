import { Check } from "lucide-react";

const DAYS = [
  ["Mon", "23", ""],
  ["Tue", "24", "6"],
  ["Wed", "25", "9"],
  ["Thu", "26", ""],
  ["Fri", "27", "3"],
] as const;

const TIMES = ["10:00", "10:20", "10:40", "11:20", "14:00", "14:20"] as const;

/** A picture of the thing itself, drawn with the product's own tokens: a day, its times, one chosen. */
export function BookingPicture() {
  return (
    <div aria-hidden="true" className="relative mx-auto w-full max-w-md pb-10 select-none lg:max-w-none">
      <div className="rounded-sheet border border-border bg-raised px-5 pt-5 pb-12 sm:px-6 sm:pt-6">
        <p className="text-16 text-muted">Check-up with Dr Mokoena</p>
        <div className="mt-4 grid grid-cols-5 gap-1.5">
          {DAYS.map(([weekday, day, count]) => (
            <div
              key={day}
              className={`rounded-card py-2 text-center ${
                day === "24" ? "bg-brand text-on-brand" : count ? "border border-border" : "text-muted"
              }`}
            >
              <p className="text-13">{weekday}</p>
              <p className="tabular text-18 font-semibold">{day}</p>
              <p className="tabular text-13">{count || "none"}</p>
            </div>
          ))}
        </div>
        <p className="mt-6 text-16 font-semibold">Tue 24 Nov</p>
        <div className="mt-2 grid grid-cols-3 gap-2">
          {TIMES.map((time) => (
            <div key={time} className={`tabular grid h-12 place-items-center rounded-input text-16 ${lookOf(time)}`}>
              {time === "11:20" ? <span className="text-14 font-semibold">Taken</span> : time}
            </div>
          ))}
        </div>
      </div>
      <div className="absolute end-4 bottom-0 flex items-center gap-3 rounded-card border border-border bg-raised py-3 ps-3 pe-5 shadow-popover sm:end-8">
        <span className="grid size-10 place-items-center rounded-full bg-brand text-on-brand">
          <Check className="size-5" strokeWidth={2.5} />
        </span>
        <span>
          <span className="block text-16 font-semibold">You are booked</span>
          <span className="tabular block text-14 text-muted">Tue 24 Nov, 10:40</span>
        </span>
      </div>
    </div>
  );
}

function lookOf(time: string): string {
  if (time === "10:40") return "bg-brand font-semibold text-on-brand";
  if (time === "11:20") return "border border-dashed border-border-strong bg-sunken text-muted";
  return "border border-border-strong font-semibold";
}
