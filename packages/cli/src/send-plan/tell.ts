import { armNames, type SendPlan, timeZoneSegments } from "@inchworm/core";
import { format, plural, type Terminal } from "../terminal.js";

/** What a program may read of a plan. */
export function inShort(plan: SendPlan) {
  const { id, campaign, channel, from, until, rows, skipped, notes } = plan;
  return {
    id,
    campaign,
    channel,
    from: new Date(from).toISOString(),
    until: new Date(until).toISOString(),
    messages: rows,
    arms: armsOf(plan),
    skipped,
    batches: plan.batches.map(({ at, first, end }) => ({
      at: new Date(at).toISOString(),
      people: end - first,
    })),
    segments: timeZoneSegments(plan).map(({ name, rows: own, from: first, to: last }) => ({
      name,
      people: own.length,
      first: new Date(first).toISOString(),
      last: new Date(last).toISOString(),
    })),
    notes,
  };
}

function armsOf({ arms }: SendPlan): Record<(typeof armNames)[number], number> {
  const counts = { personal: 0, everyone: 0, random: 0 };
  for (const arm of arms) counts[armNames[arm]]++;
  return counts;
}

/** Hours that are told one by one; of more, the busiest. */
const mostHours = 12;

export function sayPlan(terminal: Terminal, plan: SendPlan, files: readonly string[]): void {
  const { personal, everyone, random } = armsOf(plan);
  terminal.say(
    `Plan ${plan.id.slice(0, 8)} for ${plan.campaign}: ${plural(plan.rows, "message")} in ${plural(plan.batches.length, "batch", "batches")}, ${time(plan.from)} to ${time(plan.until)} UTC.`,
  );
  terminal.say(
    `  ${format(personal)} at people's own best hour, ${format(everyone)} at the best for everyone, ${format(random)} at an hour by lot.`,
  );
  for (const [why, count] of Object.entries(plan.skipped))
    terminal.say(`  not sent, ${why}: ${format(count)}`);
  const segments = timeZoneSegments(plan);
  const told = [...segments]
    .sort((one, other) => other.rows.length - one.rows.length)
    .slice(0, mostHours)
    .map(({ name, rows }) => `${name} ${format(rows.length)}`);
  if (told.length > 0)
    terminal.say(
      `  local hours${segments.length > mostHours ? " (the busiest)" : ""}: ${told.join(", ")}`,
    );
  for (const note of plan.notes) terminal.say(`  ${note}`);
  if (files.length > 0)
    terminal.say(
      `Written: ${files.slice(0, 3).join(", ")}${files.length > 3 ? ` and ${files.length - 3} more` : ""}`,
    );
}

const time = (at: number): string => new Date(at).toISOString().slice(0, 16).replace("T", " ");
