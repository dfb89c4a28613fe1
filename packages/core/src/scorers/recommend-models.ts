import {
  type Artifact,
  blend,
  ease,
  type Interactions,
  ials,
  itemKnn,
  popularity,
  type RecommenderModel,
  rp3beta,
  sequence,
  spectral,
} from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";

const fault = () =>
  new InchwormError("artifact", "recommend: what the store holds is not its model.", {
    hint: "Train again.",
  });

/** A saved model of any kind, with the histories of these interactions. @throws InchwormError "artifact" */
export function loadRecommender(artifact: Artifact, interactions: Interactions): RecommenderModel {
  const seed = 1;
  const models = [
    popularity(),
    itemKnn(),
    rp3beta(),
    ease(),
    spectral({ seed }),
    ials({ seed }),
    sequence(),
  ];
  const kinds = [...models, blend({ seed, models })];
  const estimator = kinds.find(({ kind }) => kind === artifact.kind);
  if (!estimator) throw fault();
  return estimator.load(artifact, interactions);
}

/** What is stored of a trained scorer. */
export interface RecommendArtifact {
  /** Items by the numbers that the model knows them by. */
  readonly ids: readonly string[];
  /** Of them those that buyers come back for. */
  readonly repeat: readonly number[];
  /** Countries with favourites of their own. */
  readonly segments: readonly string[];
  readonly model: Artifact;
  /** Of offers; see `offerRates`. */
  readonly rates?: { readonly personal: readonly number[]; readonly popular: readonly number[] };
  /** Of offers: when people order anyway; absent where too few have ordered. */
  readonly orders?: Artifact;
}

/** @throws InchwormError "artifact" */
export function readArtifact(stored: unknown): RecommendArtifact {
  const artifact = (stored ?? {}) as RecommendArtifact;
  const isFit =
    Array.isArray(artifact.ids) &&
    Array.isArray(artifact.repeat) &&
    Array.isArray(artifact.segments) &&
    typeof artifact.model === "object";
  if (!isFit) throw fault();
  return artifact;
}

/** 1 = an item that buyers come back for. */
export function repeatOf({ ids, repeat }: RecommendArtifact): Uint8Array {
  const isRepeat = new Uint8Array(ids.length);
  for (const item of repeat) isRepeat[item] = 1;
  return isRepeat;
}
