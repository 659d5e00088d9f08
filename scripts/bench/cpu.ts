import { readdirSync, readFileSync } from "node:fs";

const ticksPerSecond = 100; // USER_HZ of every Linux that Node runs on

/** Whether processor time can be read here; elsewhere benches print their other figures. */
export const knowsCpu: boolean = process.platform === "linux";

/** Milliseconds of processor time that a process and everything it started have used until now. */
export function cpuOf(...roots: number[]): number {
  if (!knowsCpu) return Number.NaN;
  const children = new Map<number, number[]>();
  const used = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : null;
    if (!stat) continue;
    used.set(stat.pid, stat.ticks);
    children.set(stat.parent, [...(children.get(stat.parent) ?? []), stat.pid]);
  }
  const tree = (pid: number): number =>
    (used.get(pid) ?? 0) + (children.get(pid) ?? []).reduce((sum, child) => sum + tree(child), 0);
  return (roots.reduce((sum, pid) => sum + tree(pid), 0) * 1000) / ticksPerSecond;
}

function statOf(pid: number): { pid: number; parent: number; ticks: number } | null {
  try {
    // The command in parentheses may itself hold spaces and parentheses.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ")
      .map(Number);
    const [, parent = 0] = fields;
    // user and system time, its own and that of children that have ended
    return { pid, parent, ticks: fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) };
  } catch {
    return null; // it has ended meanwhile
  }
}
