import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import type { OauthTokens, TokenStore } from "./oauth-tokens.js";

/**
 * Keeps tokens in a file that its owner alone may read. Each save replaces the file in one step, so that a process killed in the
 * middle leaves the tokens before it.
 */
export function tokenFile(path: string): TokenStore {
  return {
    async load() {
      const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return undefined;
        throw error;
      });
      if (text === undefined) return undefined;
      const tokens: unknown = JSON.parse(text);
      const { accessToken } = (tokens ?? {}) as { accessToken?: unknown };
      if (typeof accessToken !== "string") throw new Error("the file holds no tokens");
      return tokens as OauthTokens;
    },
    async save(tokens) {
      const fresh = `${path}.${randomUUID()}`;
      try {
        await writeFile(fresh, `${JSON.stringify(tokens)}\n`, { mode: 0o600, flush: true });
        await rename(fresh, path);
      } catch (error) {
        await rm(fresh, { force: true });
        throw error;
      }
    },
  };
}
