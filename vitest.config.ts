import { defineConfig } from "vitest/config";

/** Line coverage floors of `npm test`, per package (per cent). */
const FLOOR = { lines: 90 };

const NEVER = ["**/node_modules/**", "**/build/**", "**/generated/**", "apps/web/e2e/**"];

const JSX = { jsx: { runtime: "automatic" as const } };

/**
 * `unit` needs nothing running; `db` runs on real PostgreSQL and Redis, which its global setup brings up only when a
 * test of this kind was asked for.
 */
export default defineConfig({
  test: {
    maxWorkers: 2,
    coverage: {
      provider: "v8",
      include: ["packages/core/src/**/*.{ts,tsx}", "packages/db/src/**/*.ts", "packages/api/src/**/*.{ts,tsx}"],
      exclude: ["**/*.test.{ts,tsx}", "**/testing/**", "**/generated/**"],
      reporter: ["json-summary", "html"],
      reportsDirectory: "coverage",
      reportOnFailure: true,
      thresholds: { "packages/core/src/**": FLOOR, "packages/db/src/**": FLOOR, "packages/api/src/**": FLOOR },
    },
    projects: [
      {
        oxc: JSX,
        test: {
          name: "unit",
          // Thousands of generated cases, under coverage, on a machine that does much else.
          testTimeout: 30_000,
          include: ["{packages,apps}/*/**/*.test.{ts,tsx}", "scripts/**/*.test.ts"],
          exclude: [...NEVER, "**/*.db.test.{ts,tsx}"],
        },
      },
      {
        oxc: JSX,
        test: {
          name: "db",
          include: ["{packages,apps}/*/**/*.db.test.{ts,tsx}", "scripts/**/*.db.test.ts"],
          exclude: NEVER,
          globalSetup: ["scripts/test/global-setup.ts"],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
