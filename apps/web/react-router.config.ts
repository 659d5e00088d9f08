import type { Config } from "@react-router/dev/config";
import { compressAssets } from "./server/compress-assets.ts";

export default {
  appDirectory: "app",
  buildDirectory: "build",
  ssr: true,
  buildEnd: ({ reactRouterConfig }) => compressAssets(`${reactRouterConfig.buildDirectory}/client`),
} satisfies Config;
