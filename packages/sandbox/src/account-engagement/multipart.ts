import { badRequest } from "./refusal.js";

/** The parts of a form by name, as texts. @throws Refusal 400 when it is none */
export function formParts(contentType: string | undefined, text: string): Map<string, string> {
  const [, quoted, plain] =
    contentType?.match(/^multipart\/form-data;.*boundary=(?:"([^"]+)"|([^;]+))/i) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw badRequest("The body must be multipart/form-data.");
  const parts = new Map<string, string>();
  for (const part of text.split(`--${boundary}`).slice(1)) {
    if (part.startsWith("--")) return parts;
    const end = part.indexOf("\r\n\r\n");
    const [, name] = part.slice(0, end).match(/name="([^"]*)"/i) ?? [];
    if (end < 0 || name === undefined) break;
    parts.set(name, part.slice(end + 4).replace(/\r\n$/, ""));
  }
  throw badRequest("The form is cut short.");
}
