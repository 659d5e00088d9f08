import { Button, buttonClass } from "@pulsecal/ui/app";
import { useEffect, useRef, useState } from "react";
import { Link, useFetcher } from "react-router";
import { useHydrated } from "../../../lib/live.tsx";
import type { Staff } from "../types.ts";
import { answerText } from "./words.ts";

type Read = Staff["bookings"]["answers"];

/** What the patient answered when they booked. It is read only on a press, because every reading is logged. */
export function AnswersPart({ bookingId }: { bookingId: string }) {
  const hydrated = useHydrated();
  const { load, state, data } = useFetcher<Read | null>();
  const [open, setOpen] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const href = `/portal/agenda/answers/${bookingId}`;
  const read = data ?? null;
  useEffect(() => {
    if (open && read !== null) heading.current?.focus();
  }, [open, read]);
  const show = () => {
    setOpen(true);
    // Once read it stays: to hide and to show again is not another reading.
    if (read === null) void load(href);
  };
  return (
    <div className="mt-4 border-t border-border pt-3 text-14">
      {open && read !== null ? (
        <>
          <div className="mb-2 flex items-center justify-between gap-2">
            <h3 ref={heading} tabIndex={-1} className="font-semibold">
              Answers when booking
            </h3>
            <Button kind="quiet" onPress={() => setOpen(false)}>
              Hide
            </Button>
          </div>
          <AnswersList read={read} />
        </>
      ) : (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {hydrated ? (
            <Button onPress={show} pending={state !== "idle"} pendingLabel="Opening…">
              Show answers
            </Button>
          ) : (
            <Link to={href} className={buttonClass()}>
              Show answers
            </Link>
          )}
          <span className="text-13 text-muted">Opening them is logged.</span>
          {data === null && state === "idle" ? (
            <p role="alert" className="basis-full text-danger">
              They could not be opened now. Try again.
            </p>
          ) : null}
        </div>
      )}
    </div>
  );
}

/** Question and answer, in the order they were asked. */
export function AnswersList({ read }: { read: Read }) {
  if (read.erased) return <p className="text-14">These answers were erased with the patient's record.</p>;
  if (read.answers.length === 0) return <p className="text-14">Nothing was answered when this was booked.</p>;
  return (
    <dl className="flex flex-col gap-2 text-14">
      {read.answers.map((one) => (
        <div key={one.questionId}>
          <dt className="text-muted">{one.label}</dt>
          <dd className="font-semibold break-words whitespace-pre-line">{answerText(one)}</dd>
        </div>
      ))}
    </dl>
  );
}
