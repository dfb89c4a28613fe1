import { describe, expect, it } from "vitest";
import { LearnError } from "../error.js";
import { random } from "../random.js";
import { leastConfidence } from "./abstention.js";
import { bucketOf, textHasher } from "./hasher.js";
import { languageOf } from "./language.js";
import { lintLine } from "./lint.js";
import { macroF1 } from "./macro-f1.js";
import { textClassifier } from "./text-classifier.js";
import { tokens } from "./tokens.js";

describe("tokens", () => {
  it.each([
    ["Don't stop, it’s 50% off!", ["don't", "stop", "it's", "50", "%", "off", "!"]],
    ["Größte RABATTE für Österreich-Kunden", ["größte", "rabatte", "für", "österreich", "kunden"]],
    ["تخفيضات اليوم فقط", ["تخفيضات", "اليوم", "فقط"]],
    ["🎉🔥 👨‍👩‍👧", ["🎉", "🔥", "👨‍👩‍👧"]],
    ["→ $5 €3", ["→", "$", "5", "€", "3"]],
    ["'quoted' words'", ["quoted", "words"]],
    ["", []],
    [" \u0000\t", []],
    ["\ud800 lone", ["lone"]],
  ])("of %j", (text, expected) => {
    expect(tokens(text)).toEqual(expected);
  });

  it("parts Japanese, which has no spaces, and reads composed and decomposed letters alike", () => {
    expect(tokens("今日は特別セールです").length).toBeGreaterThan(2);
    expect(tokens("cafe\u0301")).toEqual(tokens("café"));
  });
});

describe("textHasher", () => {
  it("counts each n-gram once per occurrence, whatever was counted before", () => {
    const hasher = textHasher({ characters: false });
    const counted = (text: string) => {
      const { n, buckets, counts } = hasher.count(text);
      return new Map(Array.from({ length: n }, (_, at) => [buckets[at], counts[at]]));
    };
    counted("something else before");
    expect(counted("red shoes red shoes")).toEqual(
      new Map([
        [bucketOf(["red"]), 2],
        [bucketOf(["red", "shoes"]), 2],
        [bucketOf(["shoes"]), 2],
        [bucketOf(["shoes", "red"]), 1],
      ]),
    );
    expect(counted("").size).toBe(0);
  });

  it("takes texts longer than its buffers", () => {
    const many = Array.from({ length: 3000 }, (_, at) => `word${at}`).join(" ");
    expect(textHasher().count(many).n).toBeGreaterThan(6000);
    expect(textHasher().count("x".repeat(10_000)).n).toBeGreaterThan(3);
  });
});

const topics = {
  delivery: ["parcel", "delivery", "courier", "late", "tracking"],
  refund: ["refund", "money", "back", "return", "charge"],
  praise: ["great", "love", "thanks", "perfect", "happy"],
};
/** Texts of three topics; `share` of them are of a topic by their label only. */
function inbox(size: number, share: number, seed: number) {
  const draws = random(seed);
  const names = Object.keys(topics) as (keyof typeof topics)[];
  const filler = ["the", "my", "and", "please", "it", "was", "order", "today"];
  const texts: string[] = [];
  const labels: string[] = [];
  for (let at = 0; at < size; at++) {
    const label = names[draws.below(3)];
    const told = draws.uniform() < share ? filler : topics[label];
    const words = Array.from({ length: 6 }, (_, place) =>
      place < 2 ? told[draws.below(told.length)] : filler[draws.below(filler.length)],
    );
    texts.push(`${words.join(" ")} ${at}`);
    labels.push(label);
  }
  return { texts, labels };
}

describe("textClassifier", () => {
  it("tells topics, and leaves to people what it was not asked to be wrong about", async () => {
    const { texts, labels } = inbox(900, 0.3, 1);
    const model = await textClassifier().fit(texts, labels);
    const fresh = inbox(2000, 0.3, 2);
    const right = (places: Int32Array) =>
      fresh.labels.filter((label, at) => model.labels[places[at]] === label).length;
    const free = model.predict(fresh.texts);
    expect(right(free.labels) / 2000).toBeGreaterThan(0.76); // 0.7 told + 0.1 guessed
    const sure = model.predict(fresh.texts, { accuracy: 0.95 });
    const answered = sure.labels.filter((label) => label >= 0).length;
    expect(answered).toBeGreaterThan(1000);
    const slip = 1.645 * Math.sqrt((0.95 * 0.05) / answered); // of a sample of so many
    expect(right(sure.labels) / answered).toBeGreaterThan(0.95 - slip);
    expect(model.proven({ accuracy: 0.95 }).abstained).toBeCloseTo(1 - answered / 2000, 1);
    expect(model.reasons("please a refund", "refund")[0].word).toBe("refund");
  });

  it("abstains from a text without a known word, and from all when asked for the impossible", async () => {
    const { texts, labels } = inbox(200, 0.2, 3);
    const model = await textClassifier().fit(texts, labels);
    const { labels: answers, likeliest, confidences } = model.predict(["日本語", "", "κάτι"]);
    expect([...answers, ...likeliest]).toEqual([-1, -1, -1, -1, -1, -1]);
    expect([...confidences]).toEqual([0, 0, 0]);
    expect(model.predict(texts, { accuracy: 1 }).labels.every((one) => one === -1)).toBe(true);
  });

  it("comes back from its artifact the same, and refuses what is none", async () => {
    const { texts, labels } = inbox(60, 0.2, 4);
    const model = await textClassifier().fit(texts, labels);
    const saved = JSON.parse(JSON.stringify(model.save()));
    expect(textClassifier().load(saved).predict(texts)).toEqual(model.predict(texts));
    const hostile: ((data: Record<string, unknown>) => void)[] = [
      (data) => Object.assign(data, { columns: 2 ** 30 }),
      (data) => Object.assign(data, { margins: "AAAA" }),
      (data) => Object.assign(data, { labels: ["one"] }),
      (data) => Object.assign(data, { buckets: 7 }),
    ];
    for (const spoil of hostile) {
      const copy = structuredClone(saved);
      spoil(copy.data);
      expect(() => textClassifier().load(copy)).toThrow(/Not a usable text-classifier artifact/);
    }
  });

  it("gives the same model for the same seed, and refuses what teaches nothing", async () => {
    const { texts, labels } = inbox(60, 0.2, 5);
    const [one, other] = await Promise.all(
      [1, 1].map((seed) => textClassifier({ seed }).fit(texts, labels)),
    );
    expect(other.save()).toEqual(one.save());
    const same = texts.map(() => "only");
    await expect(textClassifier().fit(texts, same)).rejects.toThrow('only "only"');
    await expect(textClassifier().fit(texts, ["a"])).rejects.toSatisfy((error) =>
      LearnError.is(error, "input"),
    );
  });
});

describe("leastConfidence", () => {
  it("keeps its promise on new texts in nearly all of many runs", () => {
    let broken = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const draws = random(seed);
      const sample = (size: number) => {
        const confidences = Float64Array.from({ length: size }, () => draws.uniform());
        // true chance to be right rises from .5 to 1 with confidence
        const right = Uint8Array.from(confidences, (c) =>
          draws.uniform() < 0.5 + 0.5 * c ? 1 : 0,
        );
        return { confidences, right };
      };
      const known = sample(800);
      const least = leastConfidence(known.confidences, known.right, 0.9);
      // of those above `least`, (1 + .5 + .5 least) / 2 … are right on average
      if (least < Infinity && (0.5 + 0.5 * least + 1) / 2 < 0.9) broken++;
    }
    expect(broken).toBeLessThanOrEqual(20);
  });

  it("answers nothing where nothing is good enough, and all where all is", () => {
    const confidences = Float64Array.from({ length: 400 }, (_, at) => at / 400);
    expect(leastConfidence(confidences, new Uint8Array(400), 0.8)).toBe(Infinity);
    expect(leastConfidence(confidences, new Uint8Array(400).fill(1), 0.9)).toBe(0);
    expect(leastConfidence(new Float64Array(0), new Uint8Array(0), 0.9)).toBe(Infinity);
  });
});

it("macroF1 weighs every label that occurs alike", () => {
  // label 0: precision 2/3, recall 1; label 1: precision 1, recall 1/2; label 2 never occurs
  const found = macroF1(Int32Array.of(0, 0, 0, 1), Int32Array.of(0, 0, 1, 1), 3);
  expect(found).toBeCloseTo((4 / 5 + 2 / 3) / 2, 12);
});

describe("languageOf", () => {
  it.each([
    ["What you need to know about your order", "en"],
    ["Jetzt sparen: die besten Angebote für Sie und Ihre Familie", "de"],
    ["Découvrez les offres et votre cadeau dans la boutique", "fr"],
    ["今日は特別セールです", "ja"],
    ["Sale", "unknown"],
    ["🎉🎉", "unknown"],
    ["تخفيضات اليوم فقط", "unknown"],
  ])("%j is %s", (text, language) => {
    expect(languageOf(text)).toBe(language);
  });
});

describe("lintLine", () => {
  const rules = (line: string) => lintLine(line).map(({ rule }) => rule);
  it.each([
    ["Your spring order is on its way", []],
    ["", ["empty"]],
    ["BUY OUR SHOES TODAY", ["shouting"]],
    ["Really?!", ["marks"]],
    ["Re: your order", ["false-reply"]],
    ["Hello {{first_name, here you are", ["broken-token"]],
    ["Hello *|FNAME|*, here you are", []],
    ["You have won a cash bonus", ["spam-word", "spam-word"]],
    ["今日は特別セールです今日は特別セールです今日は特別", ["cut-off"]],
    ["Ihre Bestellung ist unterwegs und kommt morgen an", ["cut-off"]],
    ["🎉🎉🎉🎉", ["emoji"]],
    ["price \ufffd list", ["odd-character"]],
  ])("of %j", (line, expected) => {
    expect(rules(line)).toEqual(expected);
  });

  it("gives no English advice on other languages", () => {
    expect(rules("Der Casino Abend für Sie und Ihre Gäste")).not.toContain("spam-word");
  });
});
