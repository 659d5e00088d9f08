import { ButtonLink, TextLink } from "@pulsecal/ui/site";
import { telHref } from "../../lib/links.ts";

const WORDS: Record<number, [title: string, text: string]> = {
  404: ["This page is not here", "The link may be mistyped, or it has moved."],
  429: ["That was a lot at once", "Wait a minute, then try again."],
  503: ["We cannot answer right now", "Nothing is lost. Try again in a minute."],
};

/** What a clinic's page says when there is nothing to show: what happened and what to do. */
export function PageMissing({ status, phone }: { status: number; phone: string | null }) {
  const [title, text] = WORDS[status] ?? [
    "Something failed on our side",
    "Nothing you did caused it. Try again in a minute.",
  ];
  return (
    <div className="mx-auto max-w-xl py-8">
      <title>{title}</title>
      <h1 className="text-30 font-semibold tracking-tight">{title}</h1>
      <p className="mt-3 text-18 text-muted">{text}</p>
      {phone ? (
        <p className="mt-3 text-18">
          You can also call <TextLink href={telHref(phone)}>{phone}</TextLink>.
        </p>
      ) : null}
      <ButtonLink href="/" kind="plain" className="mt-8">
        Go to the first page
      </ButtonLink>
    </div>
  );
}
