import type { FieldValue, ItemKind } from "@inchworm/spec";
import type { Answers } from "../scorer.js";
import { type Basis, bases } from "./recommend-fields.js";
import type { Goods } from "./recommend-goods.js";
import type { PeopleLists } from "./recommend-lists.js";

const nothing = {
  product: "no product is left to recommend",
  content: "no content is left to recommend",
  offer: "no offer is worth its cost",
};

/** Lists in words: what each person's fields hold, and why. `values` are of offers. */
export function answersOf(
  kind: ItemKind,
  lists: PeopleLists,
  goods: Goods,
  contacts: Int32Array,
  reasonsOf: (lists: PeopleLists, row: number) => string[],
  values?: Float64Array,
): Answers {
  const people = lists.basis.length;
  const names = ["first", "ids", "names", "reason", "basis"] as const;
  const columns = names.map(() => new Array<FieldValue>(people).fill(null));
  const reasons: string[][] = new Array(people);
  const abstained: (string | undefined)[] = new Array(people);
  for (let row = 0; row < people; row++) {
    const list = lists.items
      .subarray(row * lists.k, (row + 1) * lists.k)
      .filter((item) => item >= 0);
    reasons[row] = reasonsOf(lists, row);
    abstained[row] = list.length === 0 ? nothing[kind] : undefined;
    if (list.length === 0) continue;
    const ids = Array.from(list, (item) => goods.ids[item]);
    columns[0][row] = ids[0];
    columns[1][row] = ids.join(";");
    columns[2][row] = Array.from(list, (item) => goods.names[item]).join(" · ");
    columns[3][row] = reasons[row].join(" · ");
    columns[4][row] = bases[lists.basis[row]] satisfies Basis;
  }
  const fields = names.map((one, at) => [`recommend_${kind}_${one}`, columns[at]] as const);
  return {
    contacts: contacts.subarray(lists.from, lists.from + people),
    fields: {
      ...Object.fromEntries(fields),
      ...(values && {
        recommend_offer_value: Array.from(
          values,
          (value): FieldValue => (Number.isNaN(value) ? null : Math.round(value * 100) / 100),
        ),
      }),
    },
    reasons,
    abstained,
  };
}

/** Answers one behind the other. */
export function joinAnswers(parts: readonly Answers[]): Answers {
  const contacts = new Int32Array(parts.reduce((sum, part) => sum + part.contacts.length, 0));
  let at = 0;
  for (const part of parts) {
    contacts.set(part.contacts, at);
    at += part.contacts.length;
  }
  const names = Object.keys(parts[0]?.fields ?? {});
  return {
    contacts,
    fields: Object.fromEntries(
      names.map((name) => [name, parts.flatMap(({ fields }) => fields[name])]),
    ),
    reasons: parts.flatMap(({ reasons }) => reasons),
    abstained: parts.flatMap(({ abstained }) => abstained),
  };
}
