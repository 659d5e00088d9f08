import { Button, ErrorSummary, type FieldError, TextField, TextLink } from "@pulsecal/ui/site";
import { data, redirect } from "react-router";
import { field } from "../../../lib/form.ts";
import { attempt } from "../../../lib/refusal.server.ts";
import { pulse } from "../../../lib/trpc.server.ts";
import type { Route } from "./+types/doctor";
import { keepDone, keepSignUp, readSignUp } from "./sign-up-state.server.ts";
import { StartPage } from "./start-page.tsx";

export function loader({ context, request }: Route.LoaderArgs) {
  const state = readSignUp(pulse(context), request);
  if (!state?.password) throw redirect("/start/you", 303);
  return { clinicName: state.clinicName };
}

export async function action({ context, request }: Route.ActionArgs) {
  const p = pulse(context);
  const state = readSignUp(p, request);
  if (!state?.password) throw redirect("/start/you", 303);
  const form = await request.formData();
  const doctor = field(form, "doctor");
  const number = field(form, "registrationNumber");
  const skip = field(form, "intent") === "skip";
  const typed = { doctor, number };
  if (!skip && doctor === "")
    return answer({ ...typed, errors: [{ id: "doctor", text: "Enter the doctor’s name, or skip this step" }] });

  const practitioner = skip ? undefined : { name: doctor, registrationNumber: number || undefined };
  const { clinicName, slug, name, email, password, key } = state;
  const result = await attempt(() =>
    p.caller.public.signUp.start({ clinicName, slug, name, email, password, practitioner, key }),
  );
  if (result.ok) {
    const headers = keepDone(p, { clinicName, slug: result.value.slug, email });
    throw redirect("/start/ready", { status: 303, headers });
  }
  // Something of an earlier step: back there, with everything typed still in place.
  if (result.code === "slug_taken" || result.code === "slug_invalid")
    throw redirect("/start", { status: 303, headers: keepSignUp(p, { ...state, problem: "slug_taken" }) });
  if (result.code === "password_weak")
    throw redirect("/start/you", { status: 303, headers: keepSignUp(p, { ...state, problem: "password_weak" }) });
  return answer({ ...typed, errors: [], code: result.code });
}

function answer(problem: { doctor: string; number: string; errors: FieldError[]; code?: string }) {
  return data(problem, { status: problem.code === "rate_limited" ? 429 : problem.code ? 409 : 422 });
}

export default function StartDoctor({ loaderData, actionData }: Route.ComponentProps) {
  const error = (id: string) => actionData?.errors.find((each) => each.id === id)?.text;
  return (
    <StartPage
      step={3}
      title="Who sees patients?"
      lead={`Name the first doctor or nurse of ${loaderData.clinicName}. You can add more later.`}
      failed={actionData !== undefined}
    >
      <form method="post" className="grid gap-6">
        {actionData ? <Problem code={actionData.code} errors={actionData.errors} /> : null}
        <TextField
          id="doctor"
          label="Name"
          placeholder="Dr Mokoena"
          autoComplete="off"
          maxLength={120}
          defaultValue={actionData?.doctor}
          error={error("doctor")}
        />
        <TextField
          id="registrationNumber"
          label="Registration number"
          optional
          hint="From the HPCSA or SANC. We check it before patients can book."
          autoComplete="off"
          maxLength={40}
          className="tabular"
          defaultValue={actionData?.number}
          error={error("registrationNumber")}
        />
        <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
          <Button className="max-sm:w-full">Create the clinic</Button>
          <Button kind="plain" name="intent" value="skip" className="max-sm:w-full">
            Skip for now
          </Button>
          <TextLink href="/start/you" className="py-2 text-18">
            Back
          </TextLink>
        </div>
      </form>
    </StartPage>
  );
}

function Problem({ code, errors }: { code: string | undefined; errors: readonly FieldError[] }) {
  if (!code) return <ErrorSummary errors={errors} />;
  if (code === "rate_limited")
    return (
      <ErrorSummary title="That was a lot of tries">
        Your text is kept. Wait a minute, then press the button again.
      </ErrorSummary>
    );
  return (
    <ErrorSummary title="We could not create the clinic just now">
      Your text is kept and nothing was created. Try again in a moment.
    </ErrorSummary>
  );
}
