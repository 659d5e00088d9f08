import type { KeyboardEvent } from "react";
import { cx } from "./cx.ts";
import { controlClass } from "./field.tsx";
import { formatMinutes, parseMinutes, stepMinutes } from "./minutes.ts";

type MinuteFieldProps = {
  /** The whole name: day, which window, opening or closing. */
  label: string;
  name?: string;
  id?: string;
  value: string;
  onChange: (text: string) => void;
  invalid?: boolean;
  readOnly?: boolean;
  describedBy?: string | undefined;
  step?: number;
  className?: string;
};

/**
 * A time of day in the 24-hour clock, whatever the computer's own habit is. Takes "8", "8:30" and "0830", tidies on
 * leaving; arrows move by a quarter of an hour.
 */
export function MinuteField({
  label,
  value,
  onChange,
  invalid = false,
  describedBy,
  step = 15,
  className,
  ...rest
}: MinuteFieldProps) {
  const arrows = (event: KeyboardEvent<HTMLInputElement>) => {
    if (rest.readOnly || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    const minutes = parseMinutes(value);
    if (minutes === null) return;
    event.preventDefault();
    onChange(formatMinutes(stepMinutes(minutes, step, event.key === "ArrowUp" ? 1 : -1)));
  };
  const tidy = () => {
    const minutes = parseMinutes(value);
    if (minutes !== null && formatMinutes(minutes) !== value) onChange(formatMinutes(minutes));
  };
  return (
    <input
      {...rest}
      type="text"
      inputMode="numeric"
      autoComplete="off"
      maxLength={5}
      placeholder="08:00"
      aria-label={label}
      aria-invalid={invalid ? true : undefined}
      aria-describedby={describedBy}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onBlur={tidy}
      onKeyDown={arrows}
      className={cx(controlClass, "w-16 px-1 text-center tabular-nums", className)}
    />
  );
}
