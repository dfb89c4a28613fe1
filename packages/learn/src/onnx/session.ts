import { LearnError } from "../error.js";
import type { Runtime, RuntimeSession } from "./runtime.js";

/**
 * A session for one model.
 *
 * @throws LearnError "artifact" when the bytes are no model that the runtime can run
 */
export async function openSession(
  runtime: Runtime,
  bytes: Uint8Array,
  threads: number,
): Promise<RuntimeSession> {
  const settings = { intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 3 };
  try {
    return await runtime.InferenceSession.create(bytes, settings);
  } catch (cause) {
    throw new LearnError("artifact", "Not an ONNX model that onnxruntime can run.", {
      hint: String((cause as Error).message).split("\n")[0],
      cause,
    });
  }
}
