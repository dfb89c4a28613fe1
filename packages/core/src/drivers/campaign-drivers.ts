import { type DriverReport, drivers, hourLevels, timeZoneClock } from "@inchworm/learn";
import type { Campaign, Instant } from "@inchworm/spec";
import { InchwormError } from "@inchworm/spec";
import type { Store } from "@inchworm/store";
import { day } from "../windows.js";
import { answerHours, type CelledSends, cellCount, cellsOf } from "../words/audience-cells.js";
import { textOf } from "../words/campaign-text.js";
import { testsOf } from "../words/tests-of.js";

export interface CampaignDriversOptions {
  /** Defaults to "email". */
  readonly channel?: Campaign["channel"];
  /** What counts as an answer. What machines opened and clicked never does. Defaults to "opens". */
  readonly by?: "opens" | "clicks";
  /** The test that a campaign is a part of; see `LinesOptions.test`. */
  readonly test?: (campaign: Campaign) => string | undefined;
  /** The audience of a contact. Defaults to how often they answer other campaigns: "seldom", "as usual" or "often". */
  readonly segment?: (contact: number) => string | undefined;
  /** The zone of hours and weekdays. Defaults to "UTC". */
  readonly timeZone?: string;
  /** Rate of false discoveries. Defaults to 0.1. */
  readonly fdr?: number;
  /** Months of campaigns that are looked at. Defaults to 24. */
  readonly months?: number;
}

const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const keenness = ["seldom", "as usual", "often"];
/** Cells of one rate of answers to other campaigns; see `cellsOf`. */
const perRate = 16;
const rates = cellCount / perRate;

/**
 * Which words, hours, weekdays, media, colours, forms and offers of the store's campaigns are answered more, and for whom. Audiences are
 * people alike in how they answer other campaigns, so that who was written to is not taken for what was written.
 *
 * @throws InchwormError "insufficient-data" when nothing was sent, or all of it within the last three days
 */
export async function campaignDrivers(
  store: Store,
  options: CampaignDriversOptions,
  context: { readonly asOf: Instant; readonly signal?: AbortSignal },
): Promise<DriverReport> {
  const {
    channel = "email",
    by = "opens",
    test,
    segment,
    timeZone = "UTC",
    fdr = 0.1,
    months = 24,
  } = options;
  const { asOf, signal } = context;
  const sends = await store.campaignSends({
    asOf,
    since: asOf - Math.round(months * 30.44) * day,
    channel,
    answerHours,
    ...(signal && { signal }),
  });
  const celled = cellsOf(sends, by === "opens" ? 1 : 2, asOf);
  if (celled.rows.length === 0)
    throw new InchwormError("insufficient-data", `No campaign by ${channel} is over yet.`, {
      hint: "Import campaigns, and who was sent and answered them (inchworm import engagements FILE).",
    });
  const { campaigns } = sends;
  const cells = audienceCounts(sends, celled, segment);
  const sentAt = medianTimes(sends, celled);
  const texts = campaigns.map((campaign) => textOf(campaign, "subject"));
  const { testOf, tests, notes } = testsOf(sends, sentAt, texts, levelsOf(sends, celled), test);
  const clock = timeZoneClock(timeZone);
  const own = cells.map(({ campaign }) => campaigns[campaign]);
  const groups = cells.map(({ campaign }) =>
    testOf[campaign] < 0 ? tests + campaign : testOf[campaign],
  );
  const weekHours = cells.map(({ campaign }) => clock.weekHour(sentAt[campaign]));
  const report = await drivers({ fdr }).fit(
    {
      shown: cells.map(({ shown }) => shown),
      clicked: cells.map(({ answered }) => answered),
      texts: cells.map(({ campaign }) => texts[campaign] ?? ""),
      groups,
      segments: cells.map((cell) => cell.segment),
      at: cells.map(({ campaign }) => sentAt[campaign]),
      factors: {
        hour: hourLevels(
          weekHours.map((cell) => cell % 24),
          groups,
        ),
        weekday: weekHours.map((cell) => weekdays[Math.floor(cell / 24)]),
        medium: own.map(({ mediaType }) => mediaType),
        color: own.map(({ color }) => color),
        form: own.map(({ form }) => form),
        offer: own.map(({ offer }) => offer),
      },
    },
    { ...(signal && { signal }) },
  );
  return { ...report, notes: [...notes, ...report.notes] };
}

type Sends = Awaited<ReturnType<Store["campaignSends"]>>;

function audienceCounts(
  sends: Sends,
  { rows, cells, answered }: CelledSends,
  segment: CampaignDriversOptions["segment"],
) {
  const found = new Map<
    string,
    { campaign: number; segment: string | undefined; shown: number; answered: number }
  >();
  for (const [at, row] of rows.entries()) {
    const rate = Math.floor(cells[at] / perRate);
    const who = segment
      ? segment(sends.contacts[row])
      : keenness[rate < (rates - 1) / 2 - 1 ? 0 : rate > (rates - 1) / 2 + 1 ? 2 : 1];
    const campaign = sends.campaign[row];
    const key = `${campaign}\n${who ?? ""}`;
    const cell = found.get(key) ?? { campaign, segment: who, shown: 0, answered: 0 };
    found.set(key, cell);
    cell.shown++;
    cell.answered += answered[at];
  }
  return [...found.values()];
}

/** How people of each campaign answer others, by their cells' rates. */
function levelsOf(sends: Sends, { rows, cells }: CelledSends) {
  const levels = sends.campaigns.map(() => ({ people: 0, sum: 0, square: 0 }));
  for (const [at, row] of rows.entries()) {
    const level = levels[sends.campaign[row]];
    const rate = Math.floor(cells[at] / perRate);
    level.people++;
    level.sum += rate;
    level.square += rate * rate;
  }
  return levels.map(({ people, sum, square }) => {
    const mean = people === 0 ? 0 : sum / people;
    return { people, mean, variance: people === 0 ? 0 : square / people - mean ** 2 };
  });
}

/** When half of a campaign had been sent. */
function medianTimes({ campaigns, campaign, at }: Sends, { rows }: CelledSends): Float64Array {
  const times = campaigns.map((): number[] => []);
  for (const row of rows) times[campaign[row]].push(at[row]);
  return Float64Array.from(times, (own) => Float64Array.from(own).sort()[own.length >> 1] ?? 0);
}
