import { useRouteLoaderData } from "react-router";
import type { Route } from "./+types/layout";

type LayoutData = Route.ComponentProps["loaderData"];

/** What the layout knows of the clinic; every page of the face stands inside it. */
export function useClinic(): LayoutData["clinic"] {
  const loaded = useRouteLoaderData<LayoutData>("faces/clinic/layout");
  if (!loaded) throw new Error("a clinic page was rendered outside the clinic layout");
  return loaded.clinic;
}
