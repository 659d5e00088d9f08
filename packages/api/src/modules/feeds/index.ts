export { patientFeedsRouter, staffFeedsRouter } from "./feeds.router.ts";
export { handleFeed } from "./serve-feed.ts";
