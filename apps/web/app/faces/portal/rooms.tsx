import { Notice, PageHead } from "@pulsecal/ui/app";
import { data, redirect, useSearchParams } from "react-router";
import { ask } from "../../lib/ask.server.ts";
import { newFormKey, textOf } from "../../lib/form.ts";
import { keepTyped, unlessUnreached, unreachedText } from "../../lib/keep-typed.ts";
import { useLiveEvents } from "../../lib/live.tsx";
import { PageProblem } from "../../lib/page-problem.tsx";
import { attempt } from "../../lib/refusal.server.ts";
import { type Caller, callerOf, pulse } from "../../lib/trpc.server.ts";
import type { Route } from "./+types/rooms";
import { ClinicRulesCard } from "./clinic-rules-card.tsx";
import { ClosuresCard } from "./closures-card.tsx";
import { useLastAnswer } from "../../lib/last-answer.ts";
import { useReadAgain } from "../../lib/read-again.ts";
import { useMay, useMe } from "./portal.tsx";
import { RoomsCard } from "./rooms-card.tsx";
import { checkClosure, checkRoom, checkRules, stretchOf, stretchProblems, type Typed, typedIn } from "./rooms-draft.ts";
import type { Problem } from "./hours-draft.ts";
import type { StaffBooking, StaffEvent } from "./types.ts";

const here = "/portal/settings/rooms";

/**
 * What a form of this page comes back with; `part` is the form, and what was typed is always in it. `meets`: the bookings
 * that a closure would lie over, when that was asked.
 */
export type RoomsAnswer = {
  part: string;
  typed: Typed;
  problem?: string;
  problems?: Problem[];
  meets?: StaffBooking[];
};

export async function loader({ context, request }: Route.LoaderArgs) {
  const { staff } = callerOf(context);
  const zone = pulse(context).ctx.clinic?.zone ?? "Africa/Johannesburg";
  const [rooms, closures, rules] = await ask(
    "portal",
    request,
    Promise.all([staff.rooms.list(), staff.closures.list(), staff.clinicRules.get()]),
  );
  return { rooms, closures, rules, zone, key: newFormKey() };
}

export async function action({ context, request }: Route.ActionArgs) {
  const form = await request.formData();
  const { staff } = callerOf(context);
  const zone = pulse(context).ctx.clinic?.zone ?? "Africa/Johannesburg";
  const [intent, id = ""] = textOf(form, "intent").split(" ");
  const key = textOf(form, "key");
  const typed = typedIn(form);
  const part = intent === "rules" || intent === "remove" ? intent : `${intent} ${id}`.trim();
  const answer = (more: Partial<RoomsAnswer>, status: number) =>
    data({ part, typed, ...more } satisfies RoomsAnswer, { status });
  const save = async (checked: { ok: false; problems: Problem[] } | { ok: true; run: () => Promise<unknown> }) => {
    if (!checked.ok) return answer({ problems: checked.problems }, 422);
    const done = await attempt(checked.run);
    if (!done.ok) return answer({ problem: done.code }, 409);
    throw redirect(`${here}?saved=${intent ?? ""}`);
  };
  const own = id === "" ? {} : { id };
  switch (intent) {
    case "room": {
      const room = checkRoom(typed);
      return save(room.ok ? { ok: true, run: () => staff.rooms.save({ ...own, ...room.value, key }) } : room);
    }
    case "closure": {
      const closure = checkClosure(typed, zone);
      return save(
        closure.ok ? { ok: true, run: () => staff.closures.save({ ...own, ...closure.value, key }) } : closure,
      );
    }
    case "closure-preview": {
      const problems = stretchProblems(typed, zone);
      const stretch = stretchOf(typed, zone);
      if (problems.length > 0 || stretch === null) return answer({ part: "closure", problems }, 422);
      const meets = await attempt(() => metBy(staff, stretch));
      return answer({ part: "closure", ...(meets.ok ? { meets: meets.value } : { problem: meets.code }) }, 200);
    }
    case "remove":
      return save({ ok: true, run: () => staff.closures.remove({ id, key }) });
    default: {
      const rules = checkRules(typed);
      const version = textOf(form, "version");
      return save(rules.ok ? { ok: true, run: () => staff.clinicRules.save({ ...rules.value, version, key }) } : rules);
    }
  }
}

/** The bookings of every doctor that a closure would lie over, in their order. */
async function metBy(staff: Caller["staff"], stretch: { startsAt: Date; endsAt: Date }): Promise<StaffBooking[]> {
  const practitioners = await staff.practitioners.list();
  const met = await Promise.all(practitioners.map(({ id }) => staff.leave.preview({ practitionerId: id, ...stretch })));
  return met.flat().toSorted((a, b) => +a.start - +b.start);
}

export const clientAction = ({ serverAction }: Route.ClientActionArgs) => keepTyped(() => serverAction());
export const shouldRevalidate = unlessUnreached;

const refusals: Record<string, string> = {
  unreached: unreachedText,
  forbidden: "Your role does not allow this. An owner or a manager can.",
  changed_meanwhile: "Someone else changed the rules just now. What you typed is still here; save again to keep it.",
};
const savedTexts: Record<string, string> = {
  room: "Saved. Services can ask for it.",
  closure: "Saved. Patients see no times then.",
  remove: "Removed. Patients see the times again.",
  rules: "Saved. Patients see it now.",
};

export default function Rooms({ loaderData, actionData }: Route.ComponentProps) {
  const last = useLastAnswer(actionData);
  const { rooms, closures, rules, zone, key } = loaderData;
  const { clinic } = useMe();
  const mayWrite = useMay("clinic.write");
  const [params] = useSearchParams();
  const readAgain = useReadAgain();
  useLiveEvents<StaffEvent>((event) => {
    if (/^(?:room|closure|clinic)\./.test(event.type)) readAgain();
  });
  const answer = last !== undefined && "part" in last ? last : undefined;
  const problem = last !== undefined && "problem" in last ? last.problem : undefined;
  const failed = last !== undefined && answer?.meets === undefined;
  const saved = last === undefined ? savedTexts[params.get("saved") ?? ""] : undefined;
  const forms = { answer, mayWrite, idempotencyKey: key };
  return (
    <>
      <title>{`${failed ? "Error: " : ""}Rooms and rules, ${clinic.name}`}</title>
      <PageHead title="Rooms and rules">
        <p className="text-14 text-muted">
          What visits need besides a doctor, when the clinic is shut, and its own rules.
        </p>
      </PageHead>
      {problem === undefined ? null : (
        <Notice tone="danger" role="alert" className="mb-4">
          {refusals[problem] ?? "We could not save this. Nothing was lost; try again."}
        </Notice>
      )}
      {saved === undefined ? null : (
        <Notice tone="success" role="status" className="mb-4">
          {saved}
        </Notice>
      )}
      <div className="grid gap-5 xl:grid-cols-2">
        <RoomsCard {...forms} rooms={rooms} />
        <div className="flex min-w-0 flex-col gap-5">
          <ClosuresCard {...forms} closures={closures} zone={zone} />
          <ClinicRulesCard {...forms} key={rules.version} rules={rules} />
        </div>
      </div>
    </>
  );
}

export function ErrorBoundary() {
  return <PageProblem home="/portal" homeName="Today" />;
}
