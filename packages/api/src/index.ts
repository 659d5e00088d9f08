/** What the web process may use of the API. The worker's part is in worker.ts. */
export { createCaller } from "./caller.ts";
export type { Caller } from "./caller.ts";
export { handleTrpcHttp } from "./http.ts";
export { readEnv } from "./infra/env.ts";
export type { Env } from "./infra/env.ts";
export { rewrapClinicKeys } from "./infra/rewrap-clinic-keys.ts";
export { closeServices, createServices, readiness } from "./infra/services.ts";
export type { Services } from "./infra/services.ts";
export { handleFeed } from "./modules/feeds/index.ts";
export { hashPassword, passwordProblem } from "./modules/identity/index.ts";
export { sealDemoClinic } from "./modules/records/index.ts";
export { appRouter } from "./root.ts";
export type { AppRouter } from "./root.ts";
export { makeContext } from "./trpc/context.ts";
export type { Ctx, RequestFacts } from "./trpc/context.ts";
export { refusalOf } from "./trpc/error-map.ts";
export type { Pulse, RefusalCode } from "./trpc/error-map.ts";
export { attachWebSocket } from "./ws.ts";
