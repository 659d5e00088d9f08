import { TextField } from "@pulsecal/ui/site";

type Contact = { name: string; phone: string; email: string };

/** Who somebody is and how to reach them, with the names under which a browser fills such fields by itself. */
export function ContactFields({
  typed,
  error,
  emailHint,
}: {
  typed: Contact;
  error: (id: string) => string | undefined;
  emailHint?: string;
}) {
  return (
    <>
      <TextField
        id="name"
        label="Your name"
        autoComplete="name"
        maxLength={200}
        defaultValue={typed.name}
        error={error("name")}
      />
      <fieldset className="grid gap-6">
        <legend className="sr-only">How we reach you</legend>
        <p className="text-16 text-muted">A cell number or an email: one is enough.</p>
        <TextField
          id="phone"
          label="Cell number"
          type="tel"
          inputMode="tel"
          autoComplete="tel"
          maxLength={40}
          className="tabular"
          defaultValue={typed.phone}
          error={error("phone")}
        />
        <TextField
          id="email"
          label="Email"
          type="email"
          autoComplete="email"
          maxLength={320}
          hint={emailHint}
          defaultValue={typed.email}
          error={error("email")}
        />
      </fieldset>
    </>
  );
}
