import type { AnchorHTMLAttributes, ButtonHTMLAttributes } from "react";

export type ButtonKind = "main" | "plain" | "danger" | "accent";

const SHAPE =
  "inline-flex min-h-12 items-center justify-center gap-2 rounded-input px-6 py-2 text-center text-18 font-semibold transition-colors active:translate-y-px";

const KINDS: Record<ButtonKind, string> = {
  main: "bg-brand text-on-brand hover:bg-brand-strong",
  plain: "border border-border-strong bg-raised text-text hover:bg-sunken",
  danger: "bg-danger text-on-danger hover:brightness-110",
  accent: "bg-accent text-on-accent hover:brightness-105",
};

function classes(kind: ButtonKind, wide: boolean, extra: string): string {
  return `${SHAPE} ${KINDS[kind]} ${wide ? "w-full" : ""} ${extra}`;
}

type Look = { kind?: ButtonKind; wide?: boolean };

/** A button that sends a form. */
export function Button({
  kind = "main",
  wide = false,
  className = "",
  ...rest
}: Look & ButtonHTMLAttributes<HTMLButtonElement>) {
  return <button type="submit" {...rest} className={`cursor-pointer ${classes(kind, wide, className)}`} />;
}

/** A link that looks like a button, for going somewhere. */
export function ButtonLink({
  kind = "main",
  wide = false,
  className = "",
  ...rest
}: Look & AnchorHTMLAttributes<HTMLAnchorElement>) {
  return <a {...rest} className={classes(kind, wide, className)} />;
}
