import { cents, dayOf, formatMoney } from "@pulsecal/core";
import { buttonClass, cx, EmptyState, Notice, PageHead } from "@pulsecal/ui/app";
import { Plus } from "lucide-react";
import { data, Link, redirect } from "react-router";
import { ask } from "../../lib/ask.server.ts";
import { textOf } from "../../lib/form.ts";
import { keepTyped, unlessUnreached } from "../../lib/keep-typed.ts";
import { useLiveEvents } from "../../lib/live.tsx";
import { attempt } from "../../lib/refusal.server.ts";
import { callerOf, pulse } from "../../lib/trpc.server.ts";
import type { Route } from "./+types/services";
import type { Problem } from "./hours-draft.ts";
import { PageProblem } from "../../lib/page-problem.tsx";
import { useLastAnswer } from "../../lib/last-answer.ts";
import { useReadAgain } from "../../lib/read-again.ts";
import { useMay, useMe } from "./portal.tsx";
import { shortName } from "./short-name.ts";
import { checkService, durationText, type ServiceDraft, serviceFromForm } from "./service-draft.ts";
import { QuestionsForm } from "./questions-form.tsx";
import { saveQuestions } from "./save-questions.server.ts";
import { ServiceForm } from "./service-form.tsx";
import type { ServiceView, Staff, StaffEvent } from "./types.ts";

export type ServiceAnswer = { draft: ServiceDraft; problems?: Problem[]; problem?: string };

const here = "/portal/settings/services";

export async function loader({ context, request }: Route.LoaderArgs) {
  const { staff } = callerOf(context);
  const params = new URL(request.url).searchParams;
  const edit = params.get("edit");
  const isSaved = edit !== null && /^[0-9a-f-]{36}$/i.test(edit);
  const [services, practitioners, rooms, questions] = await ask(
    "portal",
    request,
    Promise.all([
      staff.services.list(),
      staff.practitioners.list(),
      staff.rooms.list(),
      isSaved ? staff.questions.list({ serviceId: edit }) : null,
    ]),
  );
  const editing: ServiceView | "new" | null =
    edit === null ? null : edit === "new" ? "new" : (services.find((service) => service.id === edit) ?? null);
  return {
    services,
    practitioners,
    rooms: choosable(rooms, editing),
    questions,
    editing,
    saved: params.get("saved"),
    key: crypto.randomUUID(),
  };
}

/** Rooms and devices to choose from; one that is not in use stands there only where it is chosen already. */
function choosable(rooms: Staff["rooms"]["list"], editing: ServiceView | "new" | null) {
  const needs = editing === null || editing === "new" ? [] : editing.needs;
  return rooms
    .filter(({ id, active }) => active || needs.some(({ of }) => of.includes(id)))
    .map(({ id, name, active }) => ({ id, name: active ? name : `${name} (not in use)` }));
}

export async function action({ context, request }: Route.ActionArgs) {
  const form = await request.formData();
  if (textOf(form, "intent") === "questions") return saveQuestions(callerOf(context).staff, form);
  const draft = serviceFromForm(form);
  const zone = pulse(context).ctx.clinic?.zone ?? "Africa/Johannesburg";
  const checked = checkService(draft, dayOf(Date.now(), zone));
  const answer = (more: Partial<ServiceAnswer>, status: number) =>
    data({ draft, ...more } satisfies ServiceAnswer, { status });
  if (!checked.ok) return answer({ problems: checked.problems }, 422);
  const id = textOf(form, "id");
  const own = id === "" ? {} : { id, version: textOf(form, "version") };
  const wish = { ...own, ...checked.rules, key: textOf(form, "key") };
  const saved = await attempt(() => callerOf(context).staff.services.save(wish));
  if (!saved.ok) return answer({ problem: saved.code }, 409);
  throw redirect(`${here}?saved=${saved.value.id}`);
}

export const clientAction = ({ serverAction }: Route.ClientActionArgs) => keepTyped(() => serverAction());
export const shouldRevalidate = unlessUnreached;

export default function Services({ loaderData, actionData }: Route.ComponentProps) {
  const last = useLastAnswer(actionData);
  const { services, practitioners, editing, saved } = loaderData;
  const { clinic } = useMe();
  const readAgain = useReadAgain();
  useLiveEvents<StaffEvent>((event) => {
    if (event.type === "service.changed" || event.type === "room.changed") readAgain();
  });
  const mayWrite = useMay("service.write");
  const failed = last !== undefined && !("saved" in last && last.saved);
  const savedName = services.find((service) => service.id === saved)?.name;
  return (
    <>
      <title>{`${failed ? "Error: " : ""}Services, ${clinic.name}`}</title>
      <PageHead
        title="Services"
        aside={
          mayWrite ? (
            <Link
              to={`${here}?edit=new`}
              className={buttonClass({ kind: editing === null ? "primary" : "secondary" })}
              preventScrollReset
            >
              <Plus aria-hidden="true" className="size-4" />
              New service
            </Link>
          ) : undefined
        }
      >
        <p className="text-14 text-muted">What patients can book, how long it takes and what it costs at the clinic.</p>
      </PageHead>
      {savedName === undefined ? null : (
        <Notice tone="success" role="status" className="mb-4">
          {savedName} is saved. Patients see it now.
        </Notice>
      )}
      <div className={cx("grid gap-5", editing !== null && "xl:grid-cols-[minmax(0,1fr)_26rem]")}>
        <div className={cx("min-w-0", editing !== null && "hidden xl:block")}>
          {services.length === 0 ? (
            <EmptyState
              title="No services yet."
              next={mayWrite ? <Link to={`${here}?edit=new`}>Add the first one</Link> : undefined}
            >
              Patients can book as soon as there is one.
            </EmptyState>
          ) : (
            <ServiceList
              services={services}
              names={new Map(practitioners.map((one) => [one.id, one.name]))}
              editing={editing}
              mayWrite={mayWrite}
            />
          )}
        </div>
        {editing === null || !mayWrite ? null : (
          <div className="flex flex-col gap-5 self-start">
            <ServiceForm
              key={editing === "new" ? "new" : editing.id}
              service={editing === "new" ? undefined : editing}
              practitioners={practitioners}
              rooms={loaderData.rooms}
              idempotencyKey={loaderData.key}
              answer={last !== undefined && "asked" in last ? undefined : last}
              closeHref={here}
            />
            {editing === "new" || loaderData.questions === null ? null : (
              <QuestionsForm
                key={`${editing.id} ${loaderData.questions.version}`}
                serviceId={editing.id}
                questions={loaderData.questions}
                idempotencyKey={`${loaderData.key}.q`}
                answer={last !== undefined && "asked" in last ? last : undefined}
              />
            )}
          </div>
        )}
      </div>
    </>
  );
}

type ListProps = {
  services: ServiceView[];
  names: Map<string, string>;
  editing: ServiceView | "new" | null;
  mayWrite: boolean;
};

function ServiceList({ services, names, editing, mayWrite }: ListProps) {
  const isOpen = (service: ServiceView) => editing !== null && editing !== "new" && editing.id === service.id;
  const doctors = (service: ServiceView) => service.practitionerIds.map((id) => names.get(id) ?? "").filter(Boolean);
  return (
    <div className="overflow-hidden rounded-card border border-border bg-raised">
      <table className="w-full text-14">
        <caption className="sr-only">Services</caption>
        <thead className="hidden bg-sunken text-left text-13 text-muted sm:table-header-group">
          <tr>
            <th scope="col" className="h-9 px-4 font-semibold">
              Service
            </th>
            <th scope="col" className="h-9 px-2 text-right font-semibold">
              Length
            </th>
            <th scope="col" className="h-9 px-2 text-right font-semibold">
              Price
            </th>
            <th scope="col" className="h-9 px-2 font-semibold">
              With
            </th>
            <th scope="col" className="h-9 px-4 font-semibold">
              State
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-border">
          {services.map((service) => (
            <tr
              key={service.id}
              className={cx(
                "flex flex-wrap items-baseline gap-x-3 px-4 py-2 sm:table-row sm:px-0 sm:py-0",
                isOpen(service) && "bg-brand-soft",
              )}
            >
              <th scope="row" className="w-full text-left font-semibold sm:h-9 sm:w-auto sm:min-w-40 sm:px-4">
                {mayWrite ? (
                  <Link
                    to={`${here}?edit=${service.id}`}
                    preventScrollReset
                    className="inline-block py-1"
                    aria-current={isOpen(service) ? "true" : undefined}
                  >
                    {service.name}
                  </Link>
                ) : (
                  service.name
                )}
              </th>
              <td className="tabular-nums sm:px-2 sm:text-right">{durationText(service.minutes)}</td>
              <td className="tabular-nums sm:px-2 sm:text-right">{formatMoney(cents(service.priceCents))}</td>
              <td className="min-w-0 text-muted max-sm:order-last max-sm:w-full sm:px-2">
                {doctors(service).length === 0 ? "nobody yet" : doctors(service).map(shortName).join(", ")}
              </td>
              <td className={cx("sm:px-4", service.active ? "text-success" : "text-muted")}>
                {service.active ? "Bookable" : "Hidden"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function ErrorBoundary() {
  return <PageProblem home="/portal" homeName="Today" />;
}
