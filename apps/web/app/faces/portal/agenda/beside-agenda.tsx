import { formatWhen } from "@pulsecal/core";
import type { Unreached } from "../../../lib/keep-typed.ts";
import type { Mark } from "../changes.ts";
import { useMay } from "../portal.tsx";
import type { StaffBooking } from "../types.ts";
import type { AgendaAnswer } from "./act.server.ts";
import { type AgendaAddress, type Changes, nothingOpen } from "./address.ts";
import { BookingPanel } from "./booking-panel.tsx";
import { titleOf } from "./grid-model.ts";
import { MoveDialog } from "./move-dialog.tsx";
import { PlacePanel } from "./place-panel.tsx";
import type { MoveView, PlaceView } from "./read.server.ts";
import type { SeriesView } from "./series-part.tsx";
import { SideDrawer } from "./side-drawer.tsx";

type BesideProps = {
  loaded: {
    address: AgendaAddress;
    zone: string;
    key: string;
    move: MoveView | null;
    place: PlaceView | null;
    series: SeriesView | null;
  };
  open: StaffBooking | null;
  doctors: readonly { id: string; name: string }[];
  now: number;
  may: { write: boolean; cancel: boolean };
  mark: Mark | undefined;
  address: (changes: Changes) => string;
  params: URLSearchParams;
  answer: AgendaAnswer | Unreached | undefined;
};

/** What is open beside the agenda: a place of the grid, or else a booking. */
export function BesideAgenda({ loaded, open, doctors, now, may, mark, address, params, answer }: BesideProps) {
  const { address: at, zone, key, move, place, series } = loaded;
  const squeeze = useMay("booking.squeeze_in");
  const block = useMay("leave.write");
  const answers = useMay("answers.read");
  const closeHref = address(nothingOpen);
  const problem = answer !== undefined && "problem" in answer ? answer.problem : undefined;
  const intent = answer !== undefined && "intent" in answer ? answer.intent : "";
  const refused = problem === undefined ? null : { intent, problem };

  if (place !== null && at.at !== null) {
    const { start, practitionerId } = at.at;
    const doctor = doctors.find(({ id }) => id === practitionerId)?.name ?? "this doctor";
    const own = new Set(["at", "with", "service", "minutes", "index"]);
    return (
      <SideDrawer
        open={`place ${start} ${practitionerId}`}
        title={
          <>
            <span className="tabular-nums">{formatWhen(start, zone)}</span>
            <span className="block text-14 font-normal text-muted">{doctor}</span>
          </>
        }
        closeLabel="Close this time"
        closeHref={closeHref}
        backTo={null}
        covered={false}
      >
        <PlacePanel
          key={`${start} ${practitionerId}`}
          at={at.at}
          doctor={doctor}
          place={place}
          zone={zone}
          may={{ write: may.write, squeeze, block }}
          minutes={at.minutes}
          ofBooking={at.of !== null}
          kept={[...params].filter(([name]) => !own.has(name))}
          address={address}
          idempotencyKey={key}
          answer={answer}
        />
      </SideDrawer>
    );
  }
  if (open === null) return null;
  return (
    <SideDrawer
      open={`booking ${open.id}`}
      title={titleOf(open)}
      closeLabel="Close this booking"
      closeHref={closeHref}
      backTo={`booking-${open.id}`}
      covered={at.ask !== null}
    >
      <BookingPanel
        key={open.id}
        booking={open}
        zone={zone}
        now={now}
        may={{ ...may, answers }}
        series={series}
        asking={at.ask}
        address={address}
        idempotencyKey={key}
        refused={refused}
        mark={mark}
      />
      {move === null ? null : (
        <MoveDialog
          booking={open}
          move={move}
          doctors={doctors}
          zone={zone}
          address={address}
          idempotencyKey={key}
          refused={refused}
        />
      )}
    </SideDrawer>
  );
}
