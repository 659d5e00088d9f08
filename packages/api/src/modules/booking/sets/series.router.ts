import { router } from "../../../trpc/init.ts";
import { staffProcedure } from "../../../trpc/procedures.ts";
import { bookSeries, checkSeries } from "./book-series.ts";
import { cancelSeries } from "./cancel-series.ts";
import { readSeries } from "./read-series.ts";
import {
  SeriesBookIn,
  SeriesBookOut,
  SeriesCancelIn,
  SeriesCancelOut,
  SeriesCheckIn,
  SeriesCheckOut,
  SeriesGetIn,
  SeriesGetOut,
} from "./sets.schema.ts";

export const staffSeriesRouter = router({
  check: staffProcedure("booking.write")
    .input(SeriesCheckIn)
    .output(SeriesCheckOut)
    .query(({ ctx, input }) => checkSeries(ctx, input)),
  get: staffProcedure("booking.read")
    .input(SeriesGetIn)
    .output(SeriesGetOut)
    .query(({ ctx, input }) => readSeries(ctx, input.setId)),
  book: staffProcedure("booking.write")
    .input(SeriesBookIn)
    .output(SeriesBookOut)
    .mutation(({ ctx, input }) => bookSeries(ctx, input)),
  cancel: staffProcedure("booking.cancel")
    .input(SeriesCancelIn)
    .output(SeriesCancelOut)
    .mutation(({ ctx, input }) => cancelSeries(ctx, input)),
});
