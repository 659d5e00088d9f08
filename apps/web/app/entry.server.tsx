import { PassThrough } from "node:stream";
import { createReadableStreamFromReadable } from "@react-router/node";
import { renderToPipeableStream } from "react-dom/server";
import {
  type EntryContext,
  type HandleErrorFunction,
  isRouteErrorResponse,
  type RouterContextProvider,
  ServerRouter,
} from "react-router";
import { DocumentProvider, type DocumentState } from "./lib/document.tsx";
import { pulse } from "./lib/trpc.server.ts";

// Loaders that stream may settle this late; after it the rest of the page is given up.
export const streamTimeout = 5_000;

/** Renders a document: whole and script-free for the clinic and apex faces, streamed and hydrated for the others. */
export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  router: EntryContext,
  context: RouterContextProvider,
): Promise<Response> | Response {
  headers.set("Content-Type", "text/html; charset=utf-8");
  if (request.method === "HEAD") return new Response(null, { status, headers });

  const { nonce, dev } = pulse(context);
  const state: DocumentState = { hydrate: wantsHydration(router), nonce, dev };
  return state.hydrate
    ? streamed(request, status, headers, router, context, state)
    : buffered(request, status, headers, router, context, state);
}

/** Logs what failed, once, by route and not by content. Refusals that became a status are not failures. */
export const handleError: HandleErrorFunction = (error, { request, context }) => {
  if (request.signal.aborted || (isRouteErrorResponse(error) && error.status < 500)) return;
  const { ctx } = pulse(context);
  ctx.s.log.error({ err: error, requestId: ctx.requestId, path: routeOf(request.url) }, "page failed");
};

/** Hydrates only where a matched layout asks for it, and never on an error: an error page must not need a script. */
function wantsHydration(router: EntryContext): boolean {
  const { errors, matches } = router.staticHandlerContext;
  if (errors !== null) return false;
  return matches.some((match) => {
    const handle = router.routeModules[match.route.id]?.handle as { hydrate?: boolean } | undefined;
    return handle?.hydrate === true;
  });
}

/** The path without what may be secret in it: booking links and verification links carry tokens. */
function routeOf(url: string): string {
  return new URL(url).pathname.replace(/^\/(b|w|hold|portal\/verify)\/[^/]+/, "/$1/…");
}

function tree(request: Request, router: EntryContext, state: DocumentState) {
  return (
    <DocumentProvider value={state}>
      <ServerRouter context={router} url={request.url} nonce={state.nonce} />
    </DocumentProvider>
  );
}

/** Waits for every part, so that nothing has to be moved into place by a script. */
function buffered(
  request: Request,
  status: number,
  headers: Headers,
  router: EntryContext,
  context: RouterContextProvider,
  state: DocumentState,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const sink = new PassThrough();
    sink.on("data", (chunk: Buffer) => chunks.push(chunk));
    sink.on("error", reject);
    sink.on("end", () => {
      const body = Buffer.concat(chunks);
      headers.set("Content-Length", String(body.byteLength));
      resolve(new Response(body, { status, headers }));
    });
    const { pipe, abort } = renderToPipeableStream(tree(request, router, state), {
      nonce: state.nonce,
      progressiveChunkSize: Number.POSITIVE_INFINITY,
      onAllReady: () => {
        clearTimeout(timer);
        pipe(sink);
      },
      onShellError: (error) => {
        clearTimeout(timer);
        reject(error);
      },
      onError: (error) => report(error, request, context),
    });
    const timer = setTimeout(() => abort(new Error("the page took too long to render")), streamTimeout + 1_000);
  });
}

function streamed(
  request: Request,
  status: number,
  headers: Headers,
  router: EntryContext,
  context: RouterContextProvider,
  state: DocumentState,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const { pipe, abort } = renderToPipeableStream(tree(request, router, state), {
      nonce: state.nonce,
      onShellReady: () => {
        const body = new PassThrough({
          final: (done) => {
            clearTimeout(timer);
            done();
          },
        });
        const stream = createReadableStreamFromReadable(body);
        pipe(body);
        resolve(new Response(stream, { status, headers }));
      },
      onShellError: (error) => {
        clearTimeout(timer);
        reject(error);
      },
      onError: (error) => report(error, request, context),
    });
    const timer = setTimeout(() => abort(), streamTimeout + 1_000);
  });
}

function report(error: unknown, request: Request, context: RouterContextProvider): void {
  handleError(error, { request, context, params: {} });
}
