import type { ReactNode } from "react";
import { isRouteErrorResponse, Links, Meta, Outlet, Scripts, ScrollRestoration } from "react-router";
import type { Route } from "./+types/root";
import bareCss from "./bare.css?url";
import { useDocument } from "./lib/document.tsx";
import { ReloadInDevelopment } from "./lib/reload-in-development.tsx";

export function Layout({ children }: { children: ReactNode }) {
  const { hydrate, nonce, dev } = useDocument();
  return (
    <html lang="en-ZA">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="theme-color" content="#f7f6f2" media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content="#121614" media="(prefers-color-scheme: dark)" />
        <meta name="format-detection" content="telephone=no" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        {/* Vite reads this to let its styles and preloads through the content policy. */}
        {hydrate ? <meta property="csp-nonce" nonce={nonce ?? ""} suppressHydrationWarning /> : null}
        <Meta />
        {/* An empty nonce on purpose: stylesheets pass as 'self', and a nonce here only exists on the server. */}
        <Links nonce="" />
      </head>
      <body>
        {children}
        {hydrate ? <ScrollRestoration nonce={nonce} /> : null}
        {hydrate ? <Scripts nonce={nonce} /> : null}
        {dev && !hydrate ? <ReloadInDevelopment nonce={nonce} /> : null}
      </body>
    </html>
  );
}

export default function Root() {
  return <Outlet />;
}

/** The last resort: an error that no face's layout could show, so it brings its own small stylesheet. */
export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  const missing = isRouteErrorResponse(error) && error.status === 404;
  return (
    <>
      <title>{missing ? "Page not found" : "Something failed on our side"}</title>
      <link rel="stylesheet" href={bareCss} precedence="default" />
      <main className="bare">
        <p className="bare-mark">PulseCal</p>
        <h1>{missing ? "This page is not here" : "Something failed on our side"}</h1>
        <p>
          {missing
            ? "The address may be mistyped, or the page has moved."
            : "Nothing you did caused it. Try again in a minute."}
        </p>
        <p>
          <a href="/">Go to the first page</a>
        </p>
      </main>
    </>
  );
}
