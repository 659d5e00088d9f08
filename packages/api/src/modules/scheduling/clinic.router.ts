import { router } from "../../trpc/init.ts";
import { publicClinicProcedure } from "../../trpc/procedures.ts";
import { clinicHome } from "./clinic-home.ts";
import { ClinicHomeOut } from "./scheduling.schema.ts";

export const publicClinicRouter = router({
  home: publicClinicProcedure.output(ClinicHomeOut).query(({ ctx }) => clinicHome(ctx)),
});
