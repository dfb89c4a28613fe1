import type { MailchimpSandbox } from "./types.js";

export interface TestAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: bodies are looked at by hand
  readonly body: any;
}

/** Sends requests as a program would. */
export function testClient(sandbox: MailchimpSandbox) {
  return async (method: string, path: string, sent?: unknown): Promise<TestAnswer> => {
    const answer = await fetch(`${sandbox.url}/3.0${path}`, {
      method,
      headers: {
        Authorization: `Basic ${Buffer.from(`any:${sandbox.apiKey}`).toString("base64")}`,
        "Content-Type": "application/json",
      },
      ...(sent !== undefined && { body: JSON.stringify(sent) }),
    });
    const text = await answer.text();
    const isJson = /json/.test(answer.headers.get("content-type") ?? "");
    return { status: answer.status, body: isJson && text !== "" ? JSON.parse(text) : text };
  };
}
