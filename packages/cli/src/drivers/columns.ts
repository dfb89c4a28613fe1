import { InchwormError } from "@inchworm/spec";
import { columnNamed, columnsNamed, shown } from "../table/names.js";
import { common as lines } from "../text/columns.js";

/** Columns by what they say of a sending; lists where there may be several. */
export interface CampaignColumns {
  readonly shown: string;
  readonly clicked: string;
  readonly text?: string;
  readonly group?: string;
  readonly segment?: string;
  readonly hour?: string;
  readonly sentAt?: string;
  readonly image?: string;
  readonly factors: readonly string[];
  readonly same: readonly string[];
}

/** What the command line says of them. */
export interface ColumnOptions {
  readonly text?: string;
  readonly group?: string;
  readonly shown?: string;
  readonly clicked?: string;
  readonly segment?: string;
  readonly hour?: string;
  readonly sentAt?: string;
  readonly image?: string;
  readonly factor?: readonly string[];
  readonly same?: readonly string[];
}

const common = {
  ...lines,
  segment: ["segment", "audience", "list", "list name", "audience segment"],
  hour: ["hour", "send hour", "sent hour", "hour of day"],
  sentAt: ["sent at", "sentat", "send time", "sent time", "send date", "sent date", "date"],
  image: ["image", "image file", "image path", "picture"],
} as const;

const factors = new Set([
  "weekday",
  "day of week",
  "medium",
  "media",
  "media type",
  "mediatype",
  "channel",
  "color",
  "colour",
  "form",
  "format",
  "layout",
  "template",
  "offer",
  "discount",
  "promotion",
  "incentive",
  "cta",
]);

const plain = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/gu, " ");

type Role = keyof typeof common;
const roles = ["text", "group", "shown", "clicked", "segment", "hour", "sentAt", "image"] as const;
const optionOf = (role: Role): string => (role === "sentAt" ? "--sent-at" : `--${role}`);

/**
 * The columns that were named, and by common names those that were not.
 *
 * @throws InchwormError "input" when a column is not there, or nothing says how many were shown it and clicked
 */
export function campaignColumns(
  path: string,
  columns: readonly string[],
  options: ColumnOptions,
): { readonly columns: CampaignColumns; readonly guessed: readonly string[] } {
  const found: { [Key in Role]?: string } = {};
  const guessed: string[] = [];
  for (const role of roles) {
    const given = options[role];
    if (given !== undefined) found[role] = columnNamed(path, columns, optionOf(role), given);
  }
  const same = columnsNamed(path, columns, "--same", options.same);
  const named = columnsNamed(path, columns, "--factor", options.factor);
  const taken = new Set([...Object.values(found), ...same, ...named]);
  for (const role of roles) {
    if (found[role] !== undefined) continue;
    const column = common[role]
      .map((name) => columns.find((one) => !taken.has(one) && plain(one) === plain(name)))
      .find((one) => one !== undefined);
    if (column === undefined) continue;
    // an hour of its own says more than one read from a time
    found[role] = column;
    taken.add(column);
    guessed.push(`${optionOf(role)} ${JSON.stringify(column)}`);
  }
  for (const role of ["shown", "clicked"] as const)
    if (found[role] === undefined)
      throw new InchwormError("input", `${path} has no column that looks like --${role}.`, {
        hint: `Name it with --${role}; the columns are ${shown(columns)}.`,
      });
  const further =
    options.factor === undefined
      ? columns.filter((one) => !taken.has(one) && factors.has(plain(one)))
      : [];
  if (further.length > 0) guessed.push(`--factor ${JSON.stringify(further.join(","))}`);
  const { shown: people, clicked, ...others } = found;
  return {
    columns: {
      ...others,
      shown: people as string,
      clicked: clicked as string,
      factors: [...named, ...further],
      same,
    },
    guessed,
  };
}
