import { data } from "react-router";

/** Anything the apex has no page for; the layout's error boundary words it. */
export function loader(): never {
  throw data(null, { status: 404 });
}

export default function NotFound() {
  return null;
}
