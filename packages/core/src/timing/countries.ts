/** Languages that systems and their users write names of countries in. */
const languages = "en de fr es it nl pt sv da nb fi pl cs tr ja zh ko ru".split(" ");

/** Other words for countries than `Intl` knows. */
const others: Readonly<Record<string, string>> = {
  usa: "US",
  "u.s.": "US",
  "u.s.a.": "US",
  "united states of america": "US",
  uk: "GB",
  gbr: "GB",
  "great britain": "GB",
  england: "GB",
  scotland: "GB",
  wales: "GB",
  "northern ireland": "GB",
  deu: "DE",
  fra: "FR",
  esp: "ES",
  ita: "IT",
  nld: "NL",
  holland: "NL",
  "the netherlands": "NL",
  che: "CH",
  aut: "AT",
  bel: "BE",
  swe: "SE",
  dnk: "DK",
  nor: "NO",
  fin: "FI",
  pol: "PL",
  irl: "IE",
  prt: "PT",
  can: "CA",
  aus: "AU",
  nzl: "NZ",
  bra: "BR",
  mex: "MX",
  ind: "IN",
  jpn: "JP",
  chn: "CN",
  korea: "KR",
  "republic of korea": "KR",
  "czech republic": "CZ",
  "russian federation": "RU",
  uae: "AE",
};

const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

/** Codes in use, the present one of a country for those that ISO withdrew: DE for DD, GB for UK. */
function present(code: string): string | undefined {
  return /^[A-Z]{2}$/.test(code) ? new Intl.Locale(`und-${code}`).region : undefined;
}

const namesIn = new Map<string, Map<string, string>>();

/** Made language by language, as they are needed. */
function names(language: string): Map<string, string> {
  const known = namesIn.get(language);
  if (known) return known;
  const display = new Intl.DisplayNames(language, { type: "region", fallback: "none" });
  const found = new Map<string, string>();
  for (const first of letters)
    for (const second of letters) {
      const code = first + second;
      const name = display.of(code);
      if (name !== undefined && present(code) === code) found.set(fold(name), code);
    }
  namesIn.set(language, found);
  return found;
}

const fold = (text: string): string =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();

/** The ISO 3166 code of a country that a text names: the code itself, or its name in one of eighteen languages. */
export function countryNamed(text: string): string | undefined {
  const code = present(text.trim().toUpperCase());
  if (code !== undefined && zonesOfCode(code).length > 0) return code;
  const name = fold(text);
  if (name === "") return undefined;
  if (others[name] !== undefined) return others[name];
  for (const language of languages) {
    const found = names(language).get(name);
    if (found !== undefined && zonesOfCode(found).length > 0) return found;
  }
  return undefined;
}

const zones = new Map<string, readonly string[]>();

/** Every zone of a country, as the runtime spells them; none for what is no country. */
export function zonesOfCode(code: string): readonly string[] {
  let found = zones.get(code);
  if (found === undefined) {
    found = [...new Set((timeZones(code) ?? []).map(canonical))];
    zones.set(code, found);
  }
  return found;
}

/** A getter in older runtimes, a method in newer ones. */
function timeZones(code: string): readonly string[] | undefined {
  const locale = new Intl.Locale(`und-${code}`) as Intl.Locale & {
    readonly timeZones?: readonly string[];
    getTimeZones?(): readonly string[] | undefined;
  };
  return locale.getTimeZones?.() ?? locale.timeZones;
}

const canonical = (zone: string): string =>
  new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
