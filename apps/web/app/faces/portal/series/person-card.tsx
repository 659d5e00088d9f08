import { Button, Card, Notice, TextField } from "@pulsecal/ui/app";
import { useEffect, useRef } from "react";
import { type PersonTyped, nobodyTyped } from "../agenda/person-form.ts";
import type { SeriesAnswer } from "./act.server.ts";

type PersonProps = {
  typed: PersonTyped | undefined;
  problems: NonNullable<SeriesAnswer["problems"]>;
  /** what is booked, in a sentence */
  summary: string;
  button: string;
  /** what the button says while it has to wait */
  pending: string | null;
};

/** Whom the series is for, and the one button that books all of it. */
export function PersonCard({ typed = nobodyTyped, problems, summary, button, pending }: PersonProps) {
  const text = (id: "name" | "phone" | "email" | "reason") => ({
    id: `person-${id}`,
    name: id,
    defaultValue: typed[id],
    error: problems.find((one) => one.id === `person-${id}`)?.text,
    autoComplete: "off",
  });
  return (
    <Card title="Who is it for" id="who" className="min-w-0 flex-[1_1_20rem] self-start xl:sticky xl:top-4">
      <div className="flex flex-col gap-3 p-4">
        <TextField {...text("name")} label="Patient's name" maxLength={120} />
        <TextField {...text("phone")} label="Cell number" type="tel" maxLength={40} />
        <TextField {...text("email")} label="Email" type="email" maxLength={254} />
        <TextField {...text("reason")} label="Reason (optional)" rows={2} maxLength={1000} />
        <p className="border-t border-border pt-3 text-14 text-muted">{summary}</p>
        <Button
          type="submit"
          kind="primary"
          pending={pending !== null}
          pendingLabel={pending ?? ""}
          className="self-start"
        >
          {button}
        </Button>
      </div>
    </Card>
  );
}

type RefusedProps = { problem: string; lost: readonly string[] };

/** Why nothing was booked, said first: it takes focus, as it stands far from the button that was pressed. */
export function RefusedNotice({ problem, lost }: RefusedProps) {
  const box = useRef<HTMLDivElement>(null);
  const words =
    lost.length === 0
      ? problem
      : `${lost.length === 1 ? `${lost[0]} is not free any more.` : `These are not free any more: ${lost.join("; ")}.`} Below is how every date looks now. What you typed is still here.`;
  useEffect(() => box.current?.focus(), [words]);
  return (
    <div ref={box} tabIndex={-1}>
      <Notice tone="danger" role="alert" title="Nothing was booked">
        {words}
      </Notice>
    </div>
  );
}
