// The arrows of ARCHITECTURE.md as data: web, worker -> api -> core; api -> db, vault; web -> ui, core. Nothing points up, nothing in circles.
const own = (names) => `^(${names.join("|")})/`;
const rule = (name, from, to) => ({ name, severity: "error", from: { path: own(from) }, to: { path: own(to) } });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-circles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    rule("core-imports-none-of-ours", ["packages/core"], ["packages/(db|api|ui|vault)", "apps", "scripts"]),
    rule("db-imports-none-of-ours", ["packages/db"], ["packages/(core|api|ui|vault)", "apps", "scripts"]),
    rule("vault-imports-none-of-ours", ["packages/vault"], ["packages/(core|db|api|ui)", "apps", "scripts"]),
    rule("ui-imports-none-of-ours", ["packages/ui"], ["packages/(core|db|api|vault)", "apps", "scripts"]),
    rule("api-knows-no-app", ["packages/api"], ["packages/ui", "apps", "scripts"]),
    rule("apps-do-not-meet", ["apps/worker"], ["apps/web", "packages/ui", "scripts"]),
    rule("web-is-alone", ["apps/web/(app|server|plugins)"], ["apps/worker", "scripts"]),
    {
      name: "no-database-in-web",
      severity: "error",
      comment: "a route calls a procedure; Prisma and pg stay behind packages/db",
      from: { path: "^apps/(web/(app|server)|worker/src)", pathNot: "\\.test\\.tsx?$" },
      to: { path: "(^packages/db/)|(node_modules/(pg|@prisma/client)/)" },
    },
    {
      name: "prisma-only-in-db",
      severity: "error",
      from: { path: "^(packages|apps)/", pathNot: ["^packages/db/", "\\.db\\.test\\.ts$", "/testing/"] },
      to: { path: "(packages/db/generated)|(node_modules/(@prisma|pg)/)" },
    },
    {
      name: "lucia-in-one-file",
      severity: "error",
      from: { path: "^(packages|apps)/", pathNot: "^packages/api/src/modules/identity/(lucia|sessions?)[^/]*\\.ts$" },
      to: { path: "node_modules/lucia/" },
    },
    {
      name: "modules-meet-at-their-index",
      severity: "error",
      comment: "another module's names come from its index.ts",
      from: { path: "^packages/api/src/modules/([^/]+)/", pathNot: "\\.test\\.ts$" },
      to: {
        path: "^packages/api/src/modules/[^/]+/",
        pathNot: ["^packages/api/src/modules/$1/", "^packages/api/src/modules/[^/]+/index\\.ts$"],
      },
    },
  ],
  options: {
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(build|generated|\\.react-router|coverage)/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".mjs", ".js"],
    },
  },
};
