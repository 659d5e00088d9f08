import { ButtonLink } from "@pulsecal/ui/site";
import { CalendarCheck, Hourglass, Undo2 } from "lucide-react";
import { FindForm } from "./find-form.tsx";
import { BookingPicture } from "./booking-picture.tsx";

export function headers() {
  return { "Cache-Control": "private, no-cache" };
}

const PROMISES = [
  {
    icon: CalendarCheck,
    title: "Times that are really free",
    text: "When someone takes a time, it goes from your screen too.",
  },
  {
    icon: Hourglass,
    title: "Kept while you type",
    text: "Choose a time and it is yours for ten minutes. No account needed.",
  },
  { icon: Undo2, title: "Plans change", text: "Cancel from the link in your email, and someone else can come." },
] as const;

const FOR_CLINICS = [
  "Your own web address, within a minute",
  "Hours, services and doctors on one page each",
  "Bookings land in your agenda as they are made",
  "Confirmations and reminders send themselves",
] as const;

export default function Landing() {
  return (
    <>
      <title>PulseCal: book a clinic visit</title>
      <meta name="description" content="See the free times of your clinic and book one. No account needed." />
      <section className="mx-auto grid max-w-6xl items-center gap-12 px-4 pt-10 pb-16 sm:px-6 lg:grid-cols-[1.1fr_1fr] lg:gap-16 lg:pt-16 lg:pb-24">
        <div>
          <h1 className="text-40 font-semibold tracking-tight text-balance lg:text-56">Book a clinic visit.</h1>
          <p className="mt-4 max-w-[34ch] text-20 text-muted text-pretty">
            Find your clinic, see its free times, choose one. That is all.
          </p>
          <div className="mt-8">
            <FindForm />
          </div>
        </div>
        <BookingPicture />
      </section>
      <section aria-label="What you can count on" className="border-y border-border bg-raised">
        <ul className="mx-auto grid max-w-6xl gap-8 px-4 py-12 sm:px-6 md:grid-cols-3">
          {PROMISES.map(({ icon: Icon, title, text }) => (
            <li key={title} className="grid grid-cols-[auto_1fr] gap-x-4">
              <Icon aria-hidden="true" className="mt-0.5 size-6 text-brand" strokeWidth={1.75} />
              <h2 className="text-18 font-semibold">{title}</h2>
              <p className="col-start-2 mt-1 text-16 text-muted">{text}</p>
            </li>
          ))}
        </ul>
      </section>
      <section className="bg-band text-on-band">
        <div className="mx-auto grid max-w-6xl gap-10 px-4 py-16 sm:px-6 lg:grid-cols-2 lg:items-center lg:py-20">
          <div>
            <h2 className="text-30 font-semibold tracking-tight text-balance lg:text-40">
              For clinics: be open for booking today.
            </h2>
            <p className="mt-3 max-w-[44ch] text-18 text-pretty text-on-band-muted">
              Three short questions, and you have a working practice to try. We check it with you, then patients can
              book.
            </p>
            <ButtonLink href="/start" kind="accent" className="mt-8 max-sm:w-full">
              Start free
            </ButtonLink>
          </div>
          <ul className="grid gap-px overflow-hidden rounded-card">
            {FOR_CLINICS.map((line) => (
              <li key={line} className="flex items-center gap-4 bg-on-band/8 px-5 py-4 text-18">
                <span aria-hidden="true" className="size-2 shrink-0 rounded-full bg-accent" />
                {line}
              </li>
            ))}
          </ul>
        </div>
      </section>
    </>
  );
}
