import { type ReactNode, useId } from "react";
import { TextField as AriaTextField, type TextFieldProps as AriaTextFieldProps } from "react-aria-components/TextField";
import { FieldError } from "react-aria-components/FieldError";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import { TextArea } from "react-aria-components/TextArea";
import { cx } from "./cx.ts";

/** Classes shared by everything one can type into or choose from. */
export const controlClass =
  "block min-h-8 w-full min-w-0 rounded-input border border-border-strong bg-raised px-2.5 py-1 text-14 text-text placeholder:text-muted disabled:opacity-60 aria-invalid:border-danger pointer-coarse:min-h-11 pointer-coarse:text-16";
const labelClass = "text-14 font-semibold text-text";
const hintClass = "text-13 text-muted";
const errorClass = "text-13 font-semibold text-danger";

type TextFieldProps = Omit<AriaTextFieldProps, "className" | "style" | "children"> & {
  label: string;
  hint?: string;
  error?: string | undefined;
  /** Shown at the left of the input, such as a currency sign. */
  before?: string;
  rows?: number;
  placeholder?: string;
  className?: string;
  inputClassName?: string;
};

/** A labelled text input; hint and error stand above the input, where the eye passes first. */
export function TextField(props: TextFieldProps) {
  const { label, hint, error, before, rows, placeholder, className, inputClassName, ...rest } = props;
  return (
    <AriaTextField
      {...rest}
      isInvalid={error !== undefined}
      validationBehavior="aria"
      className={cx("flex min-w-0 flex-col gap-1", className)}
    >
      <Label className={labelClass}>{label}</Label>
      {hint === undefined ? null : (
        <Text slot="description" className={hintClass}>
          {hint}
        </Text>
      )}
      <FieldError className={errorClass}>{error}</FieldError>
      {rows === undefined ? (
        <span className="relative block">
          {before === undefined ? null : (
            <span aria-hidden="true" className="absolute inset-y-0 left-2.5 flex items-center text-14 text-muted">
              {before}
            </span>
          )}
          <Input
            placeholder={placeholder}
            className={cx(controlClass, before !== undefined && "pl-7", inputClassName)}
          />
        </span>
      ) : (
        <TextArea rows={rows} placeholder={placeholder} className={cx(controlClass, "py-1.5", inputClassName)} />
      )}
    </AriaTextField>
  );
}

type SelectProps = {
  label: string;
  name?: string;
  options: { value: string; label: string }[];
  value?: string;
  defaultValue?: string;
  onChange?: (value: string) => void;
  hideLabel?: boolean;
  hint?: string;
  error?: string | undefined;
  className?: string;
  id?: string;
};

/**
 * A choice from a short list. It is the browser's own control: the accessible list of the library hides a second
 * select with inline styles, which our policy blocks in server HTML, and this one also posts without JavaScript.
 */
export function Select(props: SelectProps) {
  const { label, name, options, value, defaultValue, onChange, hideLabel = false, hint, error, className } = props;
  const made = useId();
  const id = props.id ?? made;
  const described = [hint === undefined ? "" : `${id}-hint`, error === undefined ? "" : `${id}-error`].join(" ").trim();
  return (
    <div className={cx("flex min-w-0 flex-col gap-1", className)}>
      <label htmlFor={id} className={hideLabel ? "sr-only" : labelClass}>
        {label}
      </label>
      {hint === undefined ? null : (
        <span id={`${id}-hint`} className={hintClass}>
          {hint}
        </span>
      )}
      {error === undefined ? null : (
        <span id={`${id}-error`} className={errorClass}>
          {error}
        </span>
      )}
      <select
        id={id}
        name={name}
        value={value}
        defaultValue={defaultValue}
        onChange={onChange === undefined ? undefined : (event) => onChange(event.target.value)}
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={described === "" ? undefined : described}
        className={cx(controlClass, "select-arrow cursor-pointer pr-8")}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}

type TickProps = {
  name?: string;
  value?: string;
  checked?: boolean;
  defaultChecked?: boolean;
  onChange?: (checked: boolean) => void;
  children: ReactNode;
  className?: string;
};

/** A labelled checkbox. */
export function Checkbox({ onChange, children, className, ...rest }: TickProps) {
  return (
    <label className={cx("flex min-h-8 cursor-pointer items-center gap-2 text-14 pointer-coarse:min-h-11", className)}>
      <input
        {...rest}
        type="checkbox"
        onChange={onChange === undefined ? undefined : (event) => onChange(event.target.checked)}
        className="size-4.5 shrink-0 cursor-pointer accent-brand"
      />
      <span className="min-w-0">{children}</span>
    </label>
  );
}

// A native checkbox says by itself whether it is on; the role only changes the word for it.
const asSwitch = { role: "switch" } as const;

/** On or off, in effect at once or with the form it stands in. */
export function Switch({ onChange, children, className, ...rest }: TickProps) {
  return (
    <label
      className={cx("flex min-h-8 cursor-pointer items-center gap-2.5 text-14 pointer-coarse:min-h-11", className)}
    >
      <input
        {...rest}
        type="checkbox"
        {...asSwitch}
        onChange={onChange === undefined ? undefined : (event) => onChange(event.target.checked)}
        className="switch shrink-0 cursor-pointer"
      />
      <span className="min-w-0">{children}</span>
    </label>
  );
}
