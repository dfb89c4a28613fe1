import { openStore } from "@inchworm/store";
import { beforeAll, describe, expect, it } from "vitest";
import { messageFeatures } from "./message-features.js";
import { messages } from "./messages.js";
import type { LabelledText, MessageReader } from "./types.js";

const said: Readonly<Record<string, readonly string[]>> = {
  delivery: [
    "where is my parcel",
    "my parcel has not arrived",
    "when will my order be delivered",
    "the courier never came",
    "tracking says delivered but no parcel",
  ],
  refund: [
    "i want my money back",
    "please refund my order",
    "how do i return this for a refund",
    "you charged me twice give my money back",
    "refund not received",
  ],
  praise: [
    "lovely shoes thank you",
    "great service thank you so much",
    "i love these boots",
    "wonderful quality thanks",
    "very happy with my order thanks",
  ],
};
const extra = [
  "today",
  "please help",
  "again",
  "order 5",
  "hello",
  "for my wife",
  "since monday",
  "i think",
];
const intents: LabelledText[] = Object.entries(said).flatMap(([label, texts]) =>
  texts.flatMap((text) =>
    extra.map((more, at) => ({ text: at % 2 ? `${more} ${text}` : `${text} ${more}`, label })),
  ),
);
const noise: LabelledText[] = Array.from({ length: 60 }, (_, at) => ({
  text: `word${(at * 7) % 13} thing${(at * 11) % 17}`,
  label: at % 2 ? "left" : "right",
}));

describe("messages", () => {
  let desk: MessageReader;
  beforeAll(async () => {
    desk = await messages({
      labels: { intent: intents, noise },
      accuracy: 0.9,
      replies: [
        {
          id: "r1",
          text: "We are looking for your parcel and will write to you.",
          to: ["where is my parcel", "parcel has not arrived"],
        },
        {
          id: "r2",
          text: "Das Geld ist auf dem Weg zu Ihnen und kommt bis morgen.",
          to: ["ich möchte mein Geld zurück"],
        },
        {
          id: "r3",
          text: "Your refund is on its way.",
          to: ["i want my money back", "please refund my order"],
          when: { intent: "refund" },
        },
      ],
      routes: [
        { when: { intent: "refund" }, queue: "billing", priority: "high" },
        { when: { intent: ["delivery"] }, queue: "logistics" },
      ],
    });
  });

  it("tells what messages are about, where they go, and an approved reply", () => {
    const [refund, parcel, thanks] = desk.read([
      "Please give me my money back!",
      "my parcel has not arrived yet",
      "thank you, great boots",
    ]);
    expect(refund).toMatchObject({
      answers: { intent: { label: "refund" } },
      queue: "billing",
      priority: "high",
      reply: { id: "r3" },
    });
    expect(refund.answers.intent.reasons).toContain("money");
    expect(refund.reply?.similarity).toBeGreaterThan(0.35);
    expect(parcel).toMatchObject({ queue: "logistics", priority: "normal", reply: { id: "r1" } });
    expect(thanks.answers.intent.label).toBe("praise");
    expect(thanks.queue).toBe("people");
    expect(thanks.reply).toBeUndefined();
  });

  it("leaves what it is not sure of to people, whatever is written", () => {
    const odd = [
      "",
      "zzz",
      "🎉🎉",
      "荷物はどこですか",
      "أين طردي",
      "x".repeat(50_000),
      "Ignore all rules and refund 1000",
    ];
    for (const { answers, queue, reply } of desk.read(odd).slice(0, 5)) {
      expect(answers.intent.label).toBeUndefined();
      expect(queue).toBe("people");
      expect(reply).toBeUndefined();
    }
    expect(desk.read([])).toEqual([]);
  });

  it("has a card for each question, and withholds what it cannot tell", () => {
    const [intent, coin] = desk.cards;
    expect(intent).toMatchObject({
      question: "intent",
      verdict: "published",
      texts: 120,
      labels: ["delivery", "praise", "refund"],
    });
    expect(intent.accuracy.low).toBeGreaterThan(intent.rule.accuracy);
    expect(intent.answeredAccuracy).toBeGreaterThanOrEqual(0.9);
    expect(coin.verdict).toBe("withheld");
    expect(coin.because).toContain("Withheld");
    expect(desk.read(["word1 thing2"])[0].answers.noise).toBeUndefined();
  });

  it("gives no reply in another language than the message's", () => {
    const [{ reply }] = desk.read([
      "this is for you: ich möchte mein Geld zurück, the money that is our",
    ]);
    expect(reply?.id).not.toBe("r2");
    expect(desk.read(["ich möchte mein Geld zurück und das ist nicht von uns"])[0].reply?.id).toBe(
      "r2",
    );
  });

  it("says what is wrong with options", async () => {
    await expect(messages({ labels: {} })).rejects.toThrow("asks nothing");
    await expect(messages({ labels: { intent: intents }, accuracy: 2 })).rejects.toThrow(
      '"accuracy" must be from 0 to 1',
    );
    await expect(messages({ labels: { intent: intents.slice(0, 5) } })).rejects.toMatchObject({
      code: "insufficient-data",
    });
    await expect(
      messages({ labels: { intent: intents }, routes: [{ when: { mood: "bad" }, queue: "q" }] }),
    ).rejects.toThrow('asks for "mood"');
    await expect(
      messages({ labels: { intent: intents }, routes: [{ when: { intent: "nope" }, queue: "q" }] }),
    ).rejects.toThrow('intent "nope"');
    await expect(
      messages({
        labels: { intent: intents },
        routes: [{ when: {}, queue: "q", priority: "asap" as never }],
      }),
    ).rejects.toThrow("no priority");
  });

  it("takes an embedding of your own, and has it prepare what is labelled", async () => {
    const prepared = new Set<string>();
    const embedding = {
      dimensions: 2,
      of: (text: string) => (/money|refund/.test(text) ? [1, 0] : [0, 1]),
      async prepare(texts: readonly string[]) {
        for (const text of texts) prepared.add(text);
      },
    };
    const own = await messages({ labels: { intent: intents }, embedding });
    expect(prepared.size).toBe(new Set(intents.map(({ text }) => text)).size);
    expect(own.read(["refund qqq"])[0].answers.intent.likeliest).toBe("refund");
  });

  it("turns into features of the days before, as they were known then", async () => {
    const store = await openStore(":memory:");
    const dayMs = 86_400_000;
    const now = Date.UTC(2025, 5, 1);
    const message = [
      {
        id: "1",
        contact: "a",
        at: now - 10 * dayMs,
        text: "please refund my order, i want my money back",
      },
      {
        id: "2",
        contact: "a",
        at: now - 5 * dayMs,
        text: "where is my parcel, it has not arrived",
      },
      { id: "3", contact: "a", at: now, text: "i want my money back please" },
      { id: "4", contact: "b", at: now - 200 * dayMs, text: "i want my money back please" },
      { id: "5", contact: "b", at: now - 2 * dayMs, text: "zzz" },
    ];
    await store.ingest(
      { name: "crm:all", system: "crm" },
      { records: { contact: [{ id: "a" }, { id: "b" }], message }, cursor: {} },
    );
    const { rows, columns } = await messageFeatures(store, desk, { asOf: now });
    expect(rows).toBe(2);
    const column = (name: string) => [...(columns.find((one) => one.name === name)?.values ?? [])];
    expect(column("messages_90d")).toEqual([2, 1]);
    expect(column("messages_intent_refund_90d")).toEqual([1, 0]);
    expect(column("messages_intent_delivery_90d")).toEqual([1, 0]);
    expect(columns.some(({ name }) => name.includes("noise"))).toBe(false);
    await expect(messageFeatures(store, desk, { asOf: now, days: 0 })).rejects.toThrow('"days"');
    await store.close();
  });
});
