import { buttonClass, Button, Notice } from "@pulsecal/ui/app";
import { data, Form, Link, redirect, useNavigation } from "react-router";
import { keepTyped, unlessUnreached, unreachedText } from "../../lib/keep-typed.ts";
import { attempt } from "../../lib/refusal.server.ts";
import { callerOf } from "../../lib/trpc.server.ts";
import type { Route } from "./+types/verify";

/** Opening the link changes nothing: mail scanners open links too. Only the press uses it up. */
export async function action({ context, params }: Route.ActionArgs) {
  const verified = await attempt(() => callerOf(context).public.account.verifyEmail({ token: params.token }));
  if (!verified.ok) return data({ problem: "expired" }, { status: 400 });
  throw redirect("/portal/sign-in?verified");
}

export const clientAction = ({ serverAction }: Route.ClientActionArgs) => keepTyped(() => serverAction());
export const shouldRevalidate = unlessUnreached;

export default function Verify({ actionData }: Route.ComponentProps) {
  const pending = useNavigation().state === "submitting";
  return (
    <>
      <title>Confirm your email address</title>
      <h1 className="mb-2 text-24 font-semibold">Confirm your email address</h1>
      {actionData?.problem === "expired" ? (
        <>
          <Notice tone="warning" role="alert" className="mb-4" title="This link has been used or is too old">
            If you have confirmed before, sign in. If not, try to sign in and we send a new link.
          </Notice>
          <Link to="/portal/sign-in" className={buttonClass({ kind: "primary" })}>
            Go to sign in
          </Link>
        </>
      ) : (
        <Form method="post" className="flex flex-col gap-4">
          {actionData?.problem === "unreached" ? (
            <Notice tone="danger" role="alert">
              {unreachedText}
            </Notice>
          ) : null}
          <p className="text-14 text-muted">One press, and you can sign in to your clinic.</p>
          <Button type="submit" kind="primary" pending={pending} className="min-h-10">
            Confirm my address
          </Button>
        </Form>
      )}
    </>
  );
}
