export { platformRouter } from "./platform.router.ts";
