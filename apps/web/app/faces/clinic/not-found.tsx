import { data } from "react-router";

/** Anything the clinic's face has no page for; the layout's error boundary words it. */
export function loader(): never {
  throw data(null, { status: 404 });
}

export default function NotFound() {
  return null;
}
