import type { ArmEffect } from "@inchworm/learn";
import { format, plural, type Terminal } from "../terminal.js";
import type { FileExperiment } from "./experiment-file.js";

/** The result as people read it. */
export function sayExperiment(screen: Terminal, told: FileExperiment): void {
  const rate = told.kind === "rate";
  const amount = (value: number) => (rate ? `${short(100 * value)} %` : short(value));
  screen.say(told.because);
  screen.say();
  const width = Math.max(...told.arms.map(({ arm }) => arm.length));
  for (const { arm, assigned, missing, mean } of told.arms)
    screen.say(
      `  ${arm.padEnd(width)}  ${plural(assigned, "person", "people")}${missing > 0 ? ` (${format(missing)} without an outcome)` : ""}: ${amount(mean)}${arm === told.control ? ", the control" : ""}`,
    );
  screen.say();
  for (const effect of told.effects) sayEffect(screen, effect, told);
  const differing = told.segments?.filter(({ differs }) => differs) ?? [];
  if (told.segments)
    screen.say(
      differing.length === 0
        ? `  in none of ${plural(told.segments.length, "segment")} the effect differs from that on everybody else beyond chance`
        : "  where the effect differs from that on everybody else (false-discovery rate 5 %):",
    );
  for (const { arm, segment, effect, rows } of differing)
    screen.say(
      `    ${segment}${told.effects.length > 1 ? `, ${arm}` : ""}: ${amount(effect.value)} (${amount(effect.low)} to ${amount(effect.high)}; ${plural(rows, "person", "people")})`,
    );
  for (const note of told.notes) screen.say(`  ${note}`);
}

function sayEffect(screen: Terminal, one: ArmEffect, told: FileExperiment): void {
  const rate = told.kind === "rate";
  const amount = (value: number) => (rate ? `${short(100 * value)} points` : short(value));
  const relative = one.relative
    ? `, ${signed(one.relative.value)} of the control's (${signed(one.relative.low)} to ${signed(one.relative.high)})`
    : "";
  screen.say(
    `  ${one.arm}: ${amount(one.effect.value)} (${amount(one.effect.low)} to ${amount(one.effect.high)})${relative}; p ${one.effect.p < 0.0001 ? "< 0.0001" : one.effect.p.toFixed(4)}`,
  );
  if (told.effects.length > 1) screen.say(`    ${one.because}`);
  if (one.varianceCut !== undefined && one.varianceCut >= leastCut)
    screen.say(
      `    what was known before took ${short(100 * one.varianceCut)} % off the variance, as ${format(100 / (1 - one.varianceCut) - 100)} % more people would`,
    );
}

/** Less is not worth a line. */
const leastCut = 0.01;

const short = (value: number): string => String(Number(value.toPrecision(3)));
const signed = (share: number): string =>
  `${share < 0 ? "−" : "+"}${short(Math.abs(100 * share))} %`;
