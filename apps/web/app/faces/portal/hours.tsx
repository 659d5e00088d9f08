import { addDays, dayOf } from "@pulsecal/core";
import { buttonClass, cx, EmptyState, PageHead } from "@pulsecal/ui/app";
import { data, Link, useRevalidator, useSearchParams } from "react-router";
import { ask } from "../../lib/ask.server.ts";
import { textOf } from "../../lib/form.ts";
import { keepTyped, unlessUnreached } from "../../lib/keep-typed.ts";
import { useLiveEvents } from "../../lib/live.tsx";
import { attempt } from "../../lib/refusal.server.ts";
import { callerOf, pulse } from "../../lib/trpc.server.ts";
import type { Route } from "./+types/hours";
import { checkDraft, draftFromForm, editDraft, type HoursDraft, type Problem } from "./hours-draft.ts";
import { HoursEditor } from "./hours-editor.tsx";
import { actOnLeave, isAboutLeave } from "./leave-act.server.ts";
import { LeaveCard } from "./leave-card.tsx";
import { PageProblem } from "../../lib/page-problem.tsx";
import { useMay, useMe } from "./portal.tsx";
import type { HoursView, PreviewDay, StaffEvent } from "./types.ts";

/** What a post of the hours form comes back with; the draft is always what was typed. */
export type HoursAnswer = {
  draft: HoursDraft;
  problems?: Problem[];
  problem?: string;
  /** The hours as they are now, when someone else saved first. */
  theirs?: HoursView;
  preview?: PreviewDay[];
  savedVersion?: string;
};

export async function loader({ context, request }: Route.LoaderArgs) {
  const { staff } = callerOf(context);
  const zone = pulse(context).ctx.clinic?.zone ?? "Africa/Johannesburg";
  const today = dayOf(Date.now(), zone);
  const practitioners = await ask("portal", request, staff.practitioners.list());
  const wanted = new URL(request.url).searchParams.get("who");
  const doctor = practitioners.find((one) => one.id === wanted) ?? practitioners[0];
  const base = { practitioners, zone, today, key: crypto.randomUUID() };
  if (doctor === undefined) return { ...base, doctor: null, hours: null, preview: [], leave: [], affected: [] };
  const [hours, leave, affected] = await ask(
    "portal",
    request,
    Promise.all([
      staff.hours.get({ practitionerId: doctor.id }),
      staff.leave.list({ from: today, to: addDays(today, 400) }),
      staff.leave.affected(),
    ]),
  );
  const { weekly, overrides } = hours;
  const preview = await ask(
    "portal",
    request,
    staff.hours.preview({ practitionerId: doctor.id, weekly, overrides, from: today }),
  );
  return { ...base, doctor, hours, preview, leave, affected };
}

export async function action({ context, request }: Route.ActionArgs) {
  const form = await request.formData();
  const text = (name: string) => textOf(form, name);
  const { staff } = callerOf(context);
  const intent = text("intent");
  if (isAboutLeave(intent)) {
    const { search } = new URL(request.url);
    const zone = pulse(context).ctx.clinic?.zone ?? "Africa/Johannesburg";
    return actOnLeave(staff, form, { zone, back: `/portal/settings/hours${search}` });
  }
  const draft = draftFromForm(form);
  const answer = (more: Partial<HoursAnswer>, status = 200) =>
    data({ draft, ...more } satisfies HoursAnswer, { status });

  if (intent !== "save" && intent !== "preview") return answer({ draft: editDraft(draft, intent) });
  const checked = checkDraft(draft);
  if (!checked.ok) return answer({ problems: checked.problems }, 422);
  const practitionerId = text("practitionerId");
  if (intent === "preview") {
    const preview = staff.hours.preview({ practitionerId, ...checked.rules, from: text("today") });
    return answer({ preview: await ask("portal", request, preview) });
  }
  const wish = { practitionerId, ...checked.rules, version: text("version"), key: text("key") };
  const saved = await attempt(() => staff.hours.save(wish));
  if (saved.ok) return answer({ savedVersion: saved.value.version });
  if (saved.code !== "changed_meanwhile") return answer({ problem: saved.code }, 409);
  return answer({ problem: saved.code, theirs: await staff.hours.get({ practitionerId }) }, 409);
}

export const clientAction = ({ serverAction }: Route.ClientActionArgs) => keepTyped(() => serverAction());
export const shouldRevalidate = unlessUnreached;

export default function Hours({ loaderData, actionData }: Route.ComponentProps) {
  const { practitioners, doctor, hours } = loaderData;
  const { clinic } = useMe();
  const mayWrite = useMay("hours.write");
  const mayLeave = useMay("leave.write");
  const { revalidate } = useRevalidator();
  useLiveEvents<StaffEvent>((event) => {
    if (/^(?:leave|booking)\./.test(event.type)) void revalidate();
  });
  const failed = actionData !== undefined && ("problem" in actionData || "problems" in actionData);
  return (
    <>
      <title>{`${failed ? "Error: " : ""}Hours, ${clinic.name}`}</title>
      <PageHead title="Hours">
        <p className="text-14 text-muted">
          When each doctor sees patients. The preview follows what you type; patients see it when you save.
        </p>
      </PageHead>
      {doctor === null || hours === null ? (
        <EmptyState title="No doctors yet.">A doctor is added when the clinic signs up.</EmptyState>
      ) : (
        <>
          <DoctorLinks practitioners={practitioners} current={doctor.id} />
          <HoursEditor
            key={doctor.id}
            doctor={doctor}
            hours={hours}
            preview={loaderData.preview}
            today={loaderData.today}
            zone={loaderData.zone}
            idempotencyKey={loaderData.key}
            answer={actionData !== undefined && "leave" in actionData ? undefined : actionData}
            mayWrite={mayWrite}
          />
          <div className="mt-5 xl:max-w-[calc(100%-25.25rem)]">
            <LeaveCard
              doctor={doctor}
              leave={loaderData.leave}
              affected={loaderData.affected}
              zone={loaderData.zone}
              answer={actionData !== undefined && "leave" in actionData ? actionData : undefined}
              mayWrite={mayLeave}
              idempotencyKey={loaderData.key}
            />
          </div>
        </>
      )}
    </>
  );
}

function DoctorLinks({ practitioners, current }: { practitioners: { id: string; name: string }[]; current: string }) {
  const [params] = useSearchParams();
  if (practitioners.length < 2) return null;
  const to = (id: string) => {
    const next = new URLSearchParams(params);
    next.set("who", id);
    return `?${next.toString()}`;
  };
  return (
    <nav aria-label="Doctor" className="mb-4 flex flex-wrap gap-2">
      {practitioners.map((one) => (
        <Link
          key={one.id}
          to={to(one.id)}
          aria-current={one.id === current ? "true" : undefined}
          className={cx(buttonClass(), one.id === current && "border-brand bg-brand-soft text-brand")}
        >
          {one.name}
        </Link>
      ))}
    </nav>
  );
}

export function ErrorBoundary() {
  return <PageProblem home="/portal" homeName="Today" />;
}
