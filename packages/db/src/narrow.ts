type Members = Record<string, unknown>;

/**
 * A view of a Prisma client that has the named members and no others, so that what a door's type hides cannot be
 * reached at run time either.
 */
export function narrowTo<View>(client: object, names: readonly string[]): View {
  const members = client as Members;
  const view: Members = {};
  for (const name of names) {
    Object.defineProperty(view, name, { enumerable: true, get: () => memberOf(members, name) });
  }
  return Object.freeze(view) as View;
}

function memberOf(client: Members, name: string): unknown {
  const member = client[name];
  return typeof member === "function" ? member.bind(client) : member;
}

/**
 * Outside a transaction Prisma gathers every findUnique of one tick, of all clinics, and runs them in the context of
 * whoever came first: the others' rows would be missing or, worse, a stranger's. Such reads go as findFirst.
 */
export function withoutBatching(delegate: object): object {
  return new Proxy(delegate, {
    get(target, name) {
      const members = target as Record<string | symbol, (args: { where: Members }) => unknown>;
      if (name === "findUnique") return (args: { where: Members }) => members["findFirst"]?.(flattened(args));
      if (name === "findUniqueOrThrow")
        return (args: { where: Members }) => members["findFirstOrThrow"]?.(flattened(args));
      return members[name];
    },
  });
}

/** `{ clinicId_id: { clinicId, id } }` as `{ clinicId, id }`: no field of ours has an underscore in its name. */
function flattened(args: { where: Members }): { where: Members } {
  const where: Members = {};
  for (const [name, value] of Object.entries(args.where)) {
    if (name.includes("_")) Object.assign(where, value);
    else where[name] = value;
  }
  return { ...args, where };
}
