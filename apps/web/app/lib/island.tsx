import type { IslandScript } from "./island.server.ts";

/** The one hand-written script of an unhydrated page. */
export function Island({ script }: { script: IslandScript }) {
  return <script type="module" src={script.src} nonce={script.nonce} suppressHydrationWarning />;
}
