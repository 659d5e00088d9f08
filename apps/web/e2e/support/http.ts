import { randomInt } from "node:crypto";
import { request } from "node:http";
import { pulse } from "./browser.ts";

export type Answer = { status: number; headers: Record<string, string>; body: Buffer };

/** Where somebody calls from who is counted apart from everybody else; only Linux has more than one such address. */
export function someAddress(): string | undefined {
  return process.platform === "linux"
    ? `127.${randomInt(1, 255)}.${randomInt(0, 255)}.${randomInt(1, 255)}`
    : undefined;
}

/** A request as it stands, to any host name: Node resolves no *.localhost, and its fetch ignores a Host header. */
export function ask(
  url: string,
  o: { method?: string; headers?: Record<string, string>; body?: string | undefined; from?: string | undefined } = {},
): Promise<Answer> {
  const { host, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: "127.0.0.1",
        port: pulse.webPort,
        path: pathname + search,
        method: o.method ?? "GET",
        headers: { host, ...o.headers },
        ...(o.from !== undefined && { localAddress: o.from }),
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("error", reject);
        answer.on("end", () => {
          const headers = Object.fromEntries(
            Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
          );
          resolve({ status: answer.statusCode ?? 0, headers, body: Buffer.concat(chunks) });
        });
      },
    );
    sent.on("error", reject);
    sent.end(o.body);
  });
}

/** A form post, as a page of that origin sends it. */
export function post(
  url: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return ask(url, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", origin: new URL(url).origin, ...headers },
    body: new URLSearchParams(fields).toString(),
  });
}
