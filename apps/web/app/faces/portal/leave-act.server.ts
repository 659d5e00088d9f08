import { data, redirect } from "react-router";
import { textOf } from "../../lib/form.ts";
import { attempt } from "../../lib/refusal.server.ts";
import type { Caller } from "../../lib/trpc.server.ts";
import type { Problem } from "./hours-draft.ts";
import { stretchOf, stretchProblems, type Typed, typedIn } from "./rooms-draft.ts";
import type { StaffBooking } from "./types.ts";

/** What a form about leave comes back with; what was typed is always in it. */
export type LeaveAnswer = {
  leave: Typed;
  problem?: string;
  problems?: Problem[];
  /** the bookings a leave would lie over, when that was asked */
  meets?: StaffBooking[];
};

const words = /^leave(?:-preview|-remove|-keep)?$/;
export const isAboutLeave = (intent: string): boolean => words.test(intent.split(" ")[0] ?? "");

/** Lays leave, asks what it would lie over, takes it away, or keeps one booking under it. */
export async function actOnLeave(staff: Caller["staff"], form: FormData, o: { zone: string; back: string }) {
  const [intent, id = "", bookingId = ""] = textOf(form, "intent").split(" ");
  const leave = typedIn(form);
  const key = textOf(form, "key");
  const answer = (more: Partial<LeaveAnswer>, status = 200) =>
    data({ leave, ...more } satisfies LeaveAnswer, { status });
  const done = async (run: () => Promise<unknown>) => {
    const result = await attempt(run);
    if (!result.ok) return answer({ problem: result.code }, 409);
    throw redirect(o.back);
  };
  if (intent === "leave-remove") return done(() => staff.leave.remove({ id, key }));
  if (intent === "leave-keep") return done(() => staff.leave.keep({ leaveId: id, bookingId, key }));
  const problems = stretchProblems(leave, o.zone);
  const stretch = stretchOf(leave, o.zone);
  if (problems.length > 0 || stretch === null) return answer({ problems }, 422);
  const practitionerId = textOf(form, "practitionerId");
  if (intent === "leave-preview") {
    const meets = await attempt(() => staff.leave.preview({ practitionerId, ...stretch }));
    return meets.ok ? answer({ meets: meets.value }) : answer({ problem: meets.code }, 409);
  }
  const label = leave["label"] ?? "";
  return done(() =>
    staff.leave.save({ practitionerId, ...stretch, kind: "leave", ...(label === "" ? {} : { label }), key }),
  );
}
