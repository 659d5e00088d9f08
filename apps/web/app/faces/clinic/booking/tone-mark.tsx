import { Check, Hourglass, Minus } from "lucide-react";
import type { Tone } from "./heading.ts";

const LOOKS = {
  good: { icon: Check, look: "bg-brand text-on-brand" },
  waiting: { icon: Hourglass, look: "bg-amber-soft text-amber-word" },
  over: { icon: Minus, look: "bg-grey-soft text-grey-word" },
} as const;

/** The round mark beside a heading; the heading says the same in words. */
export function ToneMark({ tone }: { tone: Tone }) {
  const { icon: Icon, look } = LOOKS[tone];
  return (
    <span aria-hidden="true" className={`mt-0.5 grid size-12 shrink-0 place-items-center rounded-full ${look}`}>
      <Icon className="size-6" strokeWidth={2.5} />
    </span>
  );
}
