import { Button, TextField, TextLink } from "@pulsecal/ui/site";
import { redirect } from "react-router";
import { pulse } from "../../lib/trpc.server.ts";
import type { Route } from "./+types/clinic-sign-in";

/** Asks which clinic and sends there: each clinic's portal lives, and signs in, on its own host. */
export function loader({ context, url }: Route.LoaderArgs) {
  const { links } = pulse(context).ctx.s;
  const slug = (url.searchParams.get("clinic") ?? "").trim().toLowerCase();
  if (/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(slug)) throw redirect(links.clinic(slug, "/portal/sign-in"), 303);
  return { slug, suffix: `.${new URL(links.apex("/")).host}` };
}

export default function ClinicSignIn({ loaderData }: Route.ComponentProps) {
  const { slug, suffix } = loaderData;
  return (
    <div className="mx-auto max-w-xl px-4 pt-10 pb-20 sm:px-6 sm:pt-14">
      <title>{`${slug ? "Error: " : ""}Sign in to your clinic · PulseCal`}</title>
      <h1 className="text-30 font-semibold tracking-tight">Sign in to your clinic</h1>
      <p className="mt-2 text-18 text-muted">Staff sign in at their own clinic’s address. Patients need no account.</p>
      <form className="mt-8 grid gap-6">
        <TextField
          id="clinic"
          label="Your clinic’s address"
          suffix={suffix}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          defaultValue={slug}
          error={slug ? "Use only letters, digits and dashes, like sunrise" : undefined}
        />
        <Button className="max-sm:w-full sm:justify-self-start">Continue</Button>
      </form>
      <p className="mt-8 text-18">
        No clinic here yet? <TextLink href="/start">Start free</TextLink>
      </p>
    </div>
  );
}
