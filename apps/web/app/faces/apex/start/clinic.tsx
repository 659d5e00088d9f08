import { Button, ErrorSummary, type FieldError, TextField } from "@pulsecal/ui/site";
import { data, redirect } from "react-router";
import { field } from "../../../lib/form.ts";
import { Island } from "../../../lib/island.tsx";
import { startIsland } from "../../../lib/island.server.ts";
import { attempt } from "../../../lib/refusal.server.ts";
import { pulse } from "../../../lib/trpc.server.ts";
import type { Route } from "./+types/clinic";
import { keepSignUp, newSignUp, readSignUp } from "./sign-up-state.server.ts";
import { StartPage } from "./start-page.tsx";

export async function loader({ context, request }: Route.LoaderArgs) {
  const p = pulse(context);
  const state = readSignUp(p, request);
  const taken = state?.problem === "slug_taken" ? await ideasFor(p, state.slug, state.clinicName) : null;
  return {
    clinicName: state?.clinicName ?? "",
    slug: state?.slug ?? "",
    problem: taken ? { errors: [TAKEN], ideas: taken } : null,
    suffix: `.${new URL(p.ctx.s.links.apex("/")).host}`,
    island: startIsland(context),
  };
}

export async function action({ context, request }: Route.ActionArgs) {
  const p = pulse(context);
  const form = await request.formData();
  const clinicName = field(form, "clinicName");
  const slug = (field(form, "idea") || field(form, "slug")).toLowerCase();
  const errors: FieldError[] = [];
  if (clinicName === "") errors.push({ id: "clinicName", text: "Enter the clinic’s name" });
  if (slug === "") errors.push({ id: "slug", text: "Choose a web address, like sunrise" });
  if (errors.length > 0) return data({ clinicName, slug, errors, ideas: [] as string[] }, { status: 422 });

  const check = await attempt(() => p.caller.public.signUp.checkSlug({ slug, name: clinicName }));
  if (!check.ok)
    return data({ clinicName, slug, errors: [slugError(check.code)], ideas: [] as string[] }, { status: 422 });
  if (!check.value.free) {
    const errors = [slugError(check.value.why)];
    return data({ clinicName, slug, errors, ideas: check.value.ideas }, { status: 409 });
  }
  const state = { ...(readSignUp(p, request) ?? newSignUp()), clinicName, slug, problem: undefined };
  throw redirect("/start/you", { status: 303, headers: keepSignUp(p, state) });
}

const TAKEN: FieldError = { id: "slug", text: "This web address is taken" };

function slugError(why: string | undefined): FieldError {
  const words: Record<string, string> = {
    too_short: "Make the web address at least 3 letters long",
    too_long: "Make the web address shorter",
    characters: "Use only letters, digits and dashes in the web address",
    reserved: "This web address is kept for PulseCal. Choose another",
    rate_limited: "That was a lot of tries. Wait a minute, then go on",
  };
  return why && words[why] ? { id: "slug", text: words[why] } : TAKEN;
}

async function ideasFor(p: ReturnType<typeof pulse>, slug: string, name: string): Promise<string[]> {
  const check = await attempt(() => p.caller.public.signUp.checkSlug({ slug, name }));
  return check.ok ? check.value.ideas : [];
}

export default function StartClinic({ loaderData, actionData }: Route.ComponentProps) {
  const { suffix, island } = loaderData;
  const { clinicName, slug } = actionData ?? loaderData;
  const problem = actionData ?? loaderData.problem;
  const error = (id: string) => problem?.errors.find((each) => each.id === id)?.text;
  return (
    <StartPage
      step={1}
      title="What is your clinic called?"
      lead="Patients will see this name, and find you at this address."
      failed={problem !== null}
    >
      <form method="post" className="grid gap-6">
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
        {problem ? <ErrorSummary errors={problem.errors} /> : null}
        <TextField
          id="clinicName"
          label="Clinic name"
          autoComplete="organization"
          maxLength={80}
          defaultValue={clinicName}
          error={error("clinicName")}
        />
        <div className="grid gap-2">
          <TextField
            id="slug"
            label="Web address"
            suffix={suffix}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={40}
            defaultValue={slug}
            error={error("slug")}
          />
          <p
            role="status"
            data-slug-said=""
            className="min-h-6 text-16 font-semibold data-[state=free]:text-success data-[state=taken]:text-danger"
          />
        </div>
        {problem && problem.ideas.length > 0 ? <Ideas ideas={problem.ideas} /> : null}
        <Button className="max-sm:w-full sm:justify-self-start">Continue</Button>
      </form>
      <Island script={island} />
    </StartPage>
  );
}

function Ideas({ ideas }: { ideas: readonly string[] }) {
  return (
    <fieldset>
      <legend className="mb-2 text-16 text-muted">These are free. Press one to take it:</legend>
      <div className="flex flex-wrap gap-2">
        {ideas.map((idea) => (
          <button
            key={idea}
            name="idea"
            value={idea}
            type="submit"
            className="min-h-11 cursor-pointer rounded-input border border-border-strong bg-raised px-4 text-16 font-semibold hover:bg-brand-soft"
          >
            {idea}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
