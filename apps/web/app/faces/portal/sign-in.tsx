import { Button, Notice, TextField } from "@pulsecal/ui/app";
import { useEffect, useRef } from "react";
import { data, Form, redirect, useNavigation } from "react-router";
import { nextPath } from "../../lib/ask.server.ts";
import { textOf } from "../../lib/form.ts";
import { attempt } from "../../lib/refusal.server.ts";
import { keepTyped, unlessUnreached, unreachedText } from "../../lib/keep-typed.ts";
import { callerOf, pulse } from "../../lib/trpc.server.ts";
import type { Route } from "./+types/sign-in";

type Answer = { problem: string; email?: string; resend?: boolean } | { sent: true; email: string };

export async function loader({ context, request }: Route.LoaderArgs) {
  const params = new URL(request.url).searchParams;
  const next = nextPath(params.get("next"), "portal");
  if ((await attempt(() => callerOf(context).staff.me())).ok) throw redirect(next);
  return { verified: params.has("verified"), next, clinicName: pulse(context).ctx.clinic?.name ?? "" };
}

export async function action({ context, request }: Route.ActionArgs) {
  const form = await request.formData();
  const caller = callerOf(context);
  const text = (name: string) => textOf(form, name);
  const email = text("email").trim();
  if (text("intent") === "sign-out") {
    await caller.public.account.signOut();
    throw redirect("/portal/sign-in");
  }
  if (text("intent") === "resend") {
    // The answer is the same whether or not the address is known, or even an address.
    await attempt(() => caller.public.account.resendVerification({ email }));
    return { sent: true, email } satisfies Answer;
  }
  if (email === "" || text("password") === "") return refused(422, "Enter your email and your password", email);
  const signedIn = await attempt(() => caller.public.account.signIn({ email, password: text("password") }));
  if (!signedIn.ok) {
    const { code } = signedIn;
    if (code === "email_unverified")
      return refused(403, "Confirm your email address first. The link is in the mail we sent you.", email, true);
    if (code === "rate_limited") return refused(429, "Too many tries. Wait a minute, then try again.", email);
    return refused(401, "That email and password do not match. Check both and try again.", email);
  }
  throw redirect(nextPath(text("next"), "portal"));
}

const refused = (status: number, problem: string, email: string, resend = false) =>
  data({ problem, email, resend } satisfies Answer, { status });

export const clientAction = ({ serverAction }: Route.ClientActionArgs) => keepTyped(() => serverAction());
export const shouldRevalidate = unlessUnreached;

export default function SignIn({ loaderData, actionData }: Route.ComponentProps) {
  const pending = useNavigation().state === "submitting";
  const alert = useRef<HTMLDivElement>(null);
  const problem = actionData !== undefined && "problem" in actionData ? actionData : undefined;
  const email = actionData !== undefined && "email" in actionData ? actionData.email : undefined;
  useEffect(() => {
    if (problem !== undefined) alert.current?.focus();
  }, [problem]);
  return (
    <>
      <title>{`${problem === undefined ? "" : "Error: "}Sign in, ${loaderData.clinicName}`}</title>
      <h1 className="mb-4 text-24 font-semibold">Sign in</h1>
      <div ref={alert} tabIndex={-1} className="outline-none">
        {problem !== undefined ? (
          <Notice tone="danger" role="alert" className="mb-4">
            {problem.problem === "unreached" ? unreachedText : problem.problem}
          </Notice>
        ) : actionData !== undefined && "sent" in actionData ? (
          <Notice tone="success" role="status" className="mb-4">
            If {actionData.email} has an account here, a new link is on its way.
          </Notice>
        ) : loaderData.verified ? (
          <Notice tone="success" className="mb-4">
            Your email address is confirmed. Sign in to open your clinic.
          </Notice>
        ) : null}
      </div>
      <Form method="post" className="flex flex-col gap-4">
        <input type="hidden" name="next" value={loaderData.next} />
        <TextField
          label="Email"
          name="email"
          type="email"
          autoComplete="username"
          inputMode="email"
          defaultValue={email ?? ""}
        />
        <TextField label="Password" name="password" type="password" autoComplete="current-password" />
        <Button type="submit" kind="primary" pending={pending} pendingLabel="Signing in…" className="mt-1 min-h-10">
          Sign in
        </Button>
        {problem !== undefined && "resend" in problem && problem.resend ? (
          <Button type="submit" name="intent" value="resend">
            Send the link again
          </Button>
        ) : null}
      </Form>
      <p className="mt-8 text-14 text-muted">
        Looking for a visit?{" "}
        <a href="/" className="inline-block py-1">
          Go to the page for patients
        </a>
      </p>
    </>
  );
}
