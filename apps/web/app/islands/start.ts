/** The sign-up page's script: proposes a web address from the name and says at once whether it is free. */
const PAUSE_MS = 350;

type Answer = { result?: { data?: { json?: { free: boolean; why?: string; ideas: string[] } } } };

const clinicName = document.querySelector<HTMLInputElement>('[name="clinicName"]');
const slug = document.querySelector<HTMLInputElement>('[name="slug"]');
const said = document.querySelector<HTMLElement>("[data-slug-said]");
let touched = Boolean(slug?.value);
let timer: ReturnType<typeof setTimeout> | undefined;
let asked = 0;

const proposal = (text: string): string =>
  text
    .normalize("NFD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/\b(clinic|practice|the)\b/g, " ")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 30);

async function check(): Promise<void> {
  if (!slug || !said || slug.value.trim() === "") return;
  const mine = ++asked;
  const input = { json: { slug: slug.value.trim(), ...(clinicName?.value ? { name: clinicName.value } : {}) } };
  const answer = await fetch(`/trpc/public.signUp.checkSlug?input=${encodeURIComponent(JSON.stringify(input))}`);
  const found = ((await answer.json()) as Answer).result?.data?.json;
  // A later question was asked meanwhile: this answer is about something no longer typed.
  if (mine !== asked || !found) return;
  said.textContent = found.free ? "This address is free" : `This one is not free. Try ${found.ideas.join(", ")}.`;
  said.dataset["state"] = found.free ? "free" : "taken";
}

function later(): void {
  clearTimeout(timer);
  if (said) said.textContent = "";
  timer = setTimeout(() => void check().catch(() => {}), PAUSE_MS);
}

clinicName?.addEventListener("input", () => {
  if (touched || !slug) return;
  slug.value = proposal(clinicName.value);
  later();
});
slug?.addEventListener("input", () => {
  touched = slug.value !== "";
  later();
});

export {};
