import { reactRouter } from "@react-router/dev/vite";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";
import { islands } from "./server/vite-islands.ts";
import { reloadUnhydrated } from "./server/vite-reload.ts";

export default defineConfig({
  plugins: [tailwindcss(), reactRouter(), islands(), reloadUnhydrated()],
  resolve: { dedupe: ["react", "react-dom", "react-router"] },
  optimizeDeps: {
    // A dependency found late reloads the page in the middle of a subscription: look through the hydrated faces first.
    entries: ["app/{root,entry.client}.tsx", "app/lib/**/*.tsx", "app/faces/{portal,console}/**/*.tsx"],
    include: ["react-router/dom", "superjson"],
  },
  environments: {
    client: { build: { rollupOptions: { input: ["app/islands/clinic.ts", "app/islands/start.ts"] } } },
    ssr: {
      // The API holds connections and live subscribers: one copy in the process, the one that server.ts started.
      resolve: { external: ["@pulsecal/api"] },
      build: { rollupOptions: { input: "./server/app.ts", external: [/^@pulsecal\/api(\/|$)/] } },
    },
  },
  build: { sourcemap: false, assetsInlineLimit: 0 },
});
