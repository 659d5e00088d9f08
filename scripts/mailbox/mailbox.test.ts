import { mkdtemp, readdir, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Mailbox, startMailbox } from "./mailbox.ts";
import type { Message, Summary } from "./store.ts";

let folder: string;
let box: Mailbox;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mailbox-"));
  box = await startMailbox({ smtpPort: 0, httpPort: 0, folder });
});

afterEach(async () => {
  await box.close();
  await rm(folder, { recursive: true });
});

const send = (mail: object) =>
  createTransport(box.smtpUrl).sendMail({
    from: "Clinic <c@example.org>",
    to: "Pat@example.org",
    subject: "Hello",
    text: "hi",
    ...mail,
  });
const get = (path: string) => fetch(`${box.url}${path}`);
const list = async (query = "") => (await (await get(`/api/messages${query}`)).json()) as Summary[];

test("a mail sent twice is kept twice, with its parts", async () => {
  const mail = {
    messageId: "<a.b@c>",
    html: "<p>hi</p>",
    icalEvent: { method: "REQUEST", content: "BEGIN:VCALENDAR\r\nEND:VCALENDAR" },
  };
  await send(mail);
  await send(mail);
  await send({ to: "other@example.org" });

  const mine = await list("?to=pat@example.org");
  expect(mine.map((one) => one.messageId)).toEqual(["<a.b@c>", "<a.b@c>"]);
  const message = (await (await get(`/api/messages/${mine[0]?.id}`)).json()) as Message;
  expect(message).toMatchObject({ to: ["pat@example.org"], subject: "Hello", text: "hi\n" });
  expect(message.attachments.some((file) => file.text.includes("BEGIN:VCALENDAR"))).toBe(true);
});

test("mails survive a restart in the folder", async () => {
  await send({ subject: "Kept" });
  await box.close();
  expect((await readdir(folder)).length).toBe(1);
  box = await startMailbox({ smtpPort: 0, httpPort: 0, folder });
  expect(await list()).toMatchObject([{ subject: "Kept", to: ["pat@example.org"] }]);
});

test("a stranger's markup stays text on the page and caged in its frame", async () => {
  await send({ subject: "<script>alert(1)</script>", html: "<script>alert(2)</script>" });
  const [mail] = await list();
  const page = await get(`/m/${mail?.id}`);
  expect(await page.text()).toContain("&lt;script&gt;alert(1)");
  expect(page.headers.get("content-security-policy")).toContain("script-src 'self'");
  const frame = await get(`/api/messages/${mail?.id}/html`);
  expect(frame.headers.get("content-security-policy")).toMatch(/^sandbox allow-popups.*default-src 'none'/);
});

test("an open page hears of each new mail", async () => {
  await send({ subject: "Before" });
  const answer = await get("/api/events?to=pat@example.org");
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let heard = "";
  const until = async (words: string) => {
    while (!heard.includes(words)) heard += (await reader?.read())?.value ?? "";
  };
  await until("event: now");
  expect(heard).toContain("Before");
  await send({ subject: "Another's", to: "other@example.org" });
  await send({ subject: "After" });
  await until("After");
  expect(heard).not.toContain("Another's");
  await reader?.cancel();
});

test("a name that was pointed at this computer gets nothing", async () => {
  const status = await new Promise((resolve) => {
    request(box.url, { headers: { host: "evil.example" } }, (response) => resolve(response.statusCode)).end();
  });
  expect(status).toBe(403);
});
