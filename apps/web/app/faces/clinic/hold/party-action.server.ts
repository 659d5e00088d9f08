import type { FieldError } from "@pulsecal/ui/site";
import { data, redirect } from "react-router";
import { field, keyFor, newFormKey } from "../../../lib/form.ts";
import { holderOf } from "../../../lib/holder.server.ts";
import type { Pulse } from "../../../lib/trpc.server.ts";
import { extendHold } from "./confirm.server.ts";
import { holdNear, type Proposal } from "./family.server.ts";
import { type NearTime, nearValue, readNear } from "./near-time.ts";
import { type Party, readParty } from "./party.ts";

/** What a step leaves for the page; `code` is `ok`, `fields` or a refusal of the API. All that was typed goes along. */
export type PartyOutcome = {
  party: Party;
  formKey: string;
  code: string;
  /** a line for one more person is asked for */
  more?: boolean;
  /** what is written is to be changed */
  edit?: boolean;
  errors?: FieldError[];
  proposal?: Proposal | null;
  near?: NearTime[];
  expiresAt?: Date;
};

const STATUS: Record<string, number> = { ok: 200, fields: 422, rate_limited: 429 };

export function answer(outcome: PartyOutcome) {
  return data(outcome, { status: STATUS[outcome.code] ?? 409 });
}

/** A party's form as it was sent: who, under which key, and which button was pressed. */
export async function readPartyForm(request: Request) {
  const form = await request.formData();
  const typed = { party: readParty(form), formKey: field(form, "key") || newFormKey() };
  return { form, typed, intent: field(form, "intent") };
}

type Sent = Awaited<ReturnType<typeof readPartyForm>> & { request: Request; token: string };

/**
 * What both pages of a party can do: five minutes more, and beginning again from a near time when the held ones are
 * gone. Null when neither was pressed.
 */
export async function sharedStep({ ctx, caller }: Pulse, sent: Sent) {
  const { form, typed, intent, request, token } = sent;
  if (intent === "extend") {
    const more = await extendHold(caller, token);
    return answer({ ...typed, ...more, code: more.code === "extended" ? "ok" : more.code });
  }
  // A form that was sent on after a near time was held still names that time.
  const near = new URL(request.url).searchParams.has(AGAIN) ? null : readNear(field(form, "near"));
  if (!near) return null;
  const who = { holder: holderOf(request, ctx), key: keyFor(typed.formKey, "near", nearValue(near)) };
  const held = await holdNear(caller, token, near, who);
  // 307 sends the same form on: nothing typed is lost, and no server keeps it meanwhile.
  if ("token" in held) throw redirect(`/hold/${held.token}/family?${AGAIN}`, 307);
  return answer({ ...typed, ...held });
}

/** In an address: the form that comes there was sent on, not pressed. */
const AGAIN = "again";
