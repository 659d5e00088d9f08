import { data } from "react-router";
import { PageProblem } from "../../lib/page-problem.tsx";

export function loader() {
  throw data(null, { status: 404 });
}

export default function NotFound() {
  return null;
}

export function ErrorBoundary() {
  return <PageProblem home="/portal" homeName="Today" />;
}
