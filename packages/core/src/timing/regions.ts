/**
 * Shares of people by zone in countries with several clocks, by their states' populations (census of 2020 or later, rounded); what
 * is left out lives elsewhere in the country. With `Intl` this is all that is known here of geography: for more pass a resolver.
 */
export const peopleByZone: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  US: {
    "America/New_York": 0.47,
    "America/Chicago": 0.29,
    "America/Los_Angeles": 0.16,
    "America/Denver": 0.05,
    "America/Phoenix": 0.02,
    "Pacific/Honolulu": 0.004,
    "America/Anchorage": 0.002,
  },
  CA: {
    "America/Toronto": 0.62,
    "America/Vancouver": 0.13,
    "America/Edmonton": 0.12,
    "America/Halifax": 0.05,
    "America/Winnipeg": 0.04,
    "America/Regina": 0.03,
    "America/St_Johns": 0.01,
  },
  AU: {
    "Australia/Sydney": 0.59,
    "Australia/Brisbane": 0.2,
    "Australia/Perth": 0.11,
    "Australia/Adelaide": 0.07,
    "Australia/Darwin": 0.01,
  },
  BR: { "America/Sao_Paulo": 0.93, "America/Manaus": 0.06 },
  MX: {
    "America/Mexico_City": 0.9,
    "America/Tijuana": 0.03,
    "America/Hermosillo": 0.02,
    "America/Mazatlan": 0.03,
  },
  ID: { "Asia/Jakarta": 0.81, "Asia/Makassar": 0.16, "Asia/Jayapura": 0.02 },
  RU: {
    "Europe/Moscow": 0.65,
    "Asia/Yekaterinburg": 0.14,
    "Asia/Novosibirsk": 0.07,
    "Europe/Samara": 0.04,
  },
  ES: { "Europe/Madrid": 0.95, "Atlantic/Canary": 0.05 },
  PT: { "Europe/Lisbon": 0.97, "Atlantic/Azores": 0.03 },
  NZ: { "Pacific/Auckland": 0.999 },
  CL: { "America/Santiago": 0.98 },
  EC: { "America/Guayaquil": 0.998 },
  CN: { "Asia/Shanghai": 0.99 },
  UA: { "Europe/Kiev": 0.99 },
  CY: { "Asia/Nicosia": 0.99 },
  CD: { "Africa/Kinshasa": 0.5, "Africa/Lubumbashi": 0.5 },
};

interface Region {
  readonly zone: string;
  /** Share of its people who live by that zone; the rest live by `other`. */
  readonly share: number;
  readonly other?: string;
}

// zone: region codes with names, comma between; "=" share of a region that has two clocks, and which is the other
const tables: Readonly<Record<string, string>> = {
  US: `America/New_York: CT Connecticut, DE Delaware, DC District of Columbia, GA Georgia, ME Maine, MD Maryland, MA Massachusetts, NH New Hampshire, NJ New Jersey, NY New York, NC North Carolina, OH Ohio, PA Pennsylvania, RI Rhode Island, SC South Carolina, VT Vermont, VA Virginia, WV West Virginia, MI Michigan =.99 America/Chicago, FL Florida =.95 America/Chicago, IN Indiana =.84 America/Chicago, KY Kentucky =.77 America/Chicago
America/Chicago: AL Alabama, AR Arkansas, IL Illinois, IA Iowa, LA Louisiana, MN Minnesota, MS Mississippi, MO Missouri, OK Oklahoma, WI Wisconsin, TX Texas =.97 America/Denver, KS Kansas =.99 America/Denver, NE Nebraska =.93 America/Denver, ND North Dakota =.9 America/Denver, SD South Dakota =.75 America/Denver, TN Tennessee =.62 America/New_York
America/Denver: CO Colorado, MT Montana, NM New Mexico, UT Utah, WY Wyoming, ID Idaho =.8 America/Los_Angeles
America/Phoenix: AZ Arizona =.97 America/Denver
America/Los_Angeles: CA California, NV Nevada, WA Washington, OR Oregon =.99 America/Denver
America/Anchorage: AK Alaska
Pacific/Honolulu: HI Hawaii
America/Puerto_Rico: PR Puerto Rico, VI Virgin Islands
Pacific/Guam: GU Guam`,
  CA: `America/Toronto: ON Ontario =.98 America/Winnipeg, QC Quebec
America/Vancouver: BC British Columbia =.97 America/Edmonton
America/Edmonton: AB Alberta, NT Northwest Territories
America/Winnipeg: MB Manitoba
America/Regina: SK Saskatchewan =.98 America/Edmonton
America/Halifax: NS Nova Scotia, NB New Brunswick, PE Prince Edward Island
America/St_Johns: NL Newfoundland and Labrador =.94 America/Halifax
America/Whitehorse: YT Yukon`,
  AU: `Australia/Sydney: NSW New South Wales, ACT Australian Capital Territory, VIC Victoria, TAS Tasmania
Australia/Brisbane: QLD Queensland
Australia/Adelaide: SA South Australia
Australia/Perth: WA Western Australia
Australia/Darwin: NT Northern Territory`,
};

const fold = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

let regions: Map<string, Region> | undefined;

function read(): Map<string, Region> {
  const found = new Map<string, Region>();
  for (const [country, table] of Object.entries(tables))
    for (const line of table.split("\n")) {
      const [zone, ...rest] = line.split(": ");
      for (const entry of rest.join(": ").split(", ")) {
        const [name, two] = entry.split(" =");
        const [share, other] = two?.split(" ") ?? [];
        const space = name.indexOf(" ");
        const region =
          other === undefined ? { zone, share: 1 } : { zone, share: Number(share), other };
        found.set(`${country} ${fold(name.slice(0, space))}`, region);
        found.set(`${country} ${fold(name.slice(space + 1))}`, region);
      }
    }
  return found;
}

/** The zones of a state or province of a country that has several clocks, by code ("NY", "US-NY") or English name. */
export function zonesOfRegion(
  country: string,
  region: string,
): readonly { readonly zone: string; readonly share: number }[] | undefined {
  regions ??= read();
  const found = regions.get(`${country} ${fold(region.replace(/^[A-Za-z]{2}-/, ""))}`);
  if (found === undefined) return undefined;
  const { zone, share, other } = found;
  return other === undefined
    ? [{ zone, share }]
    : [
        { zone, share },
        { zone: other, share: 1 - share },
      ];
}
