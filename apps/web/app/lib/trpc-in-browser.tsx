import type { AppRouter } from "@pulsecal/api";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createTRPCClient, createWSClient, httpBatchLink, splitLink, wsLink } from "@trpc/client";
import { createTRPCContext } from "@trpc/tanstack-react-query";
import { type ReactNode, useState } from "react";
import superjson from "superjson";

const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();
export { useTRPC, useTRPCClient };

const batch = () => httpBatchLink({ url: "/trpc", transformer: superjson, maxItems: 10 });

/** The typed client (a file named `.client` would be empty on the server, which renders these providers too). Subscriptions share one socket that is dialled only when the first of them starts. */
function makeClient() {
  // On the server nothing subscribes and nothing fetches: loaders call the API in process.
  if (typeof window === "undefined") return createTRPCClient<AppRouter>({ links: [batch()] });
  const socket = createWSClient({
    url: `${window.location.protocol === "https:" ? "wss" : "ws"}://${window.location.host}/ws`,
    lazy: { enabled: true, closeMs: 5_000 },
    // A cable pulled out sends nothing: silence longer than this counts as gone.
    keepAlive: { enabled: true, intervalMs: 10_000, pongTimeoutMs: 3_000 },
    retryDelayMs: retryDelay(),
  });
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === "subscription",
        true: wsLink({ client: socket, transformer: superjson }),
        false: batch(),
      }),
    ],
  });
}

/**
 * How long to wait before dialling again: longer each time, with jitter so that a restarted server is not met by everybody
 * at once. The library counts tries only until a socket opens; one that opens and closes at once would be redialled
 * without a pause, so the row of failures is counted here, by time.
 */
function retryDelay(): () => number {
  let row = 0;
  let last = 0;
  return () => {
    row = Date.now() - last > 30_000 ? 0 : Math.min(row + 1, 6);
    last = Date.now();
    return 250 * 2 ** row * (0.5 + Math.random() / 2);
  };
}

export type ApiClient = ReturnType<typeof makeClient>;

/** Gives hydrated faces the API and a cache. Data goes stale by live events, not by age. */
export function ApiProvider({ children }: { children: ReactNode }) {
  const [queries] = useState(
    () =>
      new QueryClient({
        defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false, retry: 1 } },
      }),
  );
  const [client] = useState(makeClient);
  return (
    <QueryClientProvider client={queries}>
      <TRPCProvider trpcClient={client} queryClient={queries}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}
