import { sampleRatio } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import { shown } from "../table/names.js";

export interface Shares {
  /** In the order of the arms. */
  readonly shares: readonly number[];
  /** True when nobody said so, and the sizes look as if. */
  readonly guessed: boolean;
}

/** Splits that people design; .45 is not among them, being rather half that went wrong. */
const usual = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 1 / 3, 0.4];

/**
 * The shares that arms were designed to have: as named ("none=0.1,mail=0.9"), as listed in the arms' order (the control first), as the
 * control's alone ("0.1"); else equal ones, or where sizes are far from those, the usual split that they fit.
 *
 * @throws InchwormError "input" for shares that are none, or of arms that are not there
 */
export function sharesOf(
  names: readonly string[],
  counts: readonly number[],
  said: string | undefined,
): Shares {
  if (said !== undefined) return { shares: read(names, said), guessed: false };
  const equal = names.map(() => 1 / names.length);
  const candidates = [...usual, ...usual.map((share) => 1 - share)].map((control) =>
    names.map((_, place) => (place === 0 ? control : (1 - control) / (names.length - 1))),
  );
  if (sampleRatio(counts, equal).ok) return { shares: equal, guessed: true };
  const best = candidates
    .map((shares) => ({ shares, ...sampleRatio(counts, shares) }))
    .reduce((one, other) => (other.p > one.p ? other : one));
  return { shares: best.ok ? best.shares : equal, guessed: true };
}

function read(names: readonly string[], said: string): readonly number[] {
  const parts = said.split(",").map((part) => part.trim());
  const refuse = (what: string) =>
    new InchwormError("input", `--shares: ${what}`, {
      hint: `Give them as ${names.map((name) => `"${name}=${(1 / names.length).toFixed(2)}"`).join(",")}, or in the order ${shown(names)}.`,
    });
  if (parts.some((part) => part.includes("="))) {
    const given = new Map(
      parts.map((part) => {
        const at = part.lastIndexOf("=");
        return [
          part.slice(0, at).trim().toLowerCase(),
          number(part.slice(at + 1), refuse),
        ] as const;
      }),
    );
    const known = names.map((name) => name.toLowerCase());
    const stranger = [...given.keys()].find((name) => !known.includes(name));
    if (stranger !== undefined) throw refuse(`there is no arm ${shown([stranger])}.`);
    const without = names.find((name) => !given.has(name.toLowerCase()));
    if (without !== undefined) throw refuse(`${shown([without])} has no share.`);
    return known.map((name) => given.get(name) ?? 0);
  }
  const shares = parts.map((part) => number(part, refuse));
  if (shares.length === 1 && shares[0] < 1)
    return names.map((_, place) =>
      place === 0 ? shares[0] : (1 - shares[0]) / (names.length - 1),
    );
  if (shares.length === names.length) return shares;
  throw refuse(`there are ${names.length} arms and ${shares.length} shares.`);
}

function number(text: string, refuse: (what: string) => Error): number {
  const trimmed = text.trim();
  const value = trimmed.endsWith("%") ? Number(trimmed.slice(0, -1)) / 100 : Number(trimmed);
  if (trimmed !== "" && value > 0 && Number.isFinite(value)) return value;
  throw refuse(`"${trimmed.includes("@") ? "…" : trimmed}" is no number above 0.`);
}
