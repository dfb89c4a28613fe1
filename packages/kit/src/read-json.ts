import { InchwormError } from "@inchworm/spec";

/**
 * The object in an answer's body.
 *
 * @param label what was asked, for the message: adapter, method and path
 * @throws InchwormError "server" when the body is empty, a web page, cut short or not an object
 */
export function readJson(text: string, label: string): Record<string, unknown> {
  const body = text.trim();
  if (body === "") throw new InchwormError("server", `${label}: the answer is empty.`);
  if (body.startsWith("<")) {
    throw new InchwormError("server", `${label}: the answer is a web page, not JSON.`, {
      hint: "A proxy or an outage page answered; try again later.",
    });
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw new InchwormError("server", `${label}: the answer is cut short or not JSON.`);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new InchwormError("server", `${label}: the answer is not a JSON object.`);
  }
  return parsed as Record<string, unknown>;
}

/** The list under `key`, its entries as objects; anything else in it is left out. */
export function objects(
  body: Readonly<Record<string, unknown>>,
  key: string,
): readonly Record<string, unknown>[] {
  const list = body[key];
  if (!Array.isArray(list)) return [];
  return list.filter((entry) => typeof entry === "object" && entry !== null);
}
