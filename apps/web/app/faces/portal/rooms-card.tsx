import { Button, buttonClass, Card, Checkbox, cx, ErrorSummary, Select, TextField } from "@pulsecal/ui/app";
import { Clock } from "lucide-react";
import { Form, Link, useNavigation } from "react-router";
import { LimitFields } from "./limit-fields.tsx";
import type { LimitsDraft } from "./limits-draft.ts";
import type { RoomsAnswer } from "./rooms.tsx";
import type { Staff } from "./types.ts";

type Room = Staff["rooms"]["list"][number];
type RoomsProps = { rooms: Room[]; answer: RoomsAnswer | undefined; mayWrite: boolean; idempotencyKey: string };

/** Rooms and devices: each opens to its own form, and an empty one stands ready. */
export function RoomsCard({ rooms, answer, mayWrite, idempotencyKey }: RoomsProps) {
  return (
    <Card title="Rooms and devices" id="rooms" className="self-start">
      {rooms.length === 0 ? (
        <p className="px-4 pt-3 text-14 text-muted">
          None yet. A service that needs a room is offered only when one is free.
        </p>
      ) : null}
      <ul className="divide-y divide-border">
        {rooms.map((room) => (
          <li key={room.id} className="px-4 py-2">
            <details open={answer?.part === `room ${room.id}`}>
              <summary className="cursor-pointer py-1 text-14">
                <span className="font-semibold">{room.name}</span>{" "}
                <span className="text-muted">
                  {room.kind}
                  {room.active ? "" : ", not in use"}
                  {room.ownHours ? ", hours of its own" : ""}
                  {room.services.length === 0 ? "" : `, for ${room.services.join(", ")}`}
                </span>
              </summary>
              <Link
                to={`/portal/settings/hours?who=${room.id}`}
                aria-label={`${hoursText(room)}, hours of ${room.name}`}
                className={cx(buttonClass(), "mt-2")}
              >
                <Clock aria-hidden="true" className="size-4" />
                {hoursText(room)}
              </Link>
              {mayWrite ? <RoomForm room={room} answer={answer} idempotencyKey={idempotencyKey} /> : null}
            </details>
          </li>
        ))}
        {mayWrite ? (
          <li className="px-4 py-2">
            <details open={answer?.part === "room" || rooms.length === 0}>
              <summary className="cursor-pointer py-1 text-14 font-semibold text-brand">Add a room or device</summary>
              <RoomForm key={rooms.length} room={undefined} answer={answer} idempotencyKey={idempotencyKey} />
            </details>
          </li>
        ) : null}
      </ul>
    </Card>
  );
}

const hoursText = ({ ownHours }: Room): string => (ownHours ? "Hours of its own" : "There at any hour");

type FormProps = { room: Room | undefined; answer: RoomsAnswer | undefined; idempotencyKey: string };

function RoomForm({ room, answer, idempotencyKey }: FormProps) {
  const part = room === undefined ? "room" : `room ${room.id}`;
  const navigation = useNavigation();
  const pending = navigation.state === "submitting" && navigation.formData?.get("intent") === part;
  const own = answer?.part === part ? answer : undefined;
  const prefix = room?.id ?? "new";
  const typed = (name: string, saved: number | string | null | undefined) =>
    own?.typed[name] ?? (saved === null || saved === undefined ? "" : String(saved));
  const field = (name: "name" | keyof LimitsDraft) => ({
    id: `${prefix}-${name}`,
    name,
    defaultValue: typed(name, room?.[name]),
    error: own?.problems?.find(({ id }) => id === name)?.text,
  });
  const problems = (own?.problems ?? []).map((one) => ({ ...one, id: `${prefix}-${one.id}` }));
  return (
    <Form method="post" noValidate preventScrollReset className="flex flex-col gap-3 py-2">
      <input type="hidden" name="key" value={`${idempotencyKey}.${prefix}`} />
      <ErrorSummary problems={problems} />
      <div className={room === undefined ? "grid grid-cols-[minmax(0,1fr)_8rem] gap-3" : undefined}>
        <TextField {...field("name")} label="Name" autoComplete="off" />
        {room === undefined ? (
          <Select
            id={`${prefix}-kind`}
            name="kind"
            label="What it is"
            defaultValue={typed("kind", "room")}
            options={[
              { value: "room", label: "Room" },
              { value: "device", label: "Device" },
            ]}
          />
        ) : (
          <input type="hidden" name="kind" value={room.kind} />
        )}
      </div>
      <fieldset>
        <legend className="mb-1 text-13 text-muted">At most (empty: no limit)</legend>
        <LimitFields fieldOf={field} />
      </fieldset>
      <Checkbox
        name="active"
        value="on"
        defaultChecked={own === undefined ? (room?.active ?? true) : "active" in own.typed}
      >
        In use
      </Checkbox>
      <Button
        type="submit"
        name="intent"
        value={part}
        kind={room === undefined ? "primary" : "secondary"}
        pending={pending}
        pendingLabel="Saving…"
        className="self-start"
      >
        {room === undefined ? "Add" : `Save ${room.name}`}
      </Button>
    </Form>
  );
}
