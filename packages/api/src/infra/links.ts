import type { Env } from "./env.ts";

export type Links = {
  /** The address of a clinic's host; links in mails come only from here, never from a request's Host header. */
  clinic(slug: string, path?: string): string;
  apex(path?: string): string;
  console(path?: string): string;
};

export function createLinks(env: Pick<Env, "scheme" | "baseDomain" | "publicPort">): Links {
  const own = env.scheme === "https" ? 443 : 80;
  const port = env.publicPort === null || env.publicPort === own ? "" : `:${env.publicPort}`;
  const at = (prefix: string, path: string) => `${env.scheme}://${prefix}${env.baseDomain}${port}${path}`;
  return {
    clinic: (slug, path = "/") => at(`${slug}.`, path),
    apex: (path = "/") => at("", path),
    console: (path = "/") => at("admin.", path),
  };
}
