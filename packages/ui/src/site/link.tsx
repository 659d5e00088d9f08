import type { AnchorHTMLAttributes } from "react";

/** A link in running text. */
export function TextLink({ className = "", ...rest }: AnchorHTMLAttributes<HTMLAnchorElement>) {
  return (
    <a
      {...rest}
      className={`rounded-input text-brand underline decoration-1 underline-offset-4 hover:decoration-2 ${className}`}
    />
  );
}
