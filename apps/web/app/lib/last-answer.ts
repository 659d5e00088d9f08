import { useState } from "react";
import { useLocation } from "react-router";

/**
 * What the page's last form was answered with, until one goes elsewhere or sends another. The router forgets it whenever
 * the page is read again; here live events read pages again, and an error must not vanish from under its reader.
 */
export function useLastAnswer<T>(answer: T | undefined): T | undefined {
  const { key } = useLocation();
  const [kept, setKept] = useState<{ answer: T; key: string } | null>(null);
  if (answer !== undefined && (kept?.answer !== answer || kept.key !== key)) setKept({ answer, key });
  return answer ?? (kept?.key === key ? kept.answer : undefined);
}
