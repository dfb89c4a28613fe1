import type { Scorer } from "./scorer.js";
import { churn } from "./scorers/churn.js";
import { contractChurn } from "./scorers/contract-churn.js";
import { frequency } from "./scorers/frequency.js";
import { leadScore } from "./scorers/lead-score.js";
import { nextOrder } from "./scorers/next-order.js";
import { recommend } from "./scorers/recommend.js";
import { segments } from "./scorers/segments.js";
import { sendTime } from "./scorers/send-time.js";
import { timeZone } from "./scorers/time-zone.js";
import { uplift } from "./scorers/uplift.js";
import { value } from "./scorers/value.js";

/**
 * The scorers that come with the library, by the names they give themselves, which are also those of their stored models. Each is
 * made again from the options it kept.
 */
export const registry: Readonly<Record<string, (options: never) => Scorer>> = {
  churn,
  "contract-churn": contractChurn,
  frequency,
  "lead-score": leadScore,
  "next-order": nextOrder,
  "data-segments": segments,
  "micro-segments": segments,
  "recommend-product": recommend,
  "recommend-content": recommend,
  "recommend-offer": recommend,
  segments,
  "send-time": sendTime,
  "time-zone": timeZone,
  "time-zones": segments,
  uplift,
  value,
};
