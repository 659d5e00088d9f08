import { Button, Notice, TextField } from "@pulsecal/ui/app";
import { useEffect, useRef } from "react";
import { data, Form, redirect, useNavigation } from "react-router";
import { nextPath } from "../../lib/ask.server.ts";
import { textOf } from "../../lib/form.ts";
import { keepTyped, unlessUnreached, unreachedText } from "../../lib/keep-typed.ts";
import { attempt } from "../../lib/refusal.server.ts";
import { callerOf } from "../../lib/trpc.server.ts";
import type { Route } from "./+types/sign-in";

export async function loader({ context, request }: Route.LoaderArgs) {
  const next = nextPath(new URL(request.url).searchParams.get("next"), "console");
  if ((await attempt(() => callerOf(context).platform.me())).ok) throw redirect(next);
  return { next };
}

export async function action({ context, request }: Route.ActionArgs) {
  const form = await request.formData();
  const text = (name: string) => textOf(form, name);
  const { account } = callerOf(context).public;
  if (text("intent") === "sign-out") {
    await account.signOut();
    throw redirect("/sign-in");
  }
  const email = text("email").trim();
  const refused = (status: number, problem: string) => data({ problem, email }, { status });
  if (email === "" || text("password") === "") return refused(422, "Enter your email and your password");
  const signedIn = await attempt(() => account.signIn({ email, password: text("password") }));
  if (signedIn.ok) throw redirect(nextPath(text("next"), "console"));
  if (signedIn.code === "rate_limited") return refused(429, "Too many tries. Wait a minute, then try again.");
  return refused(401, "That email and password do not match. Check both and try again.");
}

export const clientAction = ({ serverAction }: Route.ClientActionArgs) => keepTyped(() => serverAction());
export const shouldRevalidate = unlessUnreached;

export default function SignIn({ loaderData, actionData }: Route.ComponentProps) {
  const pending = useNavigation().state === "submitting";
  const alert = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (actionData !== undefined) alert.current?.focus();
  }, [actionData]);
  return (
    <>
      <title>{`${actionData === undefined ? "" : "Error: "}Sign in, PulseCal console`}</title>
      <h1 className="mb-4 text-24 font-semibold">Sign in</h1>
      <div ref={alert} tabIndex={-1} className="outline-none">
        {actionData === undefined ? null : (
          <Notice tone="danger" role="alert" className="mb-4">
            {actionData.problem === "unreached" ? unreachedText : actionData.problem}
          </Notice>
        )}
      </div>
      <Form method="post" className="flex flex-col gap-4">
        <input type="hidden" name="next" value={loaderData.next} />
        <TextField
          label="Email"
          name="email"
          type="email"
          autoComplete="username"
          inputMode="email"
          defaultValue={actionData !== undefined && "email" in actionData ? actionData.email : ""}
        />
        <TextField label="Password" name="password" type="password" autoComplete="current-password" />
        <Button type="submit" kind="primary" pending={pending} pendingLabel="Signing in…" className="mt-1 min-h-10">
          Sign in
        </Button>
      </Form>
    </>
  );
}
