import type { Plugin } from "vite";

/** Tells unhydrated pages that server code changed; styles reload by themselves. See `reload-in-development.tsx`. */
export function reloadUnhydrated(): Plugin {
  return {
    name: "pulsecal-reload-unhydrated",
    hotUpdate({ file, server }) {
      if (this.environment.name !== "ssr" || file.endsWith(".css")) return;
      server.environments.client.hot.send({ type: "custom", event: "pulsecal:server-changed" });
    },
  };
}
