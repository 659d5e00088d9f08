/** The text of a form's field as it was sent; a file is no text. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}

/** The text of a form's field, without the blanks around it. */
export function field(form: FormData, name: string): string {
  return textOf(form, name).trim();
}

/** A new idempotency key for a form: pressing twice sends the same one. */
export function newFormKey(): string {
  return crypto.randomUUID();
}

/** The key of one choice made in a form, so that going back and choosing again is a new request. */
export function keyFor(formKey: string, ...choice: string[]): string {
  const base = /^[0-9a-f-]{36}$/.test(formKey) ? formKey : crypto.randomUUID();
  return [base, ...choice].join(".").slice(0, 255);
}
