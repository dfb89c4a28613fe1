import { createHash } from "node:crypto";
import { type Artifact, timeZoneClock, zoneFromRhythm } from "@inchworm/learn";
import { type Field, type FieldValue, InchwormError, type QuantityCard } from "@inchworm/spec";
import { uniform } from "../dataset.js";
import { judgeQuantity } from "../judge-quantity.js";
import type { History, Scorer } from "../scorer.js";
import {
  type ContactZones,
  type ContactZonesOptions,
  contactZones,
  zoneReason,
} from "../timing/contact-zones.js";
import { guessByRhythm, learnRhythm, withRhythm } from "../timing/rhythm-zones.js";
import type { ZoneResolver } from "../timing/types.js";

export interface TimeZoneOptions {
  /** What tells zones by postal code, city, area code or the like. Known in the process that trained. */
  readonly resolvers?: readonly ZoneResolver[];
  /** Below this confidence a zone is not told, above 0 and below 1. Defaults to 0.8. */
  readonly leastConfidence?: number;
}

const name = "time-zone";
const hour = 3_600_000;
/** Contacts whose platform tells the zone, to judge the other evidence by. */
const leastKnown = 30;

const fields = [
  {
    name: "time_zone",
    label: "Time zone",
    description: "IANA name of the zone that the contact most likely lives by.",
    type: "text",
  },
  {
    name: "time_zone_confidence",
    label: "Time zone confidence",
    description: "How likely the clock of that zone is the contact's, 0 to 1.",
    type: "number",
    decimals: 2,
  },
  {
    name: "time_zone_evidence",
    label: "Time zone evidence",
    description:
      "What speaks for it most: time zone (as the platform says), region, country, phone, rhythm, or another.",
    type: "text",
  },
] as const satisfies readonly Field[];

/**
 * The time zone of each contact, with its evidence and confidence: the platform's field, country and region, the beginning of a phone
 * number, what resolvers know and, where all of these do not tell, the hours of the contact's own activity. Evidence that disagrees lowers the confidence. A fact rather than a forecast, and published as it
 * is; the card says how far off the other evidence is where the platform's field is hidden.
 *
 * @throws InchwormError "input" for a confidence that is none
 */
export function timeZone(options: TimeZoneOptions = {}): Scorer {
  const { resolvers = [], leastConfidence } = options;
  if (leastConfidence !== undefined && !(leastConfidence > 0 && leastConfidence < 1))
    throw new InchwormError(
      "input",
      `${name}: "leastConfidence" must be above 0 and below 1, got ${leastConfidence}.`,
    );
  const given = { resolvers, ...(leastConfidence !== undefined && { leastConfidence }) };

  return {
    name,
    options: leastConfidence === undefined ? {} : { leastConfidence },
    fields,

    async train(history, { asOf, seed, signal }) {
      const moments = await history.moments({ asOf, ...(signal && { signal }) });
      const known = await contactZones(history, { asOf, ...given });
      const places = await contactZones(history, { asOf, ...given, without: ["timeZone"] });
      const told = toldByField(known);
      if (told.length < leastKnown)
        throw new InchwormError(
          "insufficient-data",
          `${name}: to judge by, needs ${leastKnown} contacts whose platform tells the zone, there are ${told.length}: ${leastKnown - told.length} are missing.`,
          { hint: "Import contacts with a time_zone column, or pull them." },
        );
      // rhythms are learned from one half of the people, and judged by the other
      const half = (contact: number) => uniform(contact, 0x7a1f) < 0.5;
      const learned = await learnRhythm(known, moments, { seed, some: half, signal });
      const others = told.filter((row) => !half(known.contacts[row]));
      const silent = others.filter((row) => places.zones[row] < 0);
      const hidden = learned
        ? withRhythm(places, guessByRhythm(learned, places, moments, silent))
        : places;
      const offsetOf = ({ zones, names }: ContactZones, row: number): number =>
        timeZoneClock(names[zones[row]]).offset(asOf) / hour;
      const rows = (learned ? others : told).filter((row) => hidden.zones[row] >= 0);
      const usual = middle(told.map((row) => offsetOf(known, row)));
      const card = judgeQuantity({
        scorer: name,
        question: "Which clock does this contact live by, the platform's field hidden?",
        unit: "hours",
        windows: { training: [asOf], evaluation: asOf, refit: [asOf] },
        horizonDays: 0,
        trainingRows: known.contacts.length,
        truth: Float64Array.from(rows, (row) => offsetOf(known, row)),
        model: { values: Float64Array.from(rows, (row) => offsetOf(hidden, row)) },
        rules: [
          {
            name: "everybody in the middle zone",
            values: new Float64Array(rows.length).fill(usual),
          },
        ],
        drivers: driversOf(known),
        trainedAt: asOf,
        seed,
        dataHash: digestOf(known),
      });
      const rhythm = await learnRhythm(known, moments, { seed, signal });
      const alone = learned ? guessByRhythm(learned, known, moments, others, true) : [];
      const right = alone.filter(({ row, zone }) => {
        const offset = timeZoneClock(zone).offset(asOf) / hour;
        return Math.abs(offset - offsetOf(known, row)) <= 1;
      });
      const notes = learned
        ? [
            `By the hours of their activity alone, of ${others.length} people ${alone.length} are told, ${right.length} of them right within an hour.`,
          ]
        : ["Too few people are active to tell zones by the hours of their activity."];
      const artifact: TimeZoneArtifact = { scorer: name, ...(rhythm && { rhythm: rhythm.save() }) };
      const asked = learned ? others.length : told.length;
      return {
        card: { ...card, verdict: "published", because: because(known, card, asked), notes },
        artifact,
        seen: known.contacts,
      };
    },

    async score(history, stored, { asOf, signal }) {
      const { contacts, zones, names, confidence, evidence, evidences } = await zonesWith(
        history,
        readTimeZone(stored),
        { asOf, ...given },
        signal,
      );
      const each = (value: (row: number) => FieldValue): FieldValue[] =>
        Array.from(contacts, (_, row) => (zones[row] < 0 ? null : value(row)));
      return {
        contacts,
        fields: {
          time_zone: each((row) => names[zones[row]]),
          time_zone_confidence: each((row) => Math.round(confidence[row] * 100) / 100),
          time_zone_evidence: each((row) => evidences[evidence[row]].by),
        },
        reasons: Array.from(contacts, (_, row) =>
          zones[row] < 0 ? [] : [zoneReason(names[zones[row]], evidences[evidence[row]])],
        ),
        abstained: Array.from(contacts, (_, row) => {
          if (zones[row] >= 0) return undefined;
          return evidence[row] < 0
            ? "no time zone: nothing is known of the place"
            : "no time zone: what is known fits several clocks";
        }),
      };
    },
  };
}

/** What the store keeps of it. */
export interface TimeZoneArtifact {
  readonly scorer: typeof name;
  /** Absent where too few people are active. */
  readonly rhythm?: Artifact;
}

/** @throws InchwormError "artifact" when it is not one of this scorer's */
export function readTimeZone(stored: unknown): TimeZoneArtifact {
  const artifact = (stored ?? {}) as Partial<TimeZoneArtifact>;
  if (artifact.scorer === name) return artifact as TimeZoneArtifact;
  throw new InchwormError("artifact", `${name}: what the store holds is not its model.`, {
    hint: `Train again: inchworm train --scorers ${name}.`,
  });
}

/** Zones by places and, where those do not tell, by rhythm. */
export async function zonesWith(
  history: Pick<History, "moments" | "profiles">,
  { rhythm }: Pick<TimeZoneArtifact, "rhythm">,
  options: ContactZonesOptions,
  signal?: AbortSignal,
): Promise<ContactZones> {
  const zones = await contactZones(history, options);
  const open = [...zones.contacts.keys()].filter((row) => zones.zones[row] < 0);
  if (rhythm === undefined || open.length === 0) return zones;
  const moments = await history.moments({ asOf: options.asOf, ...(signal && { signal }) });
  const model = zoneFromRhythm().load(rhythm);
  return withRhythm(zones, guessByRhythm(model, zones, moments, open));
}

const toldByField = ({ contacts, evidence, evidences, zones }: ContactZones): number[] =>
  [...contacts.keys()].filter(
    (row) => zones[row] >= 0 && evidences[evidence[row]].by === "time zone",
  );

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Shares of contacts by what speaks for their zone most. */
function driversOf({
  contacts,
  evidence,
  evidences,
  zones,
}: ContactZones): QuantityCard["drivers"] {
  const counts = new Map<string, number>();
  for (let row = 0; row < contacts.length; row++) {
    if (zones[row] < 0) continue;
    const { by } = evidences[evidence[row]];
    counts.set(by, (counts.get(by) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .map(([feature, count]) => ({ feature, weight: count / contacts.length }));
}

function because({ contacts, zones }: ContactZones, card: QuantityCard, told: number): string {
  const located = zones.reduce((count, zone) => count + (zone >= 0 ? 1 : 0), 0);
  const rows = card.counts.evaluationRows;
  const off =
    rows === 0
      ? ""
      : ` and is off by ${card.metrics.mae.value.toFixed(2)} hours on average (${card.rule.mae.value.toFixed(2)} with everybody in the middle zone)`;
  return `A time zone is a fact and no forecast, and is published as it is: ${located} of ${contacts.length} contacts have one. Where the platform's field is hidden, the other evidence tells the zone of ${rows} of ${told}${off}.`;
}

function digestOf({ contacts, zones, names }: ContactZones): string {
  const hash = createHash("sha256").update(JSON.stringify(names));
  for (const { buffer, byteOffset, byteLength } of [contacts, zones])
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest("hex").slice(0, 16);
}
