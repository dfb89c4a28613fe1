/** Text as HTML: whatever a name holds, it stays text. */
export const escaped = (text: string): string =>
  text.replace(
    /[&<>"']/g,
    (found) =>
      ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[found] ?? "",
  );

/** HTML that is to stand as it is. */
export interface Html {
  readonly html: string;
}

type Part = string | number | Html | undefined | readonly (Html | undefined)[];

/** HTML of which every part in between is escaped unless it is HTML itself. Nothing comes of `undefined`. */
export function html(parts: TemplateStringsArray, ...values: readonly Part[]): Html {
  const text = (value: Part): string => {
    if (value === undefined) return "";
    if (typeof value === "string" || typeof value === "number") return escaped(String(value));
    return "html" in value ? value.html : value.map(text).join("");
  };
  return {
    html: parts
      .map((part, index) => (index === 0 ? part : text(values[index - 1]) + part))
      .join(""),
  };
}

export const joined = (parts: readonly (Html | undefined)[]): Html => ({
  html: parts.map((part) => part?.html ?? "").join("\n"),
});

/** Numbers and days as people of a locale write them. */
export interface Format {
  readonly locale: string;
  /** 12,345 */
  whole(value: number): string;
  /** Three or so digits that matter. */
  number(value: number): string;
  /** Of a share, such as 42.3 %. */
  percent(share: number, digits?: number): string;
  day(instant: number): string;
  /** "1 contact", "2,000 contacts". */
  count(value: number, one: string, many?: string): string;
  /** An amount in a card's unit. */
  amount(value: number, unit: string): string;
}

/** Where Node is built without a locale's data it falls back to English, as `Intl` does. */
export function format(locale: string): Format {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const three = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
  const percents = [0, 1, 2].map(
    (digits) =>
      new Intl.NumberFormat(locale, {
        style: "percent",
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }),
  );
  const number = (value: number): string => {
    if (!Number.isFinite(value)) return "–";
    return Math.abs(value) >= 1000 ? whole.format(value) : three.format(value);
  };
  return {
    locale,
    whole: (value) => whole.format(value),
    number,
    percent: (share, digits = 1) =>
      Number.isFinite(share) ? (percents[digits] ?? percents[1]).format(share) : "–",
    day: (instant) => day.format(new Date(instant)),
    count: (value, one, many = `${one}s`) =>
      `${whole.format(value)} ${Math.round(value) === 1 ? one : many}`,
    amount: (value, unit) =>
      /^[A-Z]{3}$/.test(unit)
        ? `${unit} ${number(value)}`
        : `${number(value)} ${unit === "money" ? "" : unit}`.trim(),
  };
}
