import { Notice } from "@pulsecal/ui/app";
import { Check, Circle } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useLiveEvents } from "../../lib/live.tsx";
import { useReadAgain } from "../../lib/read-again.ts";
import { useMe } from "./portal.tsx";
import type { StaffEvent } from "./types.ts";

/** What is left until patients can book. Gone, by itself, the moment the platform has approved the clinic. */
export function PracticeCard() {
  const { clinic } = useMe();
  const readAgain = useReadAgain();
  useLiveEvents<StaffEvent>((event) => {
    if (event.type === "clinic.approved") readAgain();
  });
  if (clinic.status !== "practice") return null;
  return (
    <Notice tone="info" title="Practice mode: patients cannot book yet" className="mb-5">
      <ol className="mt-2 grid gap-x-8 gap-y-1 sm:grid-cols-2">
        <Step done>Your email address is confirmed</Step>
        <Step>
          <Link to="/portal/settings/hours">Set your hours</Link>
        </Step>
        <Step>
          <Link to="/portal/settings/services">Check your services and prices</Link>
        </Step>
        <Step>PulseCal approves your clinic. This page changes by itself.</Step>
      </ol>
    </Notice>
  );
}

function Step({ done = false, children }: { done?: boolean; children: ReactNode }) {
  return (
    <li className="flex items-center gap-2 py-0.5">
      {done ? (
        <Check aria-hidden="true" className="size-4 shrink-0 text-success" />
      ) : (
        <Circle aria-hidden="true" className="size-4 shrink-0 text-muted" />
      )}
      <span>
        {children}
        {done ? <span className="sr-only"> (done)</span> : null}
      </span>
    </li>
  );
}
