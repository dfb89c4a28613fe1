import { type ArtifactReader, badArtifact, openArtifact } from "../artifact.js";
import type { Artifact } from "../types.js";
import type { AnswerCurve, VariantBatch, VariantTest } from "./types.js";
import { checkBatch, made, type Settings, variantTest, version, who } from "./variant-test.js";

/**
 * A saved test, to go on with.
 *
 * @throws LearnError "artifact" when it is foreign, truncated, of another version, or hostile
 */
export function loadVariantTest(artifact: Artifact): VariantTest {
  const data = openArtifact(artifact, who, version);
  const settings = settingsOf(data.object("settings"));
  try {
    variantTest(settings);
    const batches = data.objects("batches").map((one) => batchOf(one, settings.variants));
    for (const batch of batches) checkBatch(batch, settings.variants);
    return made(settings, batches);
  } catch (error) {
    throw badArtifact(who, error instanceof Error ? error.message : "it cannot be read");
  }
}

function settingsOf(data: ArtifactReader): Settings {
  const prior = data.object("prior");
  return {
    variants: data.texts("variants"),
    mode: data.choice("mode", ["thompson", "fixed"]),
    confidence: data.number("confidence"),
    loss: data.number("loss"),
    least: data.number("least"),
    floor: data.number("floor"),
    seed: data.number("seed"),
    prior: { clicked: prior.number("clicked"), not: prior.number("not") },
    ...(data.has("curve") && { curve: curveOf(data.object("curve")) }),
  };
}

const curveOf = (data: ArtifactReader): AnswerCurve => ({
  hours: Array.from(data.numbers("hours")),
  shares: Array.from(data.numbers("shares")),
});

function batchOf(data: ArtifactReader, variants: readonly string[]): VariantBatch {
  const counts = data.object("counts");
  const own = variants.filter((name) => counts.has(name));
  return {
    name: data.text("name"),
    ...(data.has("hours") && { hours: data.number("hours", { min: 0 }) }),
    counts: Object.fromEntries(
      own.map((name) => {
        const one = counts.object(name);
        return [name, { shown: one.number("shown"), clicked: one.number("clicked") }];
      }),
    ),
  };
}
