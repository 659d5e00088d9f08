import { buttonClass, cx, EmptyState, Notice, PageHead, useAnnounce } from "@pulsecal/ui/app";
import { useState } from "react";
import { data, Link, redirect, type ShouldRevalidateFunctionArgs, useSearchParams } from "react-router";
import { ask } from "../../lib/ask.server.ts";
import { textOf } from "../../lib/form.ts";
import { keepTyped, unlessUnreached } from "../../lib/keep-typed.ts";
import { useLastAnswer } from "../../lib/last-answer.ts";
import { useLiveEvents, useNow } from "../../lib/live.tsx";
import { PageProblem } from "../../lib/page-problem.tsx";
import { attempt } from "../../lib/refusal.server.ts";
import { callerOf, pulse } from "../../lib/trpc.server.ts";
import type { Route } from "./+types/approvals";
import { useMay } from "./admin.ts";
import { ClinicEvidence } from "./clinic-evidence.tsx";
import { ClinicList } from "./clinic-list.tsx";
import { useReadAgain } from "../../lib/read-again.ts";
import type { ClinicLine, PlatformEvent } from "./types.ts";
import { waitingText } from "./words.ts";

/** A clinic with the address of its page. */
export type ListedClinic = ClinicLine & { address: string };

export async function loader({ context, request }: Route.LoaderArgs) {
  const { links } = pulse(context).ctx.s;
  const lines = await ask("console", request, callerOf(context).platform.clinics.list({}));
  const clinics: ListedClinic[] = lines.map((line) => ({ ...line, address: links.clinic(line.slug, "/") }));
  const waiting = clinics.filter((one) => one.status === "practice").toSorted((a, b) => +a.createdAt - +b.createdAt);
  const others = clinics
    .filter((one) => one.status !== "practice")
    .toSorted((a, b) => +(b.approvedAt ?? b.createdAt) - +(a.approvedAt ?? a.createdAt));
  return { waiting, others, now: Date.now(), key: crypto.randomUUID() };
}

export async function action({ context, request }: Route.ActionArgs) {
  const form = await request.formData();
  const wish = { clinicId: textOf(form, "clinicId"), key: textOf(form, "key") };
  const approved = await attempt(() => callerOf(context).platform.clinics.approve(wish));
  if (!approved.ok) return data({ problem: approved.code }, { status: 409 });
  throw redirect(`/approvals?approved=${wish.clinicId}`);
}

export const clientAction = ({ serverAction }: Route.ClientActionArgs) => keepTyped(() => serverAction());

/** Choosing a clinic shows what is already here. */
export function shouldRevalidate(change: ShouldRevalidateFunctionArgs) {
  const { currentUrl, nextUrl, formMethod } = change;
  return formMethod === undefined && currentUrl.href !== nextUrl.href ? false : unlessUnreached(change);
}

const markedFor = 6_000;

export default function Approvals({ loaderData, actionData }: Route.ComponentProps) {
  const { waiting, others } = loaderData;
  const answer = useLastAnswer(actionData);
  const [params] = useSearchParams();
  const now = useNow(loaderData.now);
  const mayApprove = useMay("clinic.approve");
  const announce = useAnnounce();
  const readAgain = useReadAgain();
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const showLive = params.get("show") === "live";
  const shown = showLive ? others : waiting;
  const all = [...waiting, ...others];
  const approvedId = params.get("approved");

  // The first one is opened for the reader; it stays open when the list changes behind it.
  const place = `${showLive} ${approvedId ?? ""}`;
  const [pinned, setPinned] = useState({ of: place, id: shown[0]?.id });
  if (pinned.of !== place || (pinned.id === undefined && shown.length > 0)) setPinned({ of: place, id: shown[0]?.id });
  const openId = params.get("clinic") ?? pinned.id;
  const open = all.find((one) => one.id === openId);
  const approved = all.find((one) => one.id === approvedId);

  useLiveEvents<PlatformEvent>((event) => {
    if (!event.type.startsWith("clinic.")) return;
    readAgain();
    const { clinicId } = event;
    if (event.type !== "clinic.signed_up" || clinicId === undefined) return;
    announce(`${event.name ?? "A clinic"} signed up`);
    setFresh((ids) => new Set(ids).add(clinicId));
    setTimeout(() => setFresh((ids) => new Set([...ids].filter((id) => id !== clinicId))), markedFor);
  });

  const hrefOf = (id: string, confirm = false) =>
    `/approvals?${new URLSearchParams({ ...(showLive ? { show: "live" } : {}), clinic: id, ...(confirm ? { confirm: "approve" } : {}) }).toString()}`;
  const oldest = waiting[0];

  return (
    <>
      <title>{`${waiting.length === 0 ? "" : `(${waiting.length}) `}Approvals, PulseCal console`}</title>
      <PageHead title="Approvals">
        <p className="text-14 tabular-nums" data-waiting={waiting.length}>
          {oldest === undefined
            ? "Nobody waits."
            : `${waiting.length} waiting, the oldest ${waitingText(oldest.createdAt, now)}.`}
        </p>
      </PageHead>
      <nav aria-label="Which clinics" className="mb-4 flex flex-wrap gap-2">
        <Filter to="/approvals" current={!showLive}>
          Waiting ({waiting.length})
        </Filter>
        <Filter to="/approvals?show=live" current={showLive}>
          Decided ({others.length})
        </Filter>
      </nav>
      {approved === undefined || approved.status !== "live" ? null : (
        <Notice tone="success" role="status" className="mb-4">
          {approved.name} is live. Patients can book at <a href={approved.address}>{new URL(approved.address).host}</a>.
        </Notice>
      )}
      {shown.length === 0 && open === undefined ? (
        <EmptyState
          title={showLive ? "No clinic is live yet." : "Nobody waits."}
          next={<Link to="/">Back to the overview</Link>}
        >
          {showLive ? "Approved clinics are listed here." : "New sign-ups appear here by themselves."}
        </EmptyState>
      ) : (
        <div className="grid gap-5 lg:grid-cols-[22rem_minmax(0,1fr)]">
          <ClinicList clinics={shown} openId={openId} fresh={fresh} now={now} hrefOf={hrefOf} />
          {open === undefined ? null : (
            <ClinicEvidence
              key={open.id}
              clinic={open}
              namesakes={all.filter((one) => one.id !== open.id && sameName(one.name, open.name)).length}
              now={now}
              mayApprove={mayApprove}
              asking={params.get("confirm") === "approve" && params.get("clinic") === open.id}
              askHref={hrefOf(open.id, true)}
              keepHref={hrefOf(open.id)}
              idempotencyKey={loaderData.key}
              problem={answer?.problem}
              takeFocus={approvedId !== null && params.get("clinic") === null}
            />
          )}
        </div>
      )}
    </>
  );
}

const sameName = (a: string, b: string): boolean =>
  a.toLowerCase().replace(/[^a-z0-9]/g, "") === b.toLowerCase().replace(/[^a-z0-9]/g, "");

function Filter({ to, current, children }: { to: string; current: boolean; children: React.ReactNode }) {
  return (
    <Link
      to={to}
      preventScrollReset
      aria-current={current ? "true" : undefined}
      className={cx(buttonClass(), "tabular-nums", current && "border-brand bg-brand-soft text-brand")}
    >
      {children}
    </Link>
  );
}

export function ErrorBoundary() {
  return <PageProblem home="/" homeName="the overview" />;
}
