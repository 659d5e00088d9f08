import { TextField } from "@pulsecal/ui/app";
import type { ComponentProps } from "react";
import { limitKinds, type LimitsDraft } from "./limits-draft.ts";

type FieldProps = Omit<ComponentProps<typeof TextField>, "label">;

/** The four limits side by side; `fieldOf` says what each is called and holds. */
export function LimitFields({ fieldOf }: { fieldOf: (name: keyof LimitsDraft) => FieldProps }) {
  return (
    <div className="grid grid-cols-2 items-end gap-x-4 gap-y-3">
      {limitKinds.map(({ name, label }) => (
        <TextField
          key={name}
          label={label}
          inputMode="numeric"
          autoComplete="off"
          inputClassName="tabular-nums"
          {...fieldOf(name)}
        />
      ))}
    </div>
  );
}
