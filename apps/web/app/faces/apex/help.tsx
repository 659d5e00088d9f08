import { TextLink } from "@pulsecal/ui/site";
import type { ReactNode } from "react";

const QUESTIONS: readonly { q: string; a: ReactNode }[] = [
  {
    q: "How do I book a visit?",
    a: (
      <>
        <TextLink href="/find">Find your clinic</TextLink>, press Book a visit and choose a time. You need no account.
      </>
    ),
  },
  {
    q: "How do I cancel?",
    a: "Open the link in your confirmation email and press Cancel. If it is too late for that, call the clinic.",
  },
  {
    q: "I did not get an email",
    a: "Look in your spam folder. If it is not there, call the clinic: they can see your booking.",
  },
  {
    q: "Who sees what I write?",
    a: "Only the clinic you book at. PulseCal keeps it for the clinic and shows it to nobody else.",
  },
  {
    q: "I work at a clinic",
    a: (
      <>
        <TextLink href="/clinic-sign-in">Sign in to your clinic</TextLink>, or{" "}
        <TextLink href="/start">open a new one</TextLink>.
      </>
    ),
  },
];

export default function Help() {
  return (
    <div className="mx-auto max-w-2xl px-4 pt-8 pb-20 sm:px-6 sm:pt-12">
      <title>Help · PulseCal</title>
      <h1 className="text-30 font-semibold tracking-tight">Help</h1>
      <dl className="mt-8 divide-y divide-border border-y border-border">
        {QUESTIONS.map(({ q, a }) => (
          <div key={q} className="py-5">
            <dt className="text-20 font-semibold">{q}</dt>
            <dd className="mt-1 text-18 text-muted">{a}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-8 text-18">In an emergency call 112. A booking page is not the right place.</p>
    </div>
  );
}
