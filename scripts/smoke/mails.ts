import type { Message, Summary } from "../mailbox/store.ts";

export type Mails = {
  /** The first mail to this address (old or new) whose subject fits. */
  find(to: string, subject: RegExp): Promise<Message>;
  all(to: string): Promise<Summary[]>;
};

const patienceMs = 20_000;

/** Reads the mailbox through its API; waits on its event stream, never by asking again and again. */
export function readMails(mailboxUrl: string): Mails {
  const get = async (path: string, signal?: AbortSignal) => {
    const answer = await fetch(new URL(path, mailboxUrl), { signal });
    if (!answer.ok) throw new Error(`mailbox answered ${answer.status} to ${path}`);
    return answer;
  };
  return {
    async find(to, subject) {
      const stop = AbortSignal.timeout(patienceMs);
      const query = `to=${encodeURIComponent(to)}`;
      try {
        for await (const mail of summaries(await get(`/api/events?${query}`, stop))) {
          if (subject.test(mail.subject)) return (await (await get(`/api/messages/${mail.id}`)).json()) as Message;
        }
      } catch (error) {
        if (!stop.aborted) throw error;
      }
      throw new Error(`no mail with subject ${subject} within ${patienceMs} ms`);
    },
    all: async (to) => (await (await get(`/api/messages?to=${encodeURIComponent(to)}`)).json()) as Summary[],
  };
}

/** The mails of a server-sent event stream. */
async function* summaries(answer: Response): AsyncGenerator<Summary> {
  let buffered = "";
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    buffered += chunk;
    const blocks = buffered.split("\n\n");
    buffered = blocks.pop() ?? "";
    for (const block of blocks) {
      const data = /^event: mail\ndata: (.*)$/m.exec(block)?.[1];
      if (data) yield JSON.parse(data) as Summary;
    }
  }
}
