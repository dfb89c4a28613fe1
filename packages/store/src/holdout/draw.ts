import { createHash } from "node:crypto";

/**
 * The number from 0 to below 1 that decides a person's arm: the first 52 bits of SHA-256 over salt, version and the person's name,
 * parted by the unit separator. E-mail addresses are lower case without blanks around them. Any system can compute it.
 */
export function drawOf(salt: string, version: number, system: string, id: string): number {
  const name = system === "email" ? id.trim().toLowerCase() : id;
  const text = [salt, version, system, name].join("\u001f");
  const hash = createHash("sha256").update(text).digest("hex");
  return Number.parseInt(hash.slice(0, 13), 16) / 2 ** 52;
}

/** SQL: the same of columns. */
export const drawSql = (salt: string, version: string, system: string, id: string): string =>
  `(('0x' || substr(sha256(${salt} || chr(31) || ${version} || chr(31) || ${system} || chr(31) || ${id}), 1, 13))::ubigint::double / 4503599627370496.0)`;

/** The arm of a draw: place in the shares. */
export function armOf(draw: number, shares: readonly number[]): number {
  let end = 0;
  for (const [place, share] of shares.entries()) {
    end += share;
    if (draw < end) return place;
  }
  return shares.length - 1;
}
