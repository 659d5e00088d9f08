/**
 * A complete assignment: for each need `count` different resources, nobody twice. `options[i]` are the resources free
 * for need i in order of preference. The answer follows that order as far as a complete assignment allows; null when
 * there is none. (Bipartite matching by augmenting paths; clinics have a handful of needs.)
 */
export function assign(counts: readonly number[], options: readonly (readonly string[])[]): readonly string[] | null {
  const slots: (readonly string[])[] = [];
  counts.forEach((count, need) => {
    for (let i = 0; i < count; i++) slots.push(options[need] ?? []);
  });
  const fixed: string[] = [];
  if (!matchable(slots, fixed)) return null;
  for (let slot = 0; slot < slots.length; slot++) {
    for (const candidate of slots[slot] ?? []) {
      if (fixed.includes(candidate)) continue;
      fixed.push(candidate);
      if (matchable(slots, fixed)) break;
      fixed.pop();
    }
  }
  return fixed;
}

/** Whether the slots after those fixed can all be filled with resources not yet taken. */
function matchable(slots: readonly (readonly string[])[], fixed: readonly string[]): boolean {
  const holder = new Map<string, number>();
  const place = (slot: number, tried: Set<string>): boolean => {
    for (const candidate of slots[slot] ?? []) {
      if (tried.has(candidate) || fixed.includes(candidate)) continue;
      tried.add(candidate);
      const other = holder.get(candidate);
      if (other === undefined || place(other, tried)) {
        holder.set(candidate, slot);
        return true;
      }
    }
    return false;
  };
  for (let slot = fixed.length; slot < slots.length; slot++) if (!place(slot, new Set())) return false;
  return true;
}
