/** Host names that are ours, or that a stranger could use to look like us. */
const RESERVED = new Set(
  (
    "about abuse account accounts admin administrator api apex app apps assets auth autodiscover beta billing blog board book booking " +
    "bookings cdn cloud clinic clinics console contact cookies dashboard demo-admin dev docs email embed example ftp " +
    "ftps health help hooks host hostmaster imap info internal invoice invoices legal live localhost login logout mail " +
    "mailbox media metrics mobile mx news noreply ns ns1 ns2 ns3 oauth ops patient patients pay payfast payment payments " +
    "pop pop3 portal postmaster press privacy pulsecal push queue redis register root sales secure security shop " +
    "sign-in sign-up signin signup sip sitemap smtp sms staff staging static stats status store support system team " +
    "terms test tls trpc verify video web webhook webhooks webmail webmaster widget wpad ws wss www www1 www2"
  ).split(" "),
);

const MIN = 3;
/** Shorter than a DNS label's 63, so that it still fits a line of an SMS. */
const MAX = 40;
const SHAPE = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

export type SlugCheck =
  | { ok: true; slug: string }
  | { ok: false; why: "too_short" | "too_long" | "characters" | "reserved" };

/** Whether a text can be a clinic's web address; upper case and blanks around it are forgiven. */
export function checkSlug(raw: string): SlugCheck {
  const slug = raw.trim().toLowerCase();
  if (slug.length < MIN) return { ok: false, why: "too_short" };
  if (slug.length > MAX) return { ok: false, why: "too_long" };
  if (!SHAPE.test(slug)) return { ok: false, why: "characters" };
  if (RESERVED.has(slug)) return { ok: false, why: "reserved" };
  return { ok: true, slug };
}

function plain(name: string): string {
  const letters = name
    .slice(0, 200)
    .normalize("NFD")
    .replace(/[\u0300-\u036f'’]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-");
  return letters.slice(0, 28).replace(/^-+|-+$/g, "");
}

function* candidates(base: string): Generator<string> {
  const short = base.split("-")[0] ?? base;
  if (!base.includes("clinic")) yield* [base, `${base}-clinic`, `${base}-health`];
  else yield* [base, short, `${base}-health`];
  yield* [`${base}-care`, `my-${base}`];
  for (let n = 2; n < 10_000; n++) yield `${base}-${n}`;
}

/** Three free web addresses near a clinic's name; fewer only when `taken` refuses thousands. */
export function slugIdeas(name: string, taken: (slug: string) => boolean): string[] {
  const base = plain(name) || "clinic";
  const ideas: string[] = [];
  for (const candidate of candidates(base)) {
    const check = checkSlug(candidate);
    if (check.ok && !ideas.includes(check.slug) && !taken(check.slug)) ideas.push(check.slug);
    if (ideas.length === 3) break;
  }
  return ideas;
}
