import type { HubspotSandbox } from "./types.js";

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  readonly body: any;
}

/** Sends requests with the portal's token, one at a time and without retrying. */
export function clientOf(sandbox: HubspotSandbox, token = () => sandbox.token) {
  return async (method: string, path: string, body?: unknown): Promise<Reply> => {
    const answer = await fetch(`${sandbox.url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${token()}`, "Content-Type": "application/json" },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get("content-type")?.includes("json");
    return {
      status: answer.status,
      headers: answer.headers,
      body: isJson ? JSON.parse(text) : text,
    };
  };
}

/** Somebody at example.com, different for every number. */
export function person(number: number): Record<string, string> {
  return { email: `person${number}@example.com`, firstname: `Ada ${number}` };
}

export function people(count: number): Record<string, string>[] {
  return Array.from({ length: count }, (_, number) => person(number));
}
