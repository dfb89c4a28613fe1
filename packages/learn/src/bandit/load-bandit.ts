import { openArtifact } from "../artifact.js";
import type { Artifact } from "../types.js";
import { kind, readBandit, version } from "./artifact.js";
import { banditOf } from "./bandit.js";
import type { Bandit } from "./types.js";

/**
 * Goes on where a saved bandit was, pending choices included.
 *
 * @throws LearnError "artifact" when it is foreign, truncated, of another kind or version, or hostile
 */
export function loadBandit(artifact: Artifact): Bandit {
  return banditOf(readBandit(openArtifact(artifact, kind, version)));
}
