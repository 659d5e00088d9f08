import { Button, ChoiceList, EmptyState, ButtonLink, TextLink } from "@pulsecal/ui/site";
import { redirect } from "react-router";
import { formatMoney } from "@pulsecal/core";
import { catalogOrNothing } from "./catalog.server.ts";
import { callerOf } from "../../../lib/trpc.server.ts";
import { useClinic } from "../clinic-data.ts";
import type { Route } from "./+types/service";
import { telHref } from "../../../lib/links.ts";

export async function loader({ context, url }: Route.LoaderArgs) {
  const { services } = await catalogOrNothing(callerOf(context));
  const chosen = url.searchParams.get("service");
  if (chosen !== null && services.some((service) => service.id === chosen)) throw redirect(`/book/${chosen}`, 303);
  const only = services.length === 1 ? services[0] : undefined;
  if (only) throw redirect(`/book/${only.id}`, 303);
  // Arriving with a wrong choice means Continue was pressed on nothing.
  return { services, missed: chosen !== null };
}

export default function ChooseService({ loaderData }: Route.ComponentProps) {
  const { services, missed } = loaderData;
  const { name, phone } = useClinic();
  if (services.length === 0) return <NothingToBook name={name} phone={phone} />;
  return (
    <form method="get" className="max-w-2xl">
      <title>{`${missed ? "Error: " : ""}What do you need? · ${name}`}</title>
      <ChoiceList
        name="service"
        legend={<h1>What do you need?</h1>}
        error={missed ? "Choose one to go on" : undefined}
        choices={services.map((service) => ({
          value: service.id,
          label: service.name,
          detail: `${service.minutes} minutes`,
          note: formatMoney(service.priceCents),
        }))}
      />
      <p className="mt-4 text-16 text-muted">You pay the clinic at your visit. There is no booking fee.</p>
      <Button className="mt-8 max-sm:w-full">Continue</Button>
    </form>
  );
}

function NothingToBook({ name, phone }: { name: string; phone: string | null }) {
  return (
    <div className="max-w-xl">
      <title>{`Booking · ${name}`}</title>
      <h1 className="mb-6 text-30 font-semibold tracking-tight">Book a visit</h1>
      <EmptyState
        title="Online booking is not open yet"
        next={
          <ButtonLink href="/" kind="plain">
            Go back
          </ButtonLink>
        }
      >
        {phone ? (
          <p>
            You can book by phone: <TextLink href={telHref(phone)}>{phone}</TextLink>.
          </p>
        ) : (
          <p>Please come back soon.</p>
        )}
      </EmptyState>
    </div>
  );
}
