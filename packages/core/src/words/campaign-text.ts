import type { Campaign } from "@inchworm/spec";

export type TextPart = "subject" | "preview" | "body" | "callToAction";

/** Longest body that is read, in characters. */
const longest = 20_000;
const entities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
};

/** The text of one part of a campaign; `undefined` where it has none. */
export function textOf(campaign: Campaign, part: TextPart): string | undefined {
  if (part === "callToAction") return callToAction(campaign.body ?? "");
  const text = part === "body" ? plain(campaign.body ?? "") : (campaign[part] ?? "").trim();
  return text === "" ? undefined : text;
}

/** What a reader sees of HTML; other text stays as it is. */
export function plain(html: string): string {
  return html
    .slice(0, longest)
    .replace(/<(style|script|head|title)\b[^>]*>[\s\S]*?(?:<\/\1\s*>|$)/giu, " ")
    .replace(/<!--[\s\S]*?(?:-->|$)/gu, " ")
    .replace(/<[^<>]*>/gu, " ")
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]+));/giu, (whole, decimal, hex, name) => {
      if (name !== undefined) return entities[String(name).toLowerCase()] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : " ";
    })
    .replace(/\s+/gu, " ")
    .trim();
}

/** Links that no campaign is sent for. */
const housekeeping =
  /unsubscribe|view (?:this )?(?:e-?mail )?in (?:your )?browser|privacy|preferences|abmelden|abbestellen|im browser|datenschutz|désabonner|navigateur|cancelar suscripci/iu;

/** The words on the first button, or on the first link that is not housekeeping. */
function callToAction(body: string): string | undefined {
  const links = [
    ...body.slice(0, longest).matchAll(/<(a|button)\b([^<>]*)>((?:(?!<\/\1)[\s\S])*)<\/\1\s*>/giu),
  ]
    .map(([, tag, attributes, inner]) => ({
      button: tag.toLowerCase() === "button" || /\b(?:button|btn|cta)\b/iu.test(attributes),
      text: plain(inner),
    }))
    .filter(({ text }) => text !== "" && text.length <= 80 && !housekeeping.test(text));
  return (links.find(({ button }) => button) ?? links[0])?.text;
}
