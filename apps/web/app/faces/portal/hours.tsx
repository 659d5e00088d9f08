import { addDays, dayOf } from "@pulsecal/core";
import { buttonClass, cx, EmptyState, PageHead } from "@pulsecal/ui/app";
import { data, Link, useSearchParams } from "react-router";
import { ask } from "../../lib/ask.server.ts";
import { newFormKey, textOf } from "../../lib/form.ts";
import { keepTyped, unlessUnreached } from "../../lib/keep-typed.ts";
import { useLiveEvents } from "../../lib/live.tsx";
import { attempt } from "../../lib/refusal.server.ts";
import { type Caller, callerOf, pulse } from "../../lib/trpc.server.ts";
import type { Route } from "./+types/hours";
import { checkDraft, draftFromForm, type HoursDraft, type HoursRules, type Problem } from "./hours-draft.ts";
import { editDraft } from "./hours-edit.ts";
import { HoursEditor } from "./hours-editor.tsx";
import type { HoursSubject } from "./hours-preview.tsx";
import { actOnLeave, isAboutLeave } from "./leave-act.server.ts";
import { LeaveCard } from "./leave-card.tsx";
import { PageProblem } from "../../lib/page-problem.tsx";
import { useLastAnswer } from "../../lib/last-answer.ts";
import { useReadAgain } from "../../lib/read-again.ts";
import { useMay, useMe } from "./portal.tsx";
import type { HoursView, PreviewDay, StaffEvent } from "./types.ts";

/** A person's hours, or a room's: those have their limits elsewhere. */
export type EditedHours = Omit<HoursView, "limits" | "leaveCount"> & Partial<Pick<HoursView, "limits">>;

/** What a post of the hours form comes back with; the draft is always what was typed. */
export type HoursAnswer = {
  draft: HoursDraft;
  problems?: Problem[];
  problem?: string;
  /** The hours as they are now, when someone else saved first. */
  theirs?: EditedHours;
  preview?: PreviewDay[];
  savedVersion?: string;
};

export async function loader({ context, request }: Route.LoaderArgs) {
  const { staff } = callerOf(context);
  const zone = pulse(context).ctx.clinic?.zone ?? "Africa/Johannesburg";
  const today = dayOf(Date.now(), zone);
  const [practitioners, rooms] = await ask(
    "portal",
    request,
    Promise.all([staff.practitioners.list(), staff.rooms.list()]),
  );
  const wanted = new URL(request.url).searchParams.get("who");
  const room = rooms.find((one) => one.id === wanted);
  const doctor = practitioners.find((one) => one.id === wanted) ?? practitioners[0];
  const base = { practitioners, rooms, zone, today, key: newFormKey() };
  if (room !== undefined) {
    const { id, name, services } = room;
    const hours = await ask("portal", request, staff.rooms.hours({ roomId: id }));
    const { version: _, ...rules } = hours;
    const preview = await ask("portal", request, staff.rooms.previewHours({ roomId: id, ...rules, from: today }));
    const subject: HoursSubject = { whose: "room", id, name, services };
    return { ...base, subject, hours: hours as EditedHours, preview, leave: [], affected: [] };
  }
  if (doctor === undefined) return { ...base, subject: null, hours: null, preview: [], leave: [], affected: [] };
  const { id, name } = doctor;
  const [hours, leave, affected] = await ask(
    "portal",
    request,
    Promise.all([
      staff.hours.get({ practitionerId: id }),
      staff.leave.list({ from: today, to: addDays(today, 400) }),
      staff.leave.affected(),
    ]),
  );
  const { version: _, leaveCount: __, ...rules } = hours;
  const preview = await ask("portal", request, staff.hours.preview({ practitionerId: id, ...rules, from: today }));
  const subject: HoursSubject = { whose: "practitioner", id, name, services: [] };
  return { ...base, subject, hours: hours as EditedHours, preview, leave, affected };
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
  const of = form.has("roomId") ? ofRoom(staff, text("roomId")) : ofPractitioner(staff, text("practitionerId"));
  if (intent === "preview")
    return answer({ preview: await ask("portal", request, of.preview(checked.rules, text("today"))) });
  const saved = await attempt(() => of.save(checked.rules, { version: text("version"), key: text("key") }));
  if (saved.ok) return answer({ savedVersion: saved.value.version });
  if (saved.code !== "changed_meanwhile") return answer({ problem: saved.code }, 409);
  return answer({ problem: saved.code, theirs: await of.get() }, 409);
}

/** The same three questions, asked about a person or about a room. */
type Of = {
  get(): Promise<EditedHours>;
  preview(rules: HoursRules, from: string): Promise<PreviewDay[]>;
  save(rules: HoursRules, under: { version: string; key: string }): Promise<{ version: string }>;
};

const ofPractitioner = ({ hours }: Caller["staff"], practitionerId: string): Of => ({
  get: () => hours.get({ practitionerId }),
  preview: (rules, from) => hours.preview({ practitionerId, ...rules, from }),
  save: (rules, under) => hours.save({ practitionerId, ...rules, ...under }),
});

const ofRoom = ({ rooms }: Caller["staff"], roomId: string): Of => ({
  get: () => rooms.hours({ roomId }),
  preview: (rules, from) => rooms.previewHours({ roomId, ...withoutLimits(rules), from }),
  save: (rules, under) => rooms.saveHours({ roomId, ...withoutLimits(rules), ...under }),
});

const withoutLimits = ({ weekly, overrides, timetables }: HoursRules) => ({ weekly, overrides, timetables });

export const clientAction = ({ serverAction }: Route.ClientActionArgs) => keepTyped(() => serverAction());
export const shouldRevalidate = unlessUnreached;

export default function Hours({ loaderData, actionData }: Route.ComponentProps) {
  const last = useLastAnswer(actionData);
  const { practitioners, rooms, subject, hours } = loaderData;
  const { clinic } = useMe();
  const mayHours = useMay("hours.write");
  const mayRooms = useMay("clinic.write");
  const mayLeave = useMay("leave.write");
  const readAgain = useReadAgain();
  useLiveEvents<StaffEvent>((event) => {
    if (/^(?:leave|booking)\./.test(event.type)) readAgain();
  });
  const failed = last !== undefined && ("problem" in last || "problems" in last);
  return (
    <>
      <title>{`${failed ? "Error: " : ""}Hours, ${clinic.name}`}</title>
      <PageHead title="Hours">
        <p className="text-14 text-muted">
          When each doctor sees patients, and when rooms and devices are there. The preview follows what you type;
          patients see it when you save.
        </p>
      </PageHead>
      {subject === null || hours === null ? (
        <EmptyState title="No doctors yet.">A doctor is added when the clinic signs up.</EmptyState>
      ) : (
        <>
          {practitioners.length + rooms.length < 2 ? null : (
            <div className="mb-4 flex flex-wrap gap-x-6 gap-y-2">
              <SubjectLinks name="Doctor" all={practitioners} current={subject.id} />
              <SubjectLinks
                name="Rooms and devices"
                all={rooms.map(({ id, name, active }) => ({ id, name: active ? name : `${name} (not in use)` }))}
                current={subject.id}
              />
            </div>
          )}
          <HoursEditor
            key={subject.id}
            subject={subject}
            hours={hours}
            preview={loaderData.preview}
            today={loaderData.today}
            zone={loaderData.zone}
            idempotencyKey={loaderData.key}
            answer={last !== undefined && "leave" in last ? undefined : last}
            mayWrite={subject.whose === "room" ? mayRooms : mayHours}
          />
          {subject.whose === "room" ? null : (
            <div className="mt-5 xl:max-w-[calc(100%-25.25rem)]">
              <LeaveCard
                doctor={subject}
                leave={loaderData.leave}
                affected={loaderData.affected}
                zone={loaderData.zone}
                answer={last !== undefined && "leave" in last ? last : undefined}
                mayWrite={mayLeave}
                idempotencyKey={loaderData.key}
              />
            </div>
          )}
        </>
      )}
    </>
  );
}

function SubjectLinks({ name, all, current }: { name: string; all: { id: string; name: string }[]; current: string }) {
  const [params] = useSearchParams();
  if (all.length === 0) return null;
  const to = (id: string) => {
    const next = new URLSearchParams(params);
    next.set("who", id);
    return `?${next.toString()}`;
  };
  return (
    <nav aria-label={name} className="flex flex-wrap gap-2">
      {all.map((one) => (
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
