import { buttonClass, Card, PageHead } from "@pulsecal/ui/app";
import { Link } from "react-router";
import { ask } from "../../../lib/ask.server.ts";
import { PageProblem } from "../../../lib/page-problem.tsx";
import { callerOf } from "../../../lib/trpc.server.ts";
import { useMe } from "../portal.tsx";
import type { Route } from "./+types/answers";
import { AnswersList } from "./answers-part.tsx";

export async function loader({ context, request, params }: Route.LoaderArgs) {
  return ask("portal", request, callerOf(context).staff.bookings.answers({ bookingId: params.bookingId }));
}

/** For the drawer: what cannot be opened now is said there, and the agenda beside it stays. */
export async function clientLoader({ serverLoader }: Route.ClientLoaderArgs) {
  try {
    return await serverLoader();
  } catch (error) {
    if (error instanceof Response) throw error;
    return null;
  }
}

/** Every reading is in the log: it is read when somebody asks, never again because something else on a page changed. */
export const shouldRevalidate = () => false;

/** The answers on a page of their own, for a browser without JavaScript; the drawer shows them in place. */
export default function Answers({ loaderData, params }: Route.ComponentProps) {
  const { clinic } = useMe();
  return (
    <>
      <title>{`Answers, ${clinic.name}`}</title>
      <PageHead
        title="Answers when booking"
        aside={
          <Link to={`/portal/agenda?booking=${params.bookingId}`} className={buttonClass()}>
            Back to the booking
          </Link>
        }
      />
      <Card className="max-w-2xl p-4">
        {loaderData === null ? <p>They could not be opened now. Try again.</p> : <AnswersList read={loaderData} />}
      </Card>
    </>
  );
}

export function ErrorBoundary() {
  return <PageProblem home="/portal" homeName="Today" />;
}
