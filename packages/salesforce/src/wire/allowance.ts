import type { Allowance } from "@inchworm/spec";

/** The day as the header tells it, such as "api-usage=18/100000". */
export function allowance(header: string | undefined): Allowance {
  const [, used, daily] = header?.match(/(?:^|[;,\s])api-usage=(\d+)\/(\d+)/) ?? [];
  if (used === undefined) return {};
  return { daily: Number(daily), dailyRemaining: Math.max(0, Number(daily) - Number(used)) };
}
