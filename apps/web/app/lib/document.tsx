import { createContext, useContext } from "react";

export type DocumentState = {
  /** False for pages that must stay plain HTML: no router script is sent at all. */
  hydrate: boolean;
  nonce: string | undefined;
  /** The development reloader for unhydrated pages. */
  dev: boolean;
};

// In the browser only hydrated documents run React, so the client default says so.
const DocumentContext = createContext<DocumentState>({ hydrate: true, nonce: undefined, dev: false });

export const DocumentProvider = DocumentContext.Provider;

/** What the server decided about this document. */
export function useDocument(): DocumentState {
  return useContext(DocumentContext);
}
