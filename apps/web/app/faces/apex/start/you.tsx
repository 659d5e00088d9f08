import { Button, ErrorSummary, type FieldError, TextField, TextLink } from "@pulsecal/ui/site";
import { data, redirect } from "react-router";
import { field, textOf } from "../../../lib/form.ts";
import { pulse } from "../../../lib/trpc.server.ts";
import type { Route } from "./+types/you";
import { passwordError } from "./password-words.server.ts";
import { keepSignUp, readSignUp } from "./sign-up-state.server.ts";
import { StartPage } from "./start-page.tsx";

const SHORTEST = 15;
const WEAK: FieldError = { id: "password", text: "This password is easy to guess. Choose a longer or stranger one" };

export function loader({ context, request }: Route.LoaderArgs) {
  const state = readSignUp(pulse(context), request);
  if (!state?.slug) throw redirect("/start", 303);
  return {
    clinicName: state.clinicName,
    name: state.name,
    email: state.email,
    errors: state.problem === "password_weak" ? [WEAK] : [],
  };
}

export async function action({ context, request }: Route.ActionArgs) {
  const p = pulse(context);
  const state = readSignUp(p, request);
  if (!state?.slug) throw redirect("/start", 303);
  const form = await request.formData();
  const name = field(form, "name");
  const email = field(form, "email");
  // Not trimmed: blanks may be part of a password.
  const password = textOf(form, "password");
  const weak = passwordError(password, { ...state, name, email });
  const errors = [...errorsIn(name, email), ...(weak ? [weak] : [])];
  if (errors.length > 0) return data({ name, email, errors }, { status: 422 });
  throw redirect("/start/doctor", {
    status: 303,
    headers: keepSignUp(p, { ...state, name, email, password, problem: undefined }),
  });
}

function errorsIn(name: string, email: string): FieldError[] {
  const errors: FieldError[] = [];
  if (name === "") errors.push({ id: "name", text: "Enter your name" });
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email))
    errors.push({ id: "email", text: "Enter an email address, like name@example.com" });
  return errors;
}

export default function StartYou({ loaderData, actionData }: Route.ComponentProps) {
  const { name, email, errors } = actionData ?? loaderData;
  const error = (id: string) => errors.find((each) => each.id === id)?.text;
  return (
    <StartPage
      step={2}
      title="Who are you?"
      lead={`You will be the owner of ${loaderData.clinicName}. You can invite others later.`}
      failed={errors.length > 0}
    >
      <form method="post" className="grid gap-6">
        {errors.length > 0 ? <ErrorSummary errors={errors} /> : null}
        <TextField
          id="name"
          label="Your name"
          autoComplete="name"
          maxLength={120}
          defaultValue={name}
          error={error("name")}
        />
        <TextField
          id="email"
          label="Email"
          type="email"
          autoComplete="username"
          maxLength={254}
          hint="We send a link there to make sure it is yours."
          defaultValue={email}
          error={error("email")}
        />
        <TextField
          id="password"
          label="Password"
          type="password"
          autoComplete="new-password"
          hint={`At least ${SHORTEST} characters. Four words in a row work well; a password manager works best.`}
          error={error("password")}
        />
        <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
          <Button className="max-sm:w-full">Continue</Button>
          <TextLink href="/start" className="py-2 text-18">
            Back
          </TextLink>
        </div>
      </form>
    </StartPage>
  );
}
