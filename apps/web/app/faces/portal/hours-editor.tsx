import { formatTime } from "@pulsecal/core";
import { Button, ChangedBanner, ErrorSummary, Notice } from "@pulsecal/ui/app";
import { useEffect, useMemo, useRef, useState } from "react";
import { Form, useNavigation } from "react-router";
import { type Unreached, unreachedText } from "../../lib/keep-typed.ts";
import { useHydrated, useLiveEvents } from "../../lib/live.tsx";
import { useReadAgain } from "../../lib/read-again.ts";
import type { EditedHours, HoursAnswer } from "./hours.tsx";
import { checkDraft, draftOf, type HoursDraft, type HoursRules, sameDraft } from "./hours-draft.ts";
import { editDraft, focusAfter, keepHours } from "./hours-edit.ts";
import { DateRules, LimitRules, PresenceRules, WeekRules } from "./hours-fields.tsx";
import { HoursPreview, type HoursSubject } from "./hours-preview.tsx";
import { TimetableRules } from "./hours-timetables.tsx";
import type { PreviewDay, StaffEvent } from "./types.ts";
import { UnsavedGuard } from "./unsaved.tsx";

type EditorProps = {
  subject: HoursSubject;
  hours: EditedHours;
  preview: PreviewDay[];
  today: string;
  zone: string;
  idempotencyKey: string;
  answer: HoursAnswer | Unreached | undefined;
  mayWrite: boolean;
};

const changedText = (name: string): string => `Someone else changed the hours of ${name} while you were typing`;

const refusals: Record<string, string> = {
  unreached: unreachedText,
  forbidden: "Your role does not allow changing these hours. An owner or a manager can.",
  key_reused: "This was already sent once. Press Save again.",
};

/** Rules left, result right. What is typed is only ever replaced when its owner says so. */
export function HoursEditor(props: EditorProps) {
  const { subject, hours, today, zone, answer, mayWrite } = props;
  const { whose } = subject;
  const hydrated = useHydrated();
  const readAgain = useReadAgain();
  const pending = useNavigation().state === "submitting";
  const typed = answer !== undefined && "draft" in answer ? answer : undefined;
  const [draft, setDraft] = useState<HoursDraft>(() => typed?.draft ?? draftOf(hours, whose));
  const [base, setBase] = useState(hours);
  const [theirs, setTheirs] = useState<EditedHours | null>(typed?.theirs ?? null);
  const [savedAt, setSavedAt] = useState<string | null>(null);
  const [from, setFrom] = useState(today);
  const dirty = !sameDraft(draft, draftOf(base, whose));

  useLiveEvents<StaffEvent>((event) => {
    if (event.type === "hours.changed" || event.type === "room.changed") readAgain();
  });

  // Newly read hours replace what is on screen only when nothing of it was typed here.
  useEffect(() => {
    if (hours.version === base.version) return;
    if (!dirty || typed?.savedVersion === hours.version) {
      setBase(hours);
      setDraft(draftOf(hours, whose));
      setTheirs(null);
    } else if (theirs?.version !== hours.version) setTheirs(hours);
  }, [hours, whose, base.version, dirty, typed, theirs]);
  useEffect(() => {
    if (typed?.savedVersion !== undefined) setSavedAt(formatTime(Date.now(), zone));
  }, [typed, zone]);

  const checked = useMemo(() => checkDraft(draft), [draft]);
  const rules = checked.ok ? checked.rules : null;
  const saved = useMemo(() => rulesIn(draftOf(hours, whose)), [hours, whose]);
  const problems = useMemo(() => typed?.problems ?? [], [typed]);
  const problem = answer !== undefined && "problem" in answer ? answer.problem : undefined;
  const edit = (next: HoursDraft) => {
    setSavedAt(null);
    setDraft(next);
  };
  const pressed = useRef<string | null>(null);
  useEffect(() => {
    const id = pressed.current === null ? null : focusAfter(draft, pressed.current);
    pressed.current = null;
    if (id !== null) document.getElementById(id)?.focus();
  }, [draft]);
  const press = (what: string) => {
    pressed.current = what;
    edit(editDraft(draft, what));
  };
  const look = (date: string) => {
    setFrom(date);
    document.getElementById("preview")?.scrollIntoView({ block: "nearest" });
  };
  const fields = {
    draft,
    // A field that has been put right loses its mark at once; the list above stays as it was said.
    problems: checked.ok ? [] : checked.problems.filter((now) => problems.some((posted) => posted.id === now.id)),
    onChange: edit,
    onEdit: hydrated ? press : undefined,
    mayWrite,
  };

  return (
    <Form method="post" className="grid gap-5 xl:grid-cols-[minmax(0,1fr)_24rem]" noValidate preventScrollReset>
      {/* First in the form, so that Enter in a field saves instead of pressing the first small button. */}
      <button type="submit" name="intent" value="save" tabIndex={-1} aria-hidden="true" className="sr-only">
        Save
      </button>
      {hydrated ? <UnsavedGuard dirty={dirty && mayWrite} what="The hours you typed" /> : null}
      <input type="hidden" name={whose === "room" ? "roomId" : "practitionerId"} value={subject.id} />
      <input type="hidden" name="version" value={base.version} />
      <input type="hidden" name="key" value={props.idempotencyKey} />
      <input type="hidden" name="today" value={today} />
      <div className="flex min-w-0 flex-col gap-4">
        <ErrorSummary problems={problems} />
        {theirs === null ? null : !hydrated ? (
          <Notice tone="warning" role="status" title={changedText(subject.name)}>
            What you typed is still here: save again to keep it, or{" "}
            <a href={`?who=${subject.id}`}>see the hours as they are now</a>.
          </Notice>
        ) : (
          <ChangedBanner
            what={changedText(subject.name)}
            onSee={() => {
              setBase(theirs);
              setDraft(draftOf(theirs, whose));
              setTheirs(null);
            }}
            onKeep={() => {
              setBase(theirs);
              setTheirs(null);
            }}
          />
        )}
        {problem === undefined || problem === "changed_meanwhile" ? null : (
          <Notice tone="danger" role="alert">
            {refusals[problem] ?? "We could not save this. Nothing was lost; try again."}
          </Notice>
        )}
        {mayWrite ? null : <Notice tone="info">You can see these hours. Your role does not change them.</Notice>}
        {whose === "room" ? (
          <PresenceRules {...fields} onPresence={(atAnyHour) => edit(keepHours(draft, atAnyHour))} />
        ) : null}
        {/* Every field is there without JavaScript, too. */}
        {draft.atAnyHour === true && hydrated ? null : (
          <>
            <WeekRules {...fields} />
            <TimetableRules {...fields} today={today} zone={zone} onLook={hydrated ? look : undefined} />
          </>
        )}
        <DateRules {...fields} today={today} zone={zone} />
        {whose === "room" ? null : <LimitRules {...fields} />}
        {mayWrite ? (
          <div className="sticky bottom-14 z-10 -mx-4 flex flex-wrap items-center gap-3 border-t border-border bg-surface px-4 py-3 lg:bottom-0 lg:mx-0 lg:px-0">
            <Button type="submit" name="intent" value="save" kind="primary" pending={pending} pendingLabel="Saving…">
              Save hours
            </Button>
            {hydrated ? null : (
              <Button type="submit" name="intent" value="preview">
                Preview
              </Button>
            )}
            <p role="status" className="text-14 text-muted">
              {savedAt !== null && !dirty
                ? `Saved at ${savedAt}. Patients see it now.`
                : dirty
                  ? "Not saved yet"
                  : typed?.savedVersion !== undefined
                    ? "Saved. Patients see it now."
                    : ""}
            </p>
          </div>
        ) : null}
      </div>
      <HoursPreview
        subject={subject}
        rules={rules}
        saved={saved}
        initial={props.preview}
        posted={typed?.preview}
        from={from}
        onFrom={setFrom}
        today={today}
        zone={zone}
      />
    </Form>
  );
}

/** The rules of a draft in one fixed order, so that equal hours are one question. */
function rulesIn(draft: HoursDraft): HoursRules | null {
  const checked = checkDraft(draft);
  return checked.ok ? checked.rules : null;
}
