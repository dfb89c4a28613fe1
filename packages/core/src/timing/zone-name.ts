/** What North Americans call their zones, in exports and forms. */
const spoken: Readonly<Record<string, string>> = {
  eastern: "America/New_York",
  central: "America/Chicago",
  mountain: "America/Denver",
  pacific: "America/Los_Angeles",
  arizona: "America/Phoenix",
  alaska: "America/Anchorage",
  hawaii: "Pacific/Honolulu",
  atlantic: "America/Halifax",
  newfoundland: "America/St_Johns",
};

const known = new Map<string, string | undefined>();

/**
 * The IANA zone that a platform's text means, as the runtime spells it: IANA names in any case and with blanks, old names such as
 * "US/Eastern", HubSpot's "us_slash_eastern", "(GMT-05:00) Eastern Time (US & Canada)", "(UTC+01:00) Europe/Berlin", and whole hours
 * from UTC such as "UTC+2", which know nothing of summer time. `undefined` for anything else.
 */
export function zoneNamed(text: string): string | undefined {
  if (!known.has(text)) {
    if (known.size > mostKnown) known.clear();
    known.set(text, read(text));
  }
  return known.get(text);
}

const mostKnown = 10_000;

function read(text: string): string | undefined {
  const name = text
    .trim()
    .replaceAll(/_slash_/gi, "/")
    .replaceAll(/_plus_/gi, "+")
    .replaceAll(/_(hyphen|minus)_/gi, "-");
  const bare = name.replace(/^\((?:GMT|UTC)[^)]*\)\s*/i, "");
  const american =
    /^(eastern|central|mountain|pacific|atlantic|alaska|hawaii|arizona|newfoundland)\b(?! europe)(?! asia)/i;
  const word = /standard|time|us|canada|^\w+$/i.test(bare) ? american.exec(bare)?.[1] : undefined;
  return (
    iana(bare) ??
    (word === undefined || /africa|australia|america/i.test(bare)
      ? undefined
      : spoken[word.toLowerCase()]) ??
    fixed(bare) ??
    fixed(/^\((?:GMT|UTC)[^)]*\)/i.exec(name)?.[0] ?? "")
  );
}

function iana(name: string): string | undefined {
  // a bare offset is a zone to newer runtimes; an abbreviation of three letters means different clocks to different people
  if (!/^[a-z]/i.test(name) || (/^[a-z]{2,5}$/i.test(name) && !/^(utc|gmt)$/i.test(name)))
    return undefined;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name.replaceAll(" ", "_") }).resolvedOptions()
      .timeZone;
  } catch {
    return undefined;
  }
}

/** A whole hour from UTC. The sign in "Etc/GMT-2" is turned round: it is two hours ahead. */
function fixed(text: string): string | undefined {
  const match = /^\(?(?:GMT|UTC)?\s*([+\-\u2212])\s*(\d{1,2})(?::?(\d\d))?\)?$/i.exec(text);
  if (!match || Number(match[3] ?? 0) !== 0 || Number(match[2]) > (match[1] === "+" ? 14 : 12))
    return undefined;
  if (Number(match[2]) === 0) return "UTC";
  return `Etc/GMT${match[1] === "+" ? "-" : "+"}${Number(match[2])}`;
}

/** Whether a zone is a bare offset, which says nothing of where somebody is. */
export const isOffset = (zone: string): boolean => /^(Etc\/|UTC$|GMT$)/.test(zone);
