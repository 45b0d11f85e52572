/** InspectService.Explore: scenarios of CPUs that race, run in every order. */

import type { ExploreRequest, ExploreResponse } from "../gen/kvm/v1/inspect_service.ts";
import { malformed } from "./status.ts";

/** Runs a scenario, or lists them. */
export async function explore(
  { scenario }: ExploreRequest,
  _signal: AbortSignal,
  _kernel: string,
): Promise<ExploreResponse> {
  if (scenario !== "") throw malformed(`no scenario is named "${scenario}"`);
  return { scenarios: [], orders: 0n, exhaustive: false, broken: 0n, outcomes: [], steps: [] };
}
