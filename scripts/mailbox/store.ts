import { EventEmitter } from "node:events";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import PostalMime, { type Email } from "postal-mime";

export type Attachment = { filename: string | null; mimeType: string; method: string | null; text: string };

export type Message = {
  id: string;
  at: string;
  /** envelope: who the server was told, which may differ from the headers */
  envelopeFrom: string;
  to: string[];
  from: { name: string; address: string };
  subject: string;
  messageId: string;
  headers: { key: string; value: string }[];
  text: string;
  html: string;
  attachments: Attachment[];
  raw: string;
};

export type Summary = Pick<Message, "id" | "at" | "from" | "to" | "subject" | "messageId"> & { attachments: number };

export type Store = {
  add(envelope: { from: string; to: string[] }, raw: string): Promise<Message>;
  /** newest first */
  list(to?: string): Summary[];
  find(id: string): Message | undefined;
  /** Calls back for every mail from now on; returns the way to stop. */
  watch(onMail: (mail: Summary) => void): () => void;
};

const kept = 500;

/** Keeps the last 500 mails in memory and, when a folder is given, as .eml files that survive a restart. */
export async function openStore(folder: string | null): Promise<Store> {
  const messages: Message[] = [];
  const news = new EventEmitter().setMaxListeners(0);
  let count = 0;
  if (folder) {
    await mkdir(folder, { recursive: true });
    messages.push(...(await reload(folder)));
  }

  return {
    async add(envelope, raw) {
      count += 1;
      const id = `${Date.now()}-${String(count).padStart(6, "0")}`;
      const eml = `${trace(envelope)}${raw}`;
      const message = await parse(id, eml);
      if (folder) await writeFile(join(folder, `${id}.eml`), eml);
      messages.push(message);
      const dropped = messages.splice(0, Math.max(0, messages.length - kept));
      if (folder) await Promise.all(dropped.map((old) => rm(join(folder, `${old.id}.eml`), { force: true })));
      news.emit("mail", summaryOf(message));
      return message;
    },
    list: (to) =>
      messages
        .filter((message) => !to || message.to.includes(to.toLowerCase()))
        .map(summaryOf)
        .reverse(),
    find: (id) => messages.find((message) => message.id === id),
    watch(onMail) {
      news.on("mail", onMail);
      return () => news.off("mail", onMail);
    },
  };
}

/** The lines a delivering server puts on top (RFC 5321 4.4), so that the file alone tells the envelope. */
function trace(envelope: { from: string; to: string[] }): string {
  const to = envelope.to.map((address) => `Delivered-To: ${address.toLowerCase()}\r\n`).join("");
  return `Return-Path: <${envelope.from}>\r\n${to}`;
}

async function reload(folder: string): Promise<Message[]> {
  const names = (await readdir(folder)).filter((name) => /^\d+-\d+\.eml$/.test(name)).sort();
  const recent = names.slice(-kept);
  return Promise.all(
    recent.map(async (name) => parse(name.slice(0, -".eml".length), await readFile(join(folder, name), "utf8"))),
  );
}

async function parse(id: string, eml: string): Promise<Message> {
  const mail = await PostalMime.parse(eml, { attachmentEncoding: "utf8" });
  const values = (key: string) => mail.headers.filter((header) => header.key === key).map((header) => header.value);
  return {
    id,
    at: new Date(Number(id.split("-")[0])).toISOString(),
    envelopeFrom: (values("return-path")[0] ?? "").replace(/[<>]/g, ""),
    to: values("delivered-to"),
    from: { name: mail.from?.name ?? "", address: mail.from?.address ?? "" },
    subject: mail.subject ?? "",
    messageId: mail.messageId ?? "",
    headers: mail.headers.map(({ key, value }) => ({ key, value })),
    text: mail.text ?? "",
    html: mail.html ?? "",
    attachments: mail.attachments.map(attachmentOf),
    raw: eml,
  };
}

function attachmentOf(part: Email["attachments"][number]): Attachment {
  const text = typeof part.content === "string" ? part.content : new TextDecoder().decode(part.content);
  return { filename: part.filename, mimeType: part.mimeType, method: part.method ?? null, text };
}

function summaryOf(message: Message): Summary {
  const { id, at, from, to, subject, messageId, attachments } = message;
  return { id, at, from, to, subject, messageId, attachments: attachments.length };
}
