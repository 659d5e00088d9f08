import { ButtonLink, TextLink } from "@pulsecal/ui/site";
import { Check } from "lucide-react";
import { redirect } from "react-router";
import { pulse } from "../../../lib/trpc.server.ts";
import type { Route } from "./+types/ready";
import { readDone } from "./sign-up-state.server.ts";

export function loader({ context, request }: Route.LoaderArgs) {
  const p = pulse(context);
  const done = readDone(p, request);
  if (!done) throw redirect("/start", 303);
  const { links } = p.ctx.s;
  return { ...done, portal: links.clinic(done.slug, "/portal"), site: links.clinic(done.slug, "/") };
}

export default function StartReady({ loaderData }: Route.ComponentProps) {
  const { clinicName, email, portal, site } = loaderData;
  const host = new URL(site).host;
  const steps = [
    {
      title: "Confirm your email",
      text: (
        <>
          We sent a link to <strong className="font-semibold wrap-anywhere">{email}</strong>. It works for 24 hours.
        </>
      ),
    },
    {
      title: "Sign in and set your hours",
      text: "Monday to Friday, 08:00 to 17:00 with a lunch hour, is already there.",
    },
    { title: "Check your services", text: "A consultation of 20 minutes is already there. Set its price." },
    {
      title: "We check your clinic",
      text: "Then patients can book. Until then you are in practice mode: only staff see times.",
    },
  ];
  return (
    <div className="mx-auto max-w-2xl px-4 pt-8 pb-20 sm:px-6 sm:pt-14">
      <title>{`${clinicName} is set up · PulseCal`}</title>
      <span aria-hidden="true" className="grid size-12 place-items-center rounded-full bg-brand text-on-brand">
        <Check className="size-6" strokeWidth={2.5} />
      </span>
      <h1 className="mt-5 text-30 font-semibold tracking-tight text-balance">{clinicName} is set up</h1>
      <p className="mt-2 text-18 text-muted">
        Its address is <TextLink href={site}>{host}</TextLink>
      </p>
      <h2 className="mt-10 text-20 font-semibold">What comes next</h2>
      <ol className="mt-4 divide-y divide-border rounded-card border border-border bg-raised">
        {steps.map((step, index) => (
          <li key={step.title} className="grid grid-cols-[auto_1fr] gap-x-4 p-5">
            <span
              aria-hidden="true"
              className="tabular row-span-2 grid size-8 place-items-center rounded-full bg-brand-soft text-16 font-semibold text-brand"
            >
              {index + 1}
            </span>
            <h3 className="text-18 font-semibold">{step.title}</h3>
            <p className="text-16 text-muted">{step.text}</p>
          </li>
        ))}
      </ol>
      <ButtonLink href={portal} className="mt-8 max-sm:w-full">
        Go to the portal
      </ButtonLink>
    </div>
  );
}
