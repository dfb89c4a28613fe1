import { languageOf, similarTexts, type TextModel, textClassifier } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import { cardOf } from "./message-card.js";
import {
  type ApprovedReply,
  type MessageAnswer,
  type MessageCard,
  type MessageReader,
  type MessagesOptions,
  priorities,
  type ReadMessage,
  type Route,
} from "./types.js";

const defaults = { accuracy: 0.9, similarity: 0.35, otherwise: "people" } as const;
const who = "messages";
/** Fewer labelled texts teach nothing that can be judged. */
const leastTexts = 10;
const mostReasons = 3;

/**
 * Intent, sentiment, topic or whatever else the account has labelled of what customers write; where a message goes and how soon; and an
 * approved reply to messages like it, for somebody to send. What it is not sure enough of is left to people, and a question that is not
 * answered better than by the most frequent label is withheld.
 *
 * @throws InchwormError "input" for options that cannot be; "insufficient-data" with fewer than ten labelled texts or two labels
 * @example
 * const desk = await messages({ labels: { intent: [{ text: "Where is my parcel?", label: "delivery" }, …] } });
 * const [{ answers, queue, reply }] = desk.read(["My order has not come yet"]);
 */
export async function messages(
  options: MessagesOptions,
  context: { readonly seed?: number; readonly signal?: AbortSignal } = {},
): Promise<MessageReader> {
  const { accuracy, similarity, otherwise } = { ...defaults, ...options };
  const { seed = 1, signal } = context;
  check(options, accuracy, similarity);
  const models = new Map<string, TextModel>();
  const cards: MessageCard[] = [];
  for (const [question, labelled] of Object.entries(options.labels)) {
    const kept = labelled.filter(({ text, label }) => text.trim() !== "" && label !== "");
    requireEnough(question, kept);
    await options.embedding?.prepare?.(
      kept.map(({ text }) => text),
      { ...(signal && { signal }) },
    );
    const settings = { seed, ...(options.embedding && { embedding: options.embedding }) };
    const model = await textClassifier(settings).fit(
      kept.map(({ text }) => text),
      kept.map(({ label }) => label),
      { ...(signal && { signal }) },
    );
    const card = cardOf(question, model, kept, { accuracy, seed });
    cards.push(card);
    if (card.verdict === "published") models.set(question, model);
  }
  const replyTo = replies(options.replies ?? [], similarity);
  return {
    cards,
    read(texts) {
      const answered = [...models].map(
        ([question, model]) => [question, answersOf(model, texts, accuracy)] as const,
      );
      return texts.map((text, at): ReadMessage => {
        const answers = Object.fromEntries(
          answered.map(([question, list]) => [question, list[at]]),
        );
        const route = options.routes?.find(({ when }) => fits(when, answers));
        const language = languageOf(text);
        const reply = replyTo(text, language, answers);
        return {
          answers,
          priority: route?.priority ?? "normal",
          queue: route?.queue ?? otherwise,
          language,
          ...(reply && { reply }),
        };
      });
    },
  };
}

function answersOf(model: TextModel, texts: readonly string[], accuracy: number): MessageAnswer[] {
  const { labels, likeliest, confidences } = model.predict(texts, { accuracy });
  return texts.map((text, at) => {
    const name = model.labels[likeliest[at]];
    return {
      ...(labels[at] >= 0 && { label: model.labels[labels[at]] }),
      ...(name !== undefined && { likeliest: name }),
      confidence: confidences[at],
      reasons:
        name === undefined
          ? []
          : model
              .reasons(text, name)
              .slice(0, mostReasons)
              .map(({ word }) => word),
    };
  });
}

/** Only what was answered counts: a message that is left to people is routed by what is known of it. */
const fits = (when: Route["when"], answers: Readonly<Record<string, MessageAnswer>>): boolean =>
  Object.entries(when).every(([question, wanted]) => {
    const label = answers[question]?.label;
    return label !== undefined && [wanted].flat().includes(label);
  });

/** The approved reply to the message most alike, in the message's language where both tell. */
function replies(approved: readonly ApprovedReply[], least: number) {
  const known = approved.flatMap((reply) => reply.to.map((text) => ({ text, reply })));
  const index = similarTexts(known.map(({ text }) => text));
  return (text: string, language: string, answers: Readonly<Record<string, MessageAnswer>>) => {
    for (const { text: place, similarity } of index.nearest(text, { k: 20 })) {
      if (similarity < least) return undefined;
      const { reply } = known[place];
      const spoken = languageOf(reply.text);
      if (language !== "unknown" && spoken !== "unknown" && spoken !== language) continue;
      if (!fits(reply.when ?? {}, answers)) continue;
      return { id: reply.id, text: reply.text, similarity };
    }
    return undefined;
  };
}

function check(options: MessagesOptions, accuracy: number, similarity: number): void {
  const { labels, routes = [], replies = [] } = options;
  const questions = Object.keys(labels);
  if (questions.length === 0)
    throw new InchwormError("input", `${who}: "labels" asks nothing.`, {
      hint: 'Give labelled texts by question: { labels: { intent: [{ text: "Where is my parcel?", label: "delivery" }, …] } }.',
    });
  for (const [name, share] of Object.entries({ accuracy, similarity }))
    if (!(share >= 0 && share <= 1))
      throw new InchwormError("input", `${who}: "${name}" must be from 0 to 1, got ${share}.`);
  const asked = new Map(
    Object.entries(labels).map(([question, list]) => [
      question,
      new Set(list.map(({ label }) => label)),
    ]),
  );
  for (const when of [...routes, ...replies].map((one) => one.when ?? {}))
    for (const [question, wanted] of Object.entries(when)) {
      const known = asked.get(question);
      const unknown = known && [wanted].flat().find((label) => !known.has(label));
      if (known === undefined || unknown !== undefined)
        throw new InchwormError(
          "input",
          known === undefined
            ? `${who}: a route or reply asks for "${question}", of which there are no labels.`
            : `${who}: a route or reply asks for ${question} "${unknown}", which is no label of it.`,
          {
            hint: `There are ${questions.map((name) => `"${name}"`).join(", ")}.`,
          },
        );
    }
  for (const { priority = "normal" } of routes)
    if (!priorities.includes(priority))
      throw new InchwormError("input", `${who}: "${priority}" is no priority.`, {
        hint: `Priorities are ${priorities.join(", ")}.`,
      });
}

function requireEnough(question: string, labelled: MessagesOptions["labels"][string]): void {
  const labels = new Set(labelled.map(({ label }) => label)).size;
  if (labelled.length >= leastTexts && labels >= 2) return;
  throw new InchwormError(
    "insufficient-data",
    `${who}: "${question}" needs ${leastTexts} labelled texts of two labels at least, there are ${labelled.length} of ${labels}.`,
    { hint: "Label some of your own messages first: a text, and what it is." },
  );
}
