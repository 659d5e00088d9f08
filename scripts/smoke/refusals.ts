import assert from "node:assert/strict";
import { TRPCClientError } from "@trpc/client";

/** The product's code for why a call was refused; fails when it was not. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    return codeOf(error);
  }
  return assert.fail("was allowed");
}

/** The code a screen would read from an error of the API. */
function codeOf(error: unknown): string {
  if (!(error instanceof TRPCClientError)) throw error;
  const { pulse } = (error.data ?? {}) as { pulse?: { code?: string } }; // the error formatter adds it
  return pulse?.code ?? String(error.message);
}
