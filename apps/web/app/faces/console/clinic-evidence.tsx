import { formatWhen } from "@pulsecal/core";
import { Button, buttonClass, Card, Dialog, Notice, SummaryList } from "@pulsecal/ui/app";
import { Check, TriangleAlert } from "lucide-react";
import { useEffect, useRef } from "react";
import { Form, Link, useNavigate, useNavigation } from "react-router";
import { unreachedText } from "../../lib/keep-typed.ts";
import { useHydrated } from "../../lib/live.tsx";
import type { ListedClinic } from "./approvals.tsx";
import { platformZone, waitingText } from "./words.ts";

type EvidenceProps = {
  clinic: ListedClinic;
  /** Other clinics of the same name. */
  namesakes: number;
  now: number;
  mayApprove: boolean;
  asking: boolean;
  askHref: string;
  keepHref: string;
  idempotencyKey: string;
  problem: string | undefined;
  takeFocus: boolean;
};

const problems: Record<string, string> = {
  unreached: unreachedText,
  forbidden: "Your role does not approve clinics. An admin can.",
  changed_meanwhile: "Someone else has decided on this clinic already.",
};

/** What is known about one clinic, and the one decision. */
export function ClinicEvidence(props: EvidenceProps) {
  const { clinic, namesakes, now, asking, askHref, keepHref, problem, takeFocus, mayApprove } = props;
  const hydrated = useHydrated();
  const navigate = useNavigate();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (takeFocus) heading.current?.focus();
  }, [takeFocus]);
  const waits = clinic.status === "practice";
  const decidable = waits && mayApprove;
  return (
    <Card className="self-start p-5" id="evidence-title">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 ref={heading} id="evidence-title" tabIndex={-1} className="text-20 font-semibold break-words">
            {clinic.name}
          </h2>
          <p className="text-14 text-muted">
            {waits ? `Waiting ${waitingText(clinic.createdAt, now)}` : stateText(clinic)}
          </p>
        </div>
        {decidable && !(asking && !hydrated) ? (
          <Link to={askHref} preventScrollReset className={buttonClass({ kind: "primary" })}>
            Approve
          </Link>
        ) : null}
      </div>
      <div className="mt-4 border-t border-border pt-4">
        <SummaryList
          rows={[
            {
              key: "Address",
              value: (
                <a href={clinic.address} className="inline-block wrap-anywhere">
                  {new URL(clinic.address).host}
                </a>
              ),
            },
            {
              key: "Signed up",
              value: <span className="tabular-nums">{formatWhen(+clinic.createdAt, platformZone)}</span>,
            },
            {
              key: "Owner's email",
              value: clinic.ownerVerified ? <Good>confirmed</Good> : <Doubt>not confirmed yet</Doubt>,
            },
            {
              key: "Same name",
              value:
                namesakes === 0 ? (
                  <Good>no other clinic</Good>
                ) : (
                  <Doubt>{namesakes === 1 ? "1 other clinic" : `${namesakes} other clinics`}</Doubt>
                ),
            },
          ]}
        />
      </div>
      {asking && !hydrated && decidable ? (
        <div className="mt-4 border-t border-border pt-4">
          <ApproveForm {...props} />
        </div>
      ) : null}
      {hydrated ? (
        <Dialog
          role="alertdialog"
          title={`Approve ${clinic.name}?`}
          isOpen={asking && decidable}
          onClose={() => void navigate(keepHref, { replace: true, preventScrollReset: true })}
        >
          <ApproveForm {...props} />
        </Dialog>
      ) : null}
      {problem === undefined || asking ? null : <Problem code={problem} />}
    </Card>
  );
}

const stateText = (clinic: ListedClinic): string =>
  clinic.approvedAt === null ? `It is ${clinic.status}` : `Live since ${formatWhen(+clinic.approvedAt, platformZone)}`;

function Good({ children }: { children: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <Check aria-hidden="true" className="size-4 text-success" />
      {children}
    </span>
  );
}

function Doubt({ children }: { children: string }) {
  return (
    <span className="inline-flex items-center gap-1.5 text-warning">
      <TriangleAlert aria-hidden="true" className="size-4" />
      {children}
    </span>
  );
}

function Problem({ code }: { code: string }) {
  return (
    <Notice tone="danger" role="alert" className="mt-3">
      {problems[code] ?? "We could not approve this. Try again."}
    </Notice>
  );
}

function ApproveForm({ clinic, keepHref, idempotencyKey, problem }: EvidenceProps) {
  const pending = useNavigation().state === "submitting";
  return (
    <Form method="post" preventScrollReset className="flex flex-col gap-3">
      <p>
        Patients can book at {new URL(clinic.address).host} at once, with its doctors as they are listed. The clinic is
        told by email.
      </p>
      {clinic.ownerVerified ? null : (
        <p className="font-semibold text-warning">The owner has not confirmed the email address yet.</p>
      )}
      {problem === undefined ? null : <Problem code={problem} />}
      <input type="hidden" name="clinicId" value={clinic.id} />
      <input type="hidden" name="key" value={idempotencyKey} />
      <div className="flex flex-wrap justify-end gap-2">
        <Link to={keepHref} replace preventScrollReset className={buttonClass()}>
          Not now
        </Link>
        <Button type="submit" kind="primary" pending={pending} pendingLabel="Approving…">
          Approve clinic
        </Button>
      </div>
    </Form>
  );
}
