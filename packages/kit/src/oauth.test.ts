import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InchwormError } from "@inchworm/spec";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { directGate, type OauthTokens, oauthTokens, type TokenStore, tokenFile } from "./index.js";

const context = { gate: directGate() };
const refusal = () => new InchwormError("auth", "the refresh token is spent");

/** A vendor that rotates: each refresh token is good once. */
function vendor(first = "r0") {
  let good = first;
  let count = 0;
  const grant = async (known: OauthTokens | undefined): Promise<OauthTokens> => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    if ((known?.refreshToken ?? first) !== good) throw refusal();
    count++;
    good = `r${count}`;
    return { accessToken: `a${count}`, refreshToken: good };
  };
  return { grant, asked: () => count };
}

function memory(tokens?: OauthTokens) {
  const kept = { tokens, saves: [] as OauthTokens[], failing: false };
  const store: TokenStore = {
    load: async () => kept.tokens,
    async save(next) {
      if (kept.failing) throw new Error("disk full, could not write r1");
      kept.saves.push(next);
      kept.tokens = next;
    },
  };
  return { kept, store };
}

describe("oauthTokens", () => {
  it("asks once, however many calls find the tokens ended at one time", async () => {
    const { grant, asked } = vendor();
    const tokens = oauthTokens({ adapter: "shop", grant });
    const found = await Promise.all(Array.from({ length: 20 }, () => tokens.current(context)));
    expect(new Set(found.map(({ accessToken }) => accessToken))).toEqual(new Set(["a1"]));
    const renewed = await Promise.all(
      Array.from({ length: 20 }, () => tokens.renew("a1", context)),
    );
    expect(new Set(renewed.map(({ accessToken }) => accessToken))).toEqual(new Set(["a2"]));
    expect(asked()).toBe(2);
    // a call that was answered late speaks of tokens that are long gone
    expect(await tokens.renew("a1", context)).toMatchObject({ accessToken: "a2" });
    expect(asked()).toBe(2);
  });

  it("renews a minute before the end, and not sooner", async () => {
    let time = 0;
    let count = 0;
    const tokens = oauthTokens({
      adapter: "shop",
      now: () => time,
      grant: async () => ({ accessToken: `a${++count}`, expiresAt: time + 1_800_000 }),
    });
    expect((await tokens.current(context)).accessToken).toBe("a1");
    time = 1_739_999;
    expect((await tokens.current(context)).accessToken).toBe("a1");
    time = 1_740_000;
    expect((await tokens.current(context)).accessToken).toBe("a2");
  });

  it("keeps new tokens before anybody uses them, and says so without them when it cannot", async () => {
    const { grant } = vendor();
    const { kept, store } = memory({ accessToken: "old", refreshToken: "r0" });
    kept.failing = true;
    const tokens = oauthTokens({ adapter: "shop", grant, store });
    const failed = await tokens.renew("old", context).catch((error: InchwormError) => error);
    expect(failed).toMatchObject({ code: "config" });
    expect(String((failed as Error).stack)).not.toContain("r1");
    kept.failing = false;
    // the one refresh token that is good now is not lost
    expect(await tokens.current(context)).toEqual({ accessToken: "a1", refreshToken: "r1" });
    expect(kept.saves).toEqual([{ accessToken: "a1", refreshToken: "r1" }]);
  });

  it("takes over what another process has renewed", async () => {
    const shop = vendor();
    const { store } = memory({ accessToken: "a0", refreshToken: "r0" });
    const one = oauthTokens({ adapter: "shop", grant: shop.grant, store });
    const other = oauthTokens({ adapter: "shop", grant: shop.grant, store });
    await one.current(context);
    await other.current(context);
    await one.renew("a0", context);
    expect(await other.renew("a0", context)).toMatchObject({ accessToken: "a1" });
    expect(shop.asked()).toBe(1);
    // both at once: one of them is refused and finds the other's
    const both = await Promise.all([one.renew("a1", context), other.renew("a1", context)]);
    expect(both.map(({ accessToken }) => accessToken)).toEqual(["a2", "a2"]);
  });

  it("keeps the refresh token of a vendor that does not rotate", async () => {
    const { kept, store } = memory({ accessToken: "a0", refreshToken: "long" });
    const tokens = oauthTokens({
      adapter: "shop",
      store,
      grant: async () => ({ accessToken: "a1" }),
    });
    await tokens.renew("a0", context);
    expect(kept.tokens).toEqual({ accessToken: "a1", refreshToken: "long" });
  });

  it("lets those go on who were not stopped themselves", async () => {
    let calls = 0;
    const tokens = oauthTokens({
      adapter: "shop",
      grant: async () => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        if (++calls === 1) throw new InchwormError("aborted", "stopped");
        return { accessToken: "a1" };
      },
    });
    const first = tokens.current(context).catch((error: InchwormError) => error.code);
    const second = tokens.current(context);
    expect(await first).toBe("aborted");
    expect(await second).toEqual({ accessToken: "a1" });
  });
});

describe("tokenFile", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "inchworm-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("keeps tokens for its owner alone, and leaves nothing else behind", async () => {
    const path = join(folder, "tokens.json");
    const store = tokenFile(path);
    expect(await store.load()).toBeUndefined();
    const tokens = { accessToken: "a", refreshToken: "r", extra: { instanceUrl: "https://x" } };
    await store.save({ accessToken: "before" });
    await store.save(tokens);
    expect(await tokenFile(path).load()).toEqual(tokens);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(["tokens.json"]);
    expect(JSON.parse(await readFile(path, "utf8"))).toEqual(tokens);
  });

  it("refuses a file that holds none", async () => {
    const path = join(folder, "tokens.json");
    await writeFile(path, "[]");
    await expect(tokenFile(path).load()).rejects.toThrow("holds no tokens");
    await expect(
      tokenFile(join(folder, "no/such/folder")).save({ accessToken: "a" }),
    ).rejects.toThrow();
  });
});
