import { expect, it } from "vitest";
import { account, asOf, source } from "./words/account.fixture.js";
import { openWorkspace } from "./workspace.js";

it("a workspace scores and suggests lines, and reads messages", async () => {
  const steps: string[] = [];
  const shop = await openWorkspace(":memory:", {
    now: () => asOf,
    onProgress: ({ step }) => steps.push(step),
  });
  const early = await shop.suggestSubjects("Winter boots are back and ready for you", { n: 2 });
  expect(early.candidates).toHaveLength(2);
  expect(early.candidates[0].score).toBeUndefined();
  await shop.store.ingest(source, {
    records: {
      ...account({ campaigns: 4, people: 30, seed: 2 }),
      message: [
        { id: "m1", contact: "1", at: asOf - 1000, text: "give me my money back" },
        { id: "m2", contact: "2", at: asOf - 9 * 86_400_000, text: "where is it" },
      ],
    },
    cursor: {},
  });
  const lines = await shop.subjectLine();
  expect(lines.verdict).toBe("prior");
  expect(steps).toContain("subject-line");
  const { candidates, notes } = await shop.suggestSubjects(
    "Winter boots are back and ready for you",
  );
  expect(candidates[0].score?.text).toBe(candidates[0].text);
  expect(notes.join(" ")).toContain("The order says little");
  await expect(shop.copy({ part: "body" })).rejects.toMatchObject({ code: "insufficient-data" });
  const label = (at: number) => ({
    text: at % 2 ? `money back ${at}` : `where is parcel ${at}`,
    label: at % 2 ? "refund" : "delivery",
  });
  const desk = await shop.messages({
    labels: { intent: Array.from({ length: 40 }, (_, at) => label(at)) },
  });
  const inbox = await desk.inbox();
  expect(inbox.map(({ id }) => id)).toEqual(["m1"]);
  expect(inbox[0].answers.intent.label).toBe("refund");
  expect((await desk.features()).rows).toBe(2);
  await expect(desk.inbox({ days: 0 })).rejects.toThrow('"days"');
  await shop.close();
});
