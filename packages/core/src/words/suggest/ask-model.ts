import { InchwormError } from "@inchworm/spec";
import { parseLines } from "./parse-lines.js";
import type { Prompt } from "./prompt.js";

/** What this package uses of the AI SDK. */
interface AiSdk {
  generateText(options: {
    readonly model: unknown;
    readonly system: string;
    readonly prompt: string;
    readonly maxOutputTokens: number;
    readonly maxRetries: number;
    readonly abortSignal: AbortSignal;
  }): Promise<{
    readonly text: string;
    readonly finishReason?: string;
    readonly usage?: {
      readonly inputTokens?: number | undefined;
      readonly outputTokens?: number | undefined;
    };
  }>;
}

export interface AskOptions {
  readonly model: unknown;
  readonly maxOutputTokens: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Lines that a model wrote, or why there are none. */
export interface Asked {
  readonly lines: readonly string[];
  readonly note?: string;
  readonly usage?: { readonly inputTokens?: number; readonly outputTokens?: number };
}

/** More characters than this per allowed token are not looked at. */
const charactersPerToken = 8;

/**
 * Asks once, without tools and without retries. Whatever the model does wrong is told in the note, never thrown.
 *
 * @throws InchwormError "config" without the package `ai`; "aborted" when `signal` fires
 */
export async function askModel({ system, prompt }: Prompt, options: AskOptions): Promise<Asked> {
  const { model, maxOutputTokens, timeoutMs, signal } = options;
  if ((typeof model !== "object" || model === null) && (typeof model !== "string" || model === ""))
    throw new InchwormError(
      "input",
      'suggestSubjects: "model" is no language model of the AI SDK.',
      {
        hint: 'Pass what a provider of the AI SDK gives, such as openai("gpt-5").',
      },
    );
  const { generateText } = await loadSdk();
  const late = AbortSignal.timeout(timeoutMs);
  const stop = signal ? AbortSignal.any([signal, late]) : late;
  const stopped = new Promise<"stopped">((resolve) => {
    if (stop.aborted) resolve("stopped");
    else stop.addEventListener("abort", () => resolve("stopped"), { once: true });
  });
  try {
    const call = generateText({
      model,
      system,
      prompt,
      maxOutputTokens,
      maxRetries: 0,
      abortSignal: stop,
    });
    call.catch(() => undefined); // one that is not waited for any more may fail unheard
    const answer = await Promise.race([call, stopped]); // a model may not listen to its signal
    if (answer === "stopped") return stopNote(signal, timeoutMs);
    const usage = {
      ...(answer.usage?.inputTokens !== undefined && { inputTokens: answer.usage.inputTokens }),
      ...(answer.usage?.outputTokens !== undefined && { outputTokens: answer.usage.outputTokens }),
    };
    if (
      (usage.outputTokens ?? 0) > maxOutputTokens ||
      answer.text.length > charactersPerToken * maxOutputTokens
    )
      return {
        lines: [],
        usage,
        note: `The language model wrote more than the ${maxOutputTokens} tokens it may: its answer is not used.`,
      };
    const lines = parseLines(answer.text);
    return {
      lines,
      usage,
      ...(lines.length === 0 && { note: "The language model wrote no line that can be read." }),
      ...(lines.length > 0 &&
        answer.finishReason === "length" && {
          note: "The language model ran out of tokens: what it had begun is left out.",
        }),
    };
  } catch (error) {
    if (stop.aborted) return stopNote(signal, timeoutMs);
    // what a provider says may quote its key
    return {
      lines: [],
      note: `The language model failed (${kindOf(error)}): nothing of it is used.`,
    };
  }
}

function stopNote(signal: AbortSignal | undefined, timeoutMs: number): Asked {
  if (signal?.aborted) throw new InchwormError("aborted", "The work was stopped.");
  return {
    lines: [],
    note: `The language model did not answer within ${timeoutMs} ms: nothing of it is used.`,
  };
}

const kindOf = (error: unknown): string => {
  const name = error instanceof Error ? error.name : "unknown";
  return /^[A-Za-z_]{1,60}$/.test(name) ? name : "unknown";
};

async function loadSdk(): Promise<AiSdk> {
  try {
    const name = "ai";
    return (await import(name)) as AiSdk;
  } catch (cause) {
    throw new InchwormError("config", "suggestSubjects: the package ai cannot be loaded.", {
      hint: 'Install the AI SDK and a provider beside this package: npm install ai, or leave out "model".',
      cause,
    });
  }
}
