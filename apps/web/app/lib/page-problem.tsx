import { EmptyState } from "@pulsecal/ui/app";
import { isRouteErrorResponse, useRouteError } from "react-router";

const words: Record<number, { title: string; text: string }> = {
  403: {
    title: "Your role does not allow this",
    text: "An owner or manager of the clinic can change what your role may do.",
  },
  404: { title: "This page is not here", text: "The address may be mistyped, or what it showed is gone." },
  503: { title: "We cannot show this right now", text: "Try again in a minute. Nothing was lost." },
};
const failed = { title: "Something failed on our side", text: "Nothing you did caused it. Try again in a minute." };
const unreachable = {
  title: "You are offline",
  text: "This page needs a connection. It will open when you are back online.",
};

/** What stands in the place of a page that could not be shown. The frame around it stays. */
export function PageProblem({ home, homeName }: { home: string; homeName: string }) {
  const error = useRouteError();
  const offline = typeof navigator !== "undefined" && navigator.onLine === false;
  const { title, text } = isRouteErrorResponse(error)
    ? (words[error.status] ?? failed)
    : offline
      ? unreachable
      : failed;
  return (
    <>
      <title>{title}</title>
      <h1 tabIndex={-1} className="mb-4 text-20 font-semibold lg:text-24">
        {title}
      </h1>
      <EmptyState
        title={text}
        next={
          <a href={home} className="py-1 text-14 font-semibold">
            Go to {homeName}
          </a>
        }
      />
    </>
  );
}
