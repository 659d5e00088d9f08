import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { answer } from "./http.ts";
import { listenSmtp } from "./smtp.ts";
import { openStore } from "./store.ts";

export type Mailbox = { url: string; smtpUrl: string; close(): Promise<void> };

/** Starts the mail sink and its page, both on loopback only: it shows every mail to anyone who asks. */
export async function startMailbox(o: { smtpPort: number; httpPort: number; folder: string | null }): Promise<Mailbox> {
  const store = await openStore(o.folder);
  const smtp = await listenSmtp(store, o.smtpPort);
  const http = await listenHttp(
    createServer((request, response) => answer(store, request, response)),
    o.httpPort,
  );
  return {
    url: `http://127.0.0.1:${portOf(http)}`,
    smtpUrl: `smtp://127.0.0.1:${portOf(smtp.server)}`,
    async close() {
      http.closeAllConnections();
      await Promise.all([
        new Promise((resolve) => http.close(resolve)),
        new Promise<void>((resolve) => smtp.close(() => resolve())),
      ]);
    },
  };
}

function listenHttp(server: Server, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

/** The port the system gave when 0 was asked for. */
function portOf(server: { address(): AddressInfo | string | null }): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening on TCP");
  return address.port;
}
