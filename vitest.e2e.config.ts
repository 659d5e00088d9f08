import { defineConfig } from "vitest/config";

/** The browser tests: one whole system for all of them, one file at a time. */
export default defineConfig({
  test: {
    include: ["apps/web/e2e/**/*.spec.ts"],
    globalSetup: ["scripts/test/e2e-setup.ts"],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
