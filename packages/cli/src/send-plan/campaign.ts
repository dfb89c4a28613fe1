import type { SendPlanCampaign } from "@inchworm/core";
import { InchwormError } from "@inchworm/spec";

/** A campaign as it is described on the command line. */
export interface CampaignOptions {
  readonly channel: string;
  readonly from?: string;
  readonly hours?: number;
  readonly quiet?: string;
  readonly cap?: readonly string[];
  readonly gap?: number;
  readonly explore?: number;
  readonly hour?: number;
  readonly batchSize?: number;
  readonly seed?: number;
}

const channels = ["email", "sms", "push", "ad", "other"] as const;

/** @throws InchwormError "input" naming the option and what it takes */
export function campaignOf(id: string, options: CampaignOptions): SendPlanCampaign {
  const { channel: word, from, hours, quiet, cap, gap, explore, hour, batchSize, seed } = options;
  const channel = channels.find((one) => one === word);
  if (channel === undefined)
    throw new InchwormError("input", `There is no channel "${word}".`, {
      hint: `Known are ${channels.join(", ")}.`,
    });
  return {
    id,
    channel,
    ...(from !== undefined && { from: instantOf(from) }),
    ...(hours !== undefined && { hours }),
    ...(quiet !== undefined && { quietHours: quietOf(quiet) }),
    ...capsOf(cap, gap),
    ...(explore !== undefined && { explore }),
    ...(hour !== undefined && { hour }),
    ...(batchSize !== undefined && { batchSize }),
    ...(seed !== undefined && { seed }),
  };
}

function instantOf(text: string): number {
  const zoned = /^\d{4}-\d\d-\d\d$/.test(text) || /(Z|[+-]\d\d:?\d\d)$/i.test(text);
  const at = zoned ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new InchwormError("input", `--from is no time with its zone: "${text}".`, {
    hint: "Such as --from 2025-06-01T06:00Z, or 2025-06-01 for its first hour in UTC.",
  });
}

function quietOf(text: string): Exclude<SendPlanCampaign["quietHours"], undefined> {
  if (text === "none") return false;
  const match = /^(\d{1,2})-(\d{1,2})$/.exec(text);
  if (match) return { from: Number(match[1]), to: Number(match[2]) };
  throw new InchwormError("input", `--quiet takes two hours of the local day, got "${text}".`, {
    hint: "Such as --quiet 21-8, or --quiet none.",
  });
}

function capsOf(
  texts: readonly string[] | undefined,
  gapMinutes: number | undefined,
): Pick<SendPlanCampaign, "caps"> {
  if (texts === undefined && gapMinutes === undefined) return {};
  if (texts?.includes("none"))
    return gapMinutes === undefined ? { caps: false } : { caps: { gapMinutes } };
  const volume = texts?.map((text) => {
    const match = /^(\d+)\/(\d+)$/.exec(text);
    if (match && Number(match[2]) > 0) return { most: Number(match[1]), days: Number(match[2]) };
    throw new InchwormError("input", `--cap takes messages and days, got "${text}".`, {
      hint: "Such as --cap 1/1 --cap 3/7, or --cap none.",
    });
  });
  return { caps: { ...(volume && { volume }), ...(gapMinutes !== undefined && { gapMinutes }) } };
}
