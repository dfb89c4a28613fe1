import { createHash } from "node:crypto";
import { type Field, type FieldValue, InchwormError } from "@inchworm/spec";
import type { Settings } from "./options.js";

/** Letters of a merge tag. https://mailchimp.com/developer/marketing/docs/merge-fields/ */
const longestTag = 10;
/** Bytes of a text; Mailchimp cuts what is longer, wherever that falls. The same page. */
const longestText = 255;

/** Our field names as merge tags, and values as merge fields hold them. */
export interface MergeTags {
  /** Follows from the field's name and the options alone, so that it is the same for ever. */
  name(field: string): string;
  /** @throws InchwormError "config" when two fields have one tag */
  distinct(fields: readonly Field[]): void;
  /** The value as a merge field can hold it: a text cut between two letters. */
  fit(field: Field, value: FieldValue): FieldValue;
  /** The value for the wire, `""` for empty. */
  wire(value: FieldValue, field: Field): string | number;
  /** What Mailchimp holds, in the field's own type; what does not fit it is given as it is. */
  value(held: unknown, field: Field): FieldValue;
}

/**
 * Ten letters are few: what is longer than the room behind the prefix keeps its first letter and consonants, and three letters of its
 * digest tell apart what would look the same.
 *
 * @example mergeTags(settings).name("segment") // "IW_SEGMENT"
 */
export function mergeTags(settings: Settings): MergeTags {
  const room = longestTag - settings.prefix.length;

  const name = (field: string): string => {
    const own = Object.hasOwn(settings.mergeTags, field) ? settings.mergeTags[field] : undefined;
    if (own !== undefined) return own;
    if (!/^[a-z0-9_]+$/.test(field)) {
      throw new InchwormError("input", `mailchimp: "${field}" is no field name.`, {
        hint: 'Field names are lower-case snake, such as "churn_probability".',
      });
    }
    const whole = field.toUpperCase();
    if (whole.length <= room) return settings.prefix + whole;
    const digest = createHash("sha256").update(field).digest().readUInt32BE();
    const mark = digest.toString(36).toUpperCase().padStart(3, "0").slice(-3);
    const consonants = whole.slice(1).replace(/[AEIOU_]/g, "");
    return settings.prefix + (whole.slice(0, 1) + consonants).slice(0, room - mark.length) + mark;
  };

  return {
    name,
    distinct(fields) {
      const names = new Map<string, string>();
      for (const field of fields) {
        const tag = name(field.name);
        const other = names.get(tag);
        names.set(tag, field.name);
        if (other === undefined || other === field.name) continue;
        throw new InchwormError(
          "config",
          `mailchimp: the fields "${other}" and "${field.name}" have the same merge tag ${tag}.`,
          { hint: `Give one of them another in "mergeTags".` },
        );
      }
    },
    fit(field, value) {
      return typeof value === "string" && field.type !== "number" ? cutText(value) : value;
    },
    wire(value, field) {
      if (value === null) return "";
      if (typeof value === "number" && field.type === "number") {
        return Number(value.toFixed(field.decimals ?? 0));
      }
      return cutText(String(value));
    },
    value(held, field) {
      if (held === null || held === undefined || held === "") return null;
      if (field.type !== "number") return String(held);
      const number = Number(held);
      return Number.isFinite(number) ? number : String(held);
    },
  };
}

/** At most 255 bytes in UTF-8, never half a letter. */
function cutText(text: string): string {
  if (Buffer.byteLength(text) <= longestText) return text;
  const room = longestText - Buffer.byteLength("…");
  let kept = "";
  let bytes = 0;
  for (const letter of text) {
    bytes += Buffer.byteLength(letter);
    if (bytes > room) break;
    kept += letter;
  }
  return `${kept}…`;
}
