import { Button, ChoiceList, TextLink } from "@pulsecal/ui/site";
import { data, redirect } from "react-router";
import { orMissing } from "../../../lib/refusal.server.ts";
import { callerOf } from "../../../lib/trpc.server.ts";
import { useClinic } from "../clinic-data.ts";
import type { Route } from "./+types/who";

export async function loader({ context, params, url }: Route.LoaderArgs) {
  const { services, practitioners } = await orMissing(() => callerOf(context).public.booking.catalog());
  const service = services.find((each) => each.id === params.service);
  if (!service) throw data(null, { status: 404 });
  const able = practitioners.filter((each) => service.practitionerIds.includes(each.id));
  const chosen = url.searchParams.get("who");
  const known = chosen === "any" || able.some((each) => each.id === chosen);
  if (chosen !== null && known) throw redirect(`/book/${service.id}/${chosen}`, 303);
  if (able.length === 1) throw redirect(`/book/${service.id}/any`, 303);
  return { service, practitioners: able, missed: chosen !== null, back: services.length > 1 };
}

export default function ChooseWho({ loaderData }: Route.ComponentProps) {
  const { service, practitioners, missed, back } = loaderData;
  const { name } = useClinic();
  return (
    <form method="get" className="max-w-2xl">
      <title>{`${missed ? "Error: " : ""}Who would you like to see? · ${name}`}</title>
      <p className="mb-3 text-16 text-muted">
        {service.name}, {service.minutes} minutes
        {back ? (
          <>
            {" "}
            <TextLink className="ms-1" href="/book" aria-label="Change what you need">
              Change
            </TextLink>
          </>
        ) : null}
      </p>
      <ChoiceList
        name="who"
        legend={<h1>Who would you like to see?</h1>}
        value="any"
        error={missed ? "Choose one to go on" : undefined}
        choices={[
          { value: "any", label: "First free", detail: "Whoever can see you soonest" },
          ...practitioners.map((each) => ({ value: each.id, label: each.name })),
        ]}
      />
      <Button className="mt-8 max-sm:w-full">See times</Button>
    </form>
  );
}
