import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { redact } from "@inchworm/kit";
import { InchwormError } from "@inchworm/spec";
import pino, { type Logger } from "pino";

/** One JSON object a line; nothing in it holds a secret or an address. */
export interface Log {
  readonly logger: Logger;
  close(): void;
}

/**
 * Appends to a file, or to stderr for "-".
 *
 * @throws InchwormError "input" when the file cannot be written
 */
export function openLog(file: string): Log {
  try {
    if (file !== "-") mkdirSync(dirname(file), { recursive: true });
    const destination = pino.destination({
      dest: file === "-" ? 2 : file,
      append: true,
      sync: true,
    });
    const logger = pino(
      {
        base: null,
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (level) => ({ level }) },
        hooks: {
          logMethod(args, method) {
            method.apply(this, args.map(safe) as Parameters<typeof method>);
          },
        },
      },
      destination,
    );
    return { logger, close: () => destination.end() };
  } catch (cause) {
    throw new InchwormError("input", `The log ${file} cannot be written.`, {
      hint: "Name a file in a folder that can be written to, or - for stderr.",
      cause,
    });
  }
}

/** Takes secrets and addresses out of every text, however deep. */
function safe(value: unknown): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map(safe);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, safe(inner)]));
}
