import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { promisify } from "node:util";
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from "node:zlib";
import { accepts } from "./assets.ts";

const SMALLEST = 860; // below about one packet the headers cost more than is saved
// Level 5 takes under a millisecond for a page of ours and is within a few per cent of the slow levels.
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };
const TYPES = /^text\/(html|x-script)/;

/** Compresses a page. A page of known length is compressed whole; a streamed one is flushed at every chunk. */
export async function compressPage(response: Response, acceptEncoding: string): Promise<Response> {
  const type = response.headers.get("Content-Type") ?? "";
  if (!response.body || response.headers.has("Content-Encoding") || !TYPES.test(type)) return response;
  const coding = (["br", "gzip"] as const).find((name) => accepts(acceptEncoding, name));
  const headers = new Headers(response.headers);
  headers.append("Vary", "Accept-Encoding");
  if (!coding) return new Response(response.body, { status: response.status, headers });

  const length = headers.get("Content-Length");
  if (length === null) return streamed(response, headers, coding);
  if (Number(length) < SMALLEST) return new Response(response.body, { status: response.status, headers });

  const raw = Buffer.from(await response.arrayBuffer());
  const body = coding === "br" ? await promisify(brotliCompress)(raw, BROTLI) : await promisify(gzip)(raw);
  headers.set("Content-Encoding", coding);
  headers.set("Content-Length", String(body.byteLength));
  return new Response(new Uint8Array(body), { status: response.status, headers });
}

function streamed(response: Response, headers: Headers, coding: "br" | "gzip"): Response {
  const encoder =
    coding === "br"
      ? createBrotliCompress({ ...BROTLI, flush: constants.BROTLI_OPERATION_FLUSH })
      : createGzip({ flush: constants.Z_SYNC_FLUSH });
  // The DOM and the Node types of a web stream differ in name only.
  const source = Readable.fromWeb(response.body as unknown as NodeReadableStream);
  source.on("error", (error) => encoder.destroy(error));
  encoder.on("close", () => source.destroy());
  headers.set("Content-Encoding", coding);
  return new Response(Readable.toWeb(source.pipe(encoder)) as unknown as ReadableStream, {
    status: response.status,
    headers,
  });
}
