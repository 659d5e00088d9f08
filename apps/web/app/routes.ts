/**
 * Every route of every face. The Host header picks the face before React Router matches a path, so three faces may each
 * have a `/`; `server/slices.ts` cuts this one tree by the top layouts named here.
 */
import { index, layout, prefix, type RouteConfig, route } from "@react-router/dev/routes";

export default [
  layout("faces/apex/layout.tsx", [
    index("faces/apex/landing.tsx"),
    route("find", "faces/apex/find.tsx"),
    route("start", "faces/apex/start/clinic.tsx"),
    route("start/you", "faces/apex/start/you.tsx"),
    route("start/doctor", "faces/apex/start/doctor.tsx"),
    route("start/ready", "faces/apex/start/ready.tsx"),
    route("clinic-sign-in", "faces/apex/clinic-sign-in.tsx"),
    route("help", "faces/apex/help.tsx"),
    route("*", "faces/apex/not-found.tsx"),
  ]),
  layout("faces/clinic/layout.tsx", [
    index("faces/clinic/home.tsx"),
    route("book", "faces/clinic/book/service.tsx"),
    route("book/:service", "faces/clinic/book/who.tsx"),
    route("book/:service/:who", "faces/clinic/book/times.tsx"),
    route("hold/:token/details", "faces/clinic/hold/details.tsx"),
    route("hold/:token/family", "faces/clinic/hold/family.tsx"),
    route("hold/:token/check", "faces/clinic/hold/check.tsx"),
    route("b/:token", "faces/clinic/booking/booking.tsx"),
    route("b/:token/move", "faces/clinic/booking/move.tsx"),
    route("b/:token/cancel", "faces/clinic/booking/cancel.tsx"),
    route("b/:token/calendar", "faces/clinic/booking/calendar-address.tsx"),
    route("b/:token/calendar.ics", "faces/clinic/booking/calendar.ts"),
    route("waitlist/:service", "faces/clinic/waitlist/join.tsx"),
    route("w/:token", "faces/clinic/waitlist/entry.tsx"),
    route("contact", "faces/clinic/contact.tsx"),
    route("*", "faces/clinic/not-found.tsx"),
  ]),
  ...prefix("portal", [
    layout("faces/portal/layout.tsx", [
      index("faces/portal/today.tsx"),
      route("sign-in", "faces/portal/sign-in.tsx"),
      route("verify/:token", "faces/portal/verify.tsx"),
      route("agenda", "faces/portal/agenda.tsx"),
      route("agenda/move-day", "faces/portal/move-day.tsx"),
      route("agenda/series", "faces/portal/series/series.tsx"),
      route("agenda/answers/:bookingId", "faces/portal/agenda/answers.tsx"),
      route("waitlist", "faces/portal/waitlist.tsx"),
      route("settings/hours", "faces/portal/hours.tsx"),
      route("settings/services", "faces/portal/services.tsx"),
      route("settings/rooms", "faces/portal/rooms.tsx"),
      route("settings/calendars", "faces/portal/calendars.tsx"),
      route("*", "faces/portal/not-found.tsx"),
    ]),
  ]),
  layout("faces/console/layout.tsx", [
    index("faces/console/overview.tsx"),
    route("approvals", "faces/console/approvals.tsx"),
    route("sign-in", "faces/console/sign-in.tsx"),
    route("*", "faces/console/not-found.tsx"),
  ]),
] satisfies RouteConfig;
