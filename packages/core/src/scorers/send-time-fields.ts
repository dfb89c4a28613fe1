import type { Field } from "@inchworm/spec";

export const weekdays = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
] as const;

export const weekdayOf = (cell: number): string => weekdays[Math.floor(cell / 24)];

/** "Tue 18:00" */
export const timeOf = (cell: number): string =>
  `${weekdayOf(cell).slice(0, 3)} ${String(cell % 24).padStart(2, "0")}:00`;

export const sendTimeFields = [
  {
    name: "send_hour",
    label: "Best hour",
    description:
      "Hour of the day at which the contact answers best, 0 to 23, on the contact's own clock.",
    type: "number",
    decimals: 0,
  },
  {
    name: "send_weekday",
    label: "Best weekday",
    description: "Day of the week on which the contact answers best, together with the best hour.",
    type: "category",
    options: weekdays,
  },
  {
    name: "send_second",
    label: "Second best time",
    description:
      "The next best weekday and hour, some way from the best, on the contact's own clock.",
    type: "text",
  },
  {
    name: "send_gain",
    label: "Gain of the best hour",
    description:
      "Percentage points by which an answer within 24 hours is likelier than at the best hour for everyone.",
    type: "number",
    decimals: 1,
  },
  {
    name: "send_gain_low",
    label: "Gain, low end",
    description: "Low end of the 80 % interval of the gain.",
    type: "number",
    decimals: 1,
  },
  {
    name: "send_gain_high",
    label: "Gain, high end",
    description: "High end of the 80 % interval of the gain.",
    type: "number",
    decimals: 1,
  },
  {
    name: "send_own_share",
    label: "Own share of the time",
    description:
      "How much of the answer is the contact's own history, 0 to 1; the rest comes from people alike.",
    type: "number",
    decimals: 2,
  },
  {
    name: "send_time_zone",
    label: "Time zone of the best hour",
    description: "The clock that best hour and weekday are told by.",
    type: "text",
  },
] as const satisfies readonly Field[];
