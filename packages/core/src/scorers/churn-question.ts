import { InchwormError } from "@inchworm/spec";
import type { EventRule, FeatureTable } from "@inchworm/store";
import { among } from "../dataset.js";
import { checkEvents, listed } from "../probability/events.js";
import type { Question } from "../probability/question.js";
import type { RecencyRule } from "../probability/recency.js";
import { day } from "../windows.js";

/**
 * What counts as churn within the horizon: any of `did` was done (where given) and none of `didNot` (where given).
 *
 * Whom it is asked of: with `didNot`, people who did any of it in the `activeDays` before; else everybody known who has not done
 * any of `did` yet.
 */
export interface ChurnEvent {
  readonly did?: readonly EventRule[];
  readonly didNot?: readonly EventRule[];
}

export interface ChurnQuestion extends Question {
  readonly asked: string;
  /** Whether it is about orders alone, as it is unless the marketer says otherwise. */
  readonly ofOrders: boolean;
  /** Who is asked about, in words. */
  readonly about: string;
  readonly rule: RecencyRule;
}

export const noOrder = { didNot: [{ type: "order" }] } as const satisfies ChurnEvent;

/** @throws InchwormError "input" when the event says nothing */
export function churnQuestion(
  event: ChurnEvent,
  horizonDays: number,
  activeDays: number,
): ChurnQuestion {
  const { did = [], didNot = [] } = event;
  checkEvents("churn", "did", did);
  checkEvents("churn", "didNot", didNot);
  if (did.length + didNot.length === 0)
    throw new InchwormError("input", 'churn: "event" needs "did" or "didNot".', {
      hint: 'Leave it out for "no order", or say event: { didNot: [{ type: "visit" }] }.',
    });
  const ofOrders = JSON.stringify(event) === JSON.stringify(noOrder);
  const inactive = `no order in the last ${activeDays} days`;
  const shared = {
    scorer: "churn",
    horizonDays,
    ofOrders,
    rule: ofOrders
      ? { name: "recency alone", columns: ["days_since_order"], likelier: "long ago" }
      : {
          name: "most recent activity",
          columns: sinceColumns(didNot),
          likelier: didNot.length > 0 ? "long ago" : "of late",
        },
  } satisfies Partial<ChurnQuestion>;

  if (ofOrders)
    return {
      ...shared,
      asked: `Will this customer place no order in the next ${horizonDays} days?`,
      about: `active customers (an order in the ${activeDays} days before)`,
      async population(_history, asOf) {
        return {
          orderedSince: asOf - activeDays * day,
          excluded: (table) =>
            Array.from(daysSinceOrder(table), (since) => {
              if (Number.isNaN(since)) return "no order yet";
              return since > activeDays ? inactive : undefined;
            }),
        };
      },
      async observe(history, { contacts, from, to }) {
        const ordered = await history.ordersBetween(from, to);
        return among(contacts, ordered.contacts).map((came) => 1 - came);
      },
    };

  const parts = [
    ...(did.length > 0 ? [`do any of (${listed(did)})`] : []),
    ...(didNot.length > 0 ? [`do none of (${listed(didNot)})`] : []),
  ];
  return {
    ...shared,
    asked: `Will this person ${parts.join(" and ")} in the next ${horizonDays} days?`,
    about:
      didNot.length > 0
        ? `people with ${listed(didNot)} in the ${activeDays} days before`
        : `people without ${listed(did)} yet`,
    async population(history, asOf, signal) {
      const work = signal ? { signal } : {};
      if (didNot.length > 0) {
        const active = await history.reached({
          events: didNot,
          from: asOf - activeDays * day,
          to: asOf,
          ...work,
        });
        const why = `without ${listed(didNot)} in the last ${activeDays} days`;
        return {
          size: Math.max(1, active.contacts.length),
          excluded: (table) =>
            Array.from(among(table.contacts, active.contacts), (is) => (is ? undefined : why)),
        };
      }
      return withoutGoal(await history.reached({ events: did, from: 0, to: asOf, ...work }), {
        size: (await history.summary(asOf)).contacts,
        why: `has done it already: ${listed(did)}`,
      });
    },
    async observe(history, { contacts, from, to }) {
      const [done, kept] = await Promise.all([
        history.reached({ events: did, from, to }),
        history.reached({ events: didNot, from, to }),
      ]);
      const left = among(contacts, done.contacts);
      const stayed = among(contacts, kept.contacts);
      return left.map((is, row) => {
        const gone = did.length === 0 || is === 1;
        return gone && (didNot.length === 0 || stayed[row] === 0) ? 1 : 0;
      });
    },
  };
}

/** Everybody but those who have reached something. */
export function withoutGoal(
  { contacts }: { readonly contacts: Int32Array },
  { size, why }: { readonly size: number; readonly why: string },
) {
  return {
    size: Math.max(1, size - contacts.length),
    excluded: (table: FeatureTable) =>
      Array.from(among(table.contacts, contacts), (has) => (has ? why : undefined)),
  };
}

function daysSinceOrder(table: FeatureTable): Float32Array {
  const found = table.columns.find(({ name }) => name === "days_since_order");
  if (found) return found.values;
  throw new InchwormError("internal", 'churn: feature "days_since_order" is missing.');
}

const since: Partial<Record<EventRule["type"], string>> = {
  order: "days_since_order",
  visit: "days_since_visit",
  click: "days_since_click",
  open: "days_since_open",
};

/** Every sign of life that features tell the days since; the first is having become known. */
export const activityColumns = ["tenure_days", ...Object.values(since)];

/** Days since the events themselves where they are told, else since any sign of life. */
function sinceColumns(events: readonly EventRule[]): readonly string[] {
  const columns = events.flatMap(({ type }) => since[type] ?? []);
  return columns.length > 0 ? [...new Set(columns)] : activityColumns;
}
