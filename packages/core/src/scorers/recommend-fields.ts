import type { Field, ItemKind } from "@inchworm/spec";

/** What a list is made from: the person's own history, or what many like where there is none. */
export const bases = ["personal", "segment favourites", "popular"] as const;
export type Basis = (typeof bases)[number];

const things: Readonly<Record<ItemKind, readonly [one: string, many: string]>> = {
  product: ["product", "products"],
  content: ["content", "content"],
  offer: ["offer", "offers"],
};

/**
 * Five fields, six for offers, however long the lists are: properties are scarce in a CRM. The best one's id has a field of its own,
 * for a picture or a link in an e-mail.
 */
export function recommendFields(kind: ItemKind): readonly Field[] {
  const [one, many] = things[kind];
  const text = (name: string, label: string, description: string): Field => ({
    name: `recommend_${kind}_${name}`,
    label,
    description,
    type: "text",
  });
  return [
    text("first", `Best ${one}`, `Id of the ${one} to offer next.`),
    text(
      "ids",
      `Recommended ${many}`,
      `Ids of the ${many} to offer next, best first, with ; between.`,
    ),
    text(
      "names",
      `Names of recommended ${many}`,
      `Their names, in the same order, with · between.`,
    ),
    text(
      "reason",
      `Why these ${many}`,
      `What in this person's history the best ${many} follow from.`,
    ),
    {
      name: `recommend_${kind}_basis`,
      label: `Basis of recommended ${many}`,
      description:
        "personal: from their own history. Without one: the favourites of their country, or what is popular.",
      type: "category",
      options: bases,
    },
    ...(kind === "offer"
      ? [
          {
            name: "recommend_offer_value",
            label: "Value of the best offer",
            description: "What making the best offer is expected to earn, its cost taken off.",
            type: "number",
            decimals: 2,
          } as const,
        ]
      : []),
  ];
}
