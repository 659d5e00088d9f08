/** A live subscription under watch: everything it said, and a way to wait for the next thing. */
export type Listener<T> = {
  heard: T[];
  /** The first thing heard (from the start on) that fits. */
  until(fits: (said: T) => boolean, what: string): Promise<T>;
  close(): void;
};

type Handlers<T> = { onStarted: () => void; onData: (said: T) => void; onError: (error: unknown) => void };

const patienceMs = 15_000;

/** Subscribes, and resolves when the server has said that the subscription runs. */
export async function listen<T>(subscribe: (handlers: Handlers<T>) => { unsubscribe(): void }): Promise<Listener<T>> {
  const heard: T[] = [];
  const watching = new Set<() => void>();
  let failure: unknown = null;
  let started = false;
  const tell = () => {
    for (const look of watching) look();
  };
  const subscription = subscribe({
    onStarted: () => {
      started = true;
      tell();
    },
    onData: (said) => {
      heard.push(said);
      tell();
    },
    onError: (error) => {
      failure = error;
      tell();
    },
  });

  function wait<R>(look: () => R | undefined, what: string): Promise<R> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => end(() => reject(new Error(`did not hear ${what} within ${patienceMs} ms`))),
        patienceMs,
      );
      const end = (settle: () => void) => {
        clearTimeout(timer);
        watching.delete(check);
        settle();
      };
      const check = () => {
        const found = look();
        if (found !== undefined) end(() => resolve(found));
        else if (failure)
          end(() => reject(new Error(`subscription ended while waiting for ${what}`, { cause: failure })));
      };
      watching.add(check);
      check();
    });
  }

  await wait(() => started || undefined, "the subscription start");
  return {
    heard,
    until: (fits, what) => wait(() => heard.find(fits), what),
    close: () => subscription.unsubscribe(),
  };
}
