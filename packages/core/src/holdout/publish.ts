import { createHash } from "node:crypto";
import type { Field, FieldValue, Instant } from "@inchworm/spec";
import type { Holdout, Store } from "@inchworm/store";

/** The name that arms have among scores. */
export const holdoutScorer = "holdout";

/** One field for each holdout, so that workflows can leave out who is held out. */
export function holdoutFields(holdouts: readonly Holdout[]): Field[] {
  return holdouts.map(({ name, arms }) => ({
    name: fieldOf(name),
    label: name === "universal" ? "Holdout" : `Holdout: ${name}`,
    description: `Leave out whoever is "${arms[0].name}": they show what ${name === "universal" ? "all campaigns bring" : "this campaign brings"}.`,
    type: "category",
    options: arms.map((arm) => arm.name),
  }));
}

/** "holdout" for the universal one, "holdout_spring_sale" for that of "Spring Sale". */
export function fieldOf(name: string): string {
  if (name === "universal") return "holdout";
  const words = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  const short = words.slice(0, 40);
  // two names must not share a field
  const plain = short === name.toLowerCase();
  const mark = createHash("sha256").update(name).digest("hex").slice(0, 6);
  return `holdout_${plain ? short : [short, mark].filter((part) => part !== "").join("_")}`;
}

/** Keeps everybody's arms as values to be written. Unchanged ones make no plan stale. */
export async function publishArms(store: Store, asOf: Instant): Promise<void> {
  const holdouts = await store.holdouts();
  const people = new Map<number, Record<string, string>>();
  for (const { name } of holdouts) {
    const { contacts, arms, armNames } = await store.holdoutArms(name);
    const field = fieldOf(name);
    for (const [row, contact] of contacts.entries()) {
      const values = people.get(contact) ?? {};
      values[field] = armNames[arms[row]];
      people.set(contact, values);
    }
  }
  const contacts = Int32Array.from(people.keys()).sort();
  const fields: Record<string, FieldValue[]> = {};
  for (const { name } of holdouts)
    fields[fieldOf(name)] = Array.from(contacts, (one) => people.get(one)?.[fieldOf(name)] ?? null);
  const digest = createHash("sha256").update(JSON.stringify(fields));
  const modelId = `${holdoutScorer}-${digest.update(contacts).digest("hex").slice(0, 16)}`;
  const standing = (await store.scoreSummary()).find(({ scorer }) => scorer === holdoutScorer);
  if (standing?.modelId === modelId) return;
  await store.saveScores({
    scorer: holdoutScorer,
    modelId,
    asOf,
    contacts,
    fields,
    reasons: Array.from(contacts, () => []),
    abstained: Array.from(contacts, () => undefined),
  });
}
