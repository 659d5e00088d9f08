import { EmptyState, Monogram, ButtonLink } from "@pulsecal/ui/site";
import { ArrowRight } from "lucide-react";
import { orMissing } from "../../lib/refusal.server.ts";
import { pulse } from "../../lib/trpc.server.ts";
import type { Route } from "./+types/find";
import { FindForm } from "./find-form.tsx";

export async function loader({ context, url }: Route.LoaderArgs) {
  const { caller, ctx } = pulse(context);
  const q = (url.searchParams.get("q") ?? "").trim().slice(0, 80);
  const clinics = await orMissing(() => caller.public.directory.find(q === "" ? {} : { q }));
  return { q, clinics: clinics.map((clinic) => ({ ...clinic, href: ctx.s.links.clinic(clinic.slug, "/") })) };
}

export default function Find({ loaderData }: Route.ComponentProps) {
  const { q, clinics } = loaderData;
  return (
    <div className="mx-auto max-w-3xl px-4 pt-8 pb-20 sm:px-6 sm:pt-12">
      <title>{q ? `Clinics: ${q} · PulseCal` : "Find a clinic · PulseCal"}</title>
      <h1 className="text-30 font-semibold tracking-tight">Find a clinic</h1>
      <div className="mt-6">
        <FindForm value={q} />
      </div>
      <div className="mt-10">
        {clinics.length === 0 ? (
          <EmptyState
            title={q ? `No clinic is called “${q}” here.` : "No clinic is open for booking yet."}
            next={
              <ButtonLink href="/find" kind="plain">
                See all clinics
              </ButtonLink>
            }
          >
            Try a part of the name, or ask the clinic for its address.
          </EmptyState>
        ) : (
          <ul className="grid grid-cols-1 gap-3">
            {clinics.map((clinic) => (
              <li key={clinic.slug}>
                <a
                  href={clinic.href}
                  className="flex min-h-18 items-center gap-4 rounded-card border border-border bg-raised px-4 py-3 transition-colors hover:border-brand"
                >
                  <Monogram name={clinic.name} />
                  <span className="min-w-0 grow">
                    <span className="block truncate text-18 font-semibold">{clinic.name}</span>
                    <span className="block truncate text-16 text-muted">{new URL(clinic.href).host}</span>
                  </span>
                  <ArrowRight aria-hidden="true" className="size-5 shrink-0 text-brand" />
                </a>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
