const QUIET_MS = 5_000;

/** Says things politely: at most one each five seconds, and of several waiting only the newest. */
export function speaker(region: HTMLElement): (text: string) => void {
  let waiting: string | null = null;
  let busy = false;
  const next = () => {
    busy = waiting !== null;
    if (waiting === null) return;
    region.textContent = waiting;
    waiting = null;
    setTimeout(next, QUIET_MS);
  };
  return (text) => {
    waiting = text;
    if (!busy) next();
  };
}
