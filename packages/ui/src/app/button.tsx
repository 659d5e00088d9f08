import { cva } from "class-variance-authority";
import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components/Button";
import { cx } from "./cx.ts";

/**
 * Classes of a button, for links that look like one. Compact is 32 px, 44 px where the pointer is a finger. Its words
 * break only where the text is so large that no line would hold them.
 */
export const buttonClass = cva(
  "inline-flex max-w-full shrink-0 cursor-pointer items-center justify-center gap-2 rounded-input border font-semibold no-underline transition-colors duration-120 select-none aria-disabled:cursor-default aria-disabled:opacity-60 disabled:cursor-default disabled:opacity-60",
  {
    variants: {
      kind: {
        primary: "border-brand bg-brand text-on-brand hover:border-brand-strong hover:bg-brand-strong",
        secondary: "border-border-strong bg-raised text-text hover:bg-sunken",
        quiet: "border-transparent bg-transparent text-brand hover:bg-brand-soft",
        danger: "border-danger bg-danger text-on-danger hover:opacity-90",
        "danger-quiet": "border-border-strong bg-raised text-danger hover:bg-danger-soft",
      },
      size: {
        compact: "min-h-8 px-3 text-14 pointer-coarse:min-h-11",
        comfortable: "min-h-12 px-5 text-16",
      },
    },
    defaultVariants: { kind: "secondary", size: "compact" },
  },
);

export type ButtonKind = "primary" | "secondary" | "quiet" | "danger" | "danger-quiet";

type ButtonProps = Omit<AriaButtonProps, "className" | "style" | "children"> & {
  kind?: ButtonKind;
  size?: "compact" | "comfortable";
  pending?: boolean;
  /** What a pending button says; its width stays that of the label. */
  pendingLabel?: string;
  className?: string;
  children: ReactNode;
};

/**
 * A button. While pending it keeps its width and its focus and ignores further presses. (The library's own pending
 * state leaves unnamed images in its announcer.)
 */
export function Button(props: ButtonProps) {
  const { kind, size, pending = false, pendingLabel = "Working…", className, children, type, onPress, ...rest } = props;
  return (
    <AriaButton
      {...rest}
      type={pending ? "button" : type}
      onPress={pending ? undefined : onPress}
      aria-disabled={pending ? true : undefined}
      className={cx(buttonClass({ kind, size }), "relative", className)}
    >
      <span className={cx("inline-flex items-center gap-2", pending && "invisible")}>{children}</span>
      {pending ? <span className="absolute whitespace-nowrap">{pendingLabel}</span> : null}
    </AriaButton>
  );
}

type IconButtonProps = Omit<AriaButtonProps, "className" | "style" | "children" | "aria-label"> & {
  label: string;
  className?: string;
  children: ReactNode;
};

/** A button that shows only an icon; the label is its name. */
export function IconButton({ label, className, children, ...rest }: IconButtonProps) {
  return (
    <AriaButton
      {...rest}
      aria-label={label}
      className={cx(
        "inline-flex size-8 shrink-0 cursor-pointer items-center justify-center rounded-input text-muted hover:bg-sunken hover:text-text disabled:cursor-default disabled:opacity-50 pointer-coarse:size-11",
        className,
      )}
    >
      {children}
    </AriaButton>
  );
}
