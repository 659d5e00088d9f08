import { SummaryList, TextLink } from "@pulsecal/ui/site";
import { useClinic } from "./clinic-data.ts";
import { telHref } from "../../lib/links.ts";

export default function Contact() {
  const { name, phone, address } = useClinic();
  const rows = [
    { key: "Phone", value: phone ? <TextLink href={telHref(phone)}>{phone}</TextLink> : null },
    { key: "Address", value: address },
    { key: "Staff", value: <TextLink href="/portal">Sign in to the clinic’s portal</TextLink> },
  ].filter((row) => row.value !== null);
  return (
    <div className="max-w-xl">
      <title>{`Contact ${name}`}</title>
      <h1 className="text-30 font-semibold tracking-tight">Contact {name}</h1>
      <div className="mt-6 rounded-card border border-border bg-raised p-5">
        <SummaryList rows={rows} />
      </div>
      <p className="mt-6 text-18 text-muted">
        To cancel a booking, open the link in your confirmation email. In an emergency call 112.
      </p>
    </div>
  );
}
