declare module "virtual:islands" {
  /** Public addresses of the hand-written browser scripts, by name. */
  export const islands: { readonly clinic: string; readonly start: string };
}

declare module "virtual:react-router/server-build" {
  import type { ServerBuild } from "react-router";
  const build: ServerBuild;
  export = build;
}
