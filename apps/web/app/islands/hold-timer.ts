/** How many whole minutes are left, rounded up: "1 min left" stays true to the last second. */
export function minutesLeft(until: number, now: number): number {
  return Math.max(0, Math.ceil((until - now) / 60_000));
}

/** The words beside the clock time. */
export function leftWords(minutes: number): string {
  return minutes === 0 ? "The hold has ended" : `${minutes} min left`;
}

/** Shows the minutes of a hold, speaks at three and at one, and asks for five more without leaving the page. */
export function holdTimer(box: HTMLElement, say: (text: string) => void): void {
  const left = box.querySelector<HTMLElement>("[data-hold-left]");
  const clock = box.querySelector<HTMLElement>("[data-hold-until]");
  const button = box.querySelector<HTMLButtonElement>("[data-hold-extend]");
  const zone = box.dataset["zone"];
  // The reader's clock may be wrong; the server's stood in the page when it was made.
  const skew = Date.parse(box.dataset["now"] ?? "") - Date.now() || 0;
  let until = Date.parse(box.dataset["hold"] ?? "");
  let spoken = Number.POSITIVE_INFINITY;

  const tick = () => {
    const minutes = minutesLeft(until, Date.now() + skew);
    if (left) left.textContent = leftWords(minutes);
    if (minutes < spoken && (minutes === 3 || minutes === 1))
      say(`Your time is held for ${minutes} more ${minutes === 1 ? "minute" : "minutes"}.`);
    if (minutes === 0 && spoken > 0) say("Your time is no longer held. Your text is kept.");
    spoken = Math.min(spoken, minutes);
  };

  const extend = async () => {
    const answer = await fetch("/trpc/public.booking.extendHold", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ json: { token: location.pathname.split("/")[2] } }),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const body = (await answer.json()) as { result: { data: { json: { expiresAt: string } } } };
    until = Date.parse(body.result.data.json.expiresAt);
    spoken = Number.POSITIVE_INFINITY;
    const words = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(
      until,
    );
    if (clock) clock.textContent = words;
    say(`Held to ${words}.`);
    tick();
  };

  button?.addEventListener("click", (event) => {
    event.preventDefault();
    // What the server refuses, the page itself explains: then the form is sent as without a script.
    extend().catch(() => button.form?.requestSubmit(button));
  });
  tick();
  setInterval(tick, 5_000);
}
