/**
 * Unhydrated pages are in no client module graph, so an edit would reload nothing. This script, only ever rendered by
 * the development server, listens for the event that `vite.config.ts` sends and reloads the page.
 */
export function ReloadInDevelopment({ nonce }: { nonce: string | undefined }) {
  const script = `import { createHotContext } from "/@vite/client";
createHotContext("/pulsecal-reload").on("pulsecal:server-changed", () => location.reload());`;
  return <script type="module" nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: script }} />;
}
