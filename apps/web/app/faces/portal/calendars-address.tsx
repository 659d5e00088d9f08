import { Button, buttonClass, controlClass, useAnnounce } from "@pulsecal/ui/app";
import { Check, Copy } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useHydrated } from "../../lib/live.tsx";

type CalendarAddressProps = { address: string; name: string; made: boolean };

/** An address to hand to a calendar app. Focus goes to it, because it is what was asked for. */
export function CalendarAddress({ address, name, made }: CalendarAddressProps) {
  const hydrated = useHydrated();
  const announce = useAnnounce();
  const input = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState<"yes" | "no" | null>(null);
  useEffect(() => input.current?.focus(), []);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address);
      setCopied("yes");
      announce("Copied.");
    } catch {
      // The browser does not let us: the text is marked, a key copies it.
      input.current?.select();
      setCopied("no");
    }
  };
  return (
    <div className="flex flex-col gap-2">
      <label htmlFor={`address-${name}`} className="text-14 font-semibold">
        {made ? "Your new address" : "Your address"}
      </label>
      <p id={`about-${name}`} className="text-13 text-muted">
        In your calendar app choose &ldquo;Add calendar from address&rdquo;. Whoever has it sees when {name} is booked:
        keep it to yourself.
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <input
          ref={input}
          id={`address-${name}`}
          aria-describedby={`about-${name}`}
          readOnly
          value={address}
          onFocus={(event) => event.target.select()}
          className={`${controlClass} flex-1 basis-64 tabular-nums`}
        />
        {hydrated ? (
          <Button onPress={() => void copy()} kind="primary">
            {copied === "yes" ? (
              <Check aria-hidden="true" className="size-4" />
            ) : (
              <Copy aria-hidden="true" className="size-4" />
            )}
            {copied === "yes" ? "Copied" : "Copy"}
          </Button>
        ) : null}
        <a href={address.replace(/^https?:/, "webcal:")} className={buttonClass()}>
          Open in a calendar app
        </a>
      </div>
      {copied === "no" ? (
        <p role="status" className="text-13">
          The address is marked: press Ctrl+C to copy it.
        </p>
      ) : null}
    </div>
  );
}
