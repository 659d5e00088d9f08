import { Button } from "@pulsecal/ui/site";

/** One box and one button; the answer is an ordinary page. */
export function FindForm({ value = "" }: { value?: string }) {
  return (
    <search>
      <form action="/find" className="flex max-w-xl gap-2 max-sm:flex-col">
        <label htmlFor="q" className="sr-only">
          Clinic’s name
        </label>
        <input
          id="q"
          name="q"
          type="search"
          autoComplete="off"
          maxLength={80}
          placeholder="Clinic’s name"
          defaultValue={value}
          className="min-h-13 grow rounded-input border border-border-strong bg-raised px-4 text-18 placeholder:text-muted"
        />
        <Button className="min-h-13">Find</Button>
      </form>
    </search>
  );
}
