import { isRouteErrorResponse, type ShouldRevalidateFunctionArgs } from "react-router";

/** What an action answers when the server could not be reached: the page keeps what was typed and says so. */
export type Unreached = { problem: "unreached" };

/** Runs a server action from the browser; without a connection it answers instead of replacing the page by an error. */
export async function keepTyped<T>(serverAction: () => Promise<T>): Promise<T | Unreached> {
  try {
    return await serverAction();
  } catch (error) {
    if (error instanceof Response || isRouteErrorResponse(error)) throw error;
    if (error instanceof Error) return { problem: "unreached" };
    throw error;
  }
}

/** After an action that never arrived there is nothing new to read, and reading would fail just the same. */
export function unlessUnreached({ actionResult, defaultShouldRevalidate }: ShouldRevalidateFunctionArgs): boolean {
  const answer: unknown = actionResult;
  const unreached =
    typeof answer === "object" && answer !== null && "problem" in answer && answer.problem === "unreached";
  return unreached ? false : defaultShouldRevalidate;
}

/** The sentence for it. */
export const unreachedText =
  "We could not reach PulseCal. Nothing was saved; what you typed is still here. Try again when you are online.";
