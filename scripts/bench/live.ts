import { prepareTemplate, testDatabase } from "@pulsecal/db/testing";
import { withServices } from "../proofs/services.ts";
import { cpuOf, knowsCpu } from "./cpu.ts";
import { drive, type Figure, figure, interleave, ratios, type Sample } from "./harness.ts";
import { openFanOut } from "./live/fan-out-side.ts";
import { openProduct } from "./live/product-side.ts";

export const rounds = 7;

const crowd = 1_000;
const perRound = { alone: 40, crowd: 10 };

/** One way from a commit, or a message on Redis, to every socket that watches; the operation returns how long it took. */
export type LiveSide = { pid: number; toLast(watchers: "alone" | "crowd"): Promise<number> };

const names = ["raw", "events", "times", "stock", "memo", "splice"] as const;
type Name = (typeof names)[number];

/**
 * From a commit to the last of the sockets that watch, with 1 watcher and with 1,000: a staff screen's events and a
 * day's times through the product (server and driver are two nodes of it), against `ws.send` to as many sockets from the
 * same moment, which is when the wake-up is published. Beside them, on a small tRPC router: its adapter as it comes,
 * with texts made once, and with frames that pass the generators by. Printed only.
 */
export async function run(count: number): Promise<Figure[]> {
  let figures: Figure[] = [];
  await withServices(async () => {
    await prepareTemplate(process.env.PULSECAL_TEST_PG ?? "");
    const t = await testDatabase();
    const product = await openProduct(t, crowd);
    const fanOut = await openFanOut(crowd);
    try {
      const sides: Record<Name, LiveSide> = { ...product.sides, ...fanOut.sides };
      const alone = await interleave(count, each(sides, "alone"));
      figures = figuresOf(alone, await interleave(count, each(sides, "crowd")));
    } finally {
      await fanOut.close();
      await product.close();
      await t.close();
    }
  });
  return figures;
}

type Samples = Record<Name, Sample[]>;

function each(sides: Record<Name, LiveSide>, watchers: "alone" | "crowd"): Record<Name, () => Promise<Sample>> {
  const round =
    ({ pid, toLast }: LiveSide) =>
    () =>
      drive({ clients: 1, count: perRound[watchers], cpu: () => cpuOf(pid) }, () => toLast(watchers));
  return Object.fromEntries(names.map((name) => [name, round(sides[name])])) as Record<Name, () => Promise<Sample>>;
}

function figuresOf(alone: Samples, many: Samples): Figure[] {
  const p50 = (sample: Sample): number => sample.p50;
  const perDelivery = (sample: Sample): number => (sample.cpu * 1000) / crowd;
  const what: Record<Name, string> = {
    raw: "raw ws",
    events: "staff events",
    times: "a day's times",
    stock: "tRPC, stock",
    memo: "tRPC, texts once",
    splice: "tRPC, spliced frames",
  };
  const others = names.filter((name) => name !== "raw");
  return [
    ...names.map((name) => figure(`1 watcher: ${what[name]}, p50`, "ms", alone[name].map(p50))),
    ...names.map((name) => figure(`1,000 watchers, the last of them: ${what[name]}, p50`, "ms", many[name].map(p50))),
    ...others.map((name) =>
      figure(`1,000 watchers: ${what[name]} / raw ws, p50`, "ratio", ratios(many[name], many.raw, p50)),
    ),
    ...(knowsCpu
      ? [
          ...names.map((name) =>
            figure(`1,000 watchers: ${what[name]}, server per delivery`, "us", many[name].map(perDelivery)),
          ),
          ...others.map((name) =>
            figure(
              `1,000 watchers: ${what[name]} / raw ws, server per delivery`,
              "ratio",
              ratios(many[name], many.raw, perDelivery),
            ),
          ),
        ]
      : []),
  ];
}
