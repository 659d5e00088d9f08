import { router } from "../../../trpc/init.ts";
import { staffProcedure } from "../../../trpc/procedures.ts";
import { bookSeries, checkSeries } from "./book-series.ts";
import { cancelSeries } from "./cancel-series.ts";
import {
  SeriesBookIn,
  SeriesBookOut,
  SeriesCancelIn,
  SeriesCancelOut,
  SeriesCheckIn,
  SeriesCheckOut,
} from "./sets.schema.ts";

export const staffSeriesRouter = router({
  check: staffProcedure("booking.write")
    .input(SeriesCheckIn)
    .output(SeriesCheckOut)
    .query(({ ctx, input }) => checkSeries(ctx, input)),
  book: staffProcedure("booking.write")
    .input(SeriesBookIn)
    .output(SeriesBookOut)
    .mutation(({ ctx, input }) => bookSeries(ctx, input)),
  cancel: staffProcedure("booking.cancel")
    .input(SeriesCancelIn)
    .output(SeriesCancelOut)
    .mutation(({ ctx, input }) => cancelSeries(ctx, input)),
});
