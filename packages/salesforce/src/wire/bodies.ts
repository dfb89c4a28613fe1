import { readJson } from "@inchworm/kit";
import { InchwormError } from "@inchworm/spec";
import type { Answer } from "./connection.js";

/** The object in an answer's body. @throws InchwormError "server" */
export function objectIn({ text }: Answer, label: string): Record<string, unknown> {
  return readJson(text, `salesforce: ${label}`);
}

/** The list in an answer's body. @throws InchwormError "server" */
export function listIn(
  { text }: Answer,
  label: string,
): readonly (Record<string, unknown> | null)[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  if (Array.isArray(parsed)) return parsed;
  throw new InchwormError("server", `salesforce: ${label}: the answer is cut short or no list.`);
}
