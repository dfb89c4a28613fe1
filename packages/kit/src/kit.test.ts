import { type Field, InchwormError } from "@inchworm/spec";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  batches,
  directGate,
  fieldGuard,
  fieldMapping,
  networkError,
  objects,
  plainNumber,
  readJson,
  redact,
  secret,
  withDeadline,
} from "./index.js";

const thrown = (act: () => unknown): InchwormError => {
  try {
    act();
  } catch (error) {
    if (InchwormError.is(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
};

describe("fieldGuard", () => {
  it("lets prepared fields through and nothing else", () => {
    const guard = fieldGuard("shop");
    guard.allow(["inchworm_score"]);
    const properties = { inchworm_score: "1" };
    expect(guard.pass(properties)).toBe(properties);
    for (const name of ["lifecyclestage", "hs_email_optout", "INCHWORM_SCORE", "__proto__x"]) {
      const error = thrown(() => guard.pass({ inchworm_score: "1", [name]: "x" }));
      expect(error.code).toBe("internal");
      expect(error.message).toContain(name);
    }
  });

  it("lets nothing through before anything is prepared", () => {
    expect(thrown(() => fieldGuard("shop").pass({ inchworm_score: "1" })).code).toBe("internal");
  });
});

describe("fieldMapping", () => {
  const number: Field = {
    name: "score",
    label: "Score",
    description: "",
    type: "number",
    decimals: 3,
  };
  const text: Field = { name: "why", label: "Why", description: "", type: "text" };
  const mapping = fieldMapping("shop", "inchworm_");

  it("prefixes names and refuses what is no name", () => {
    expect(mapping.name("churn_probability")).toBe("inchworm_churn_probability");
    expect(thrown(() => mapping.name("Churn %")).code).toBe("input");
    expect(thrown(() => fieldMapping("shop", "Inchworm-")).code).toBe("config");
  });

  it("says values as text and reads them back in the field's type", () => {
    for (const value of [0, 0.125, -3.5, null]) {
      expect(mapping.value(mapping.text(value, number), number)).toBe(value);
    }
    expect(mapping.text(0.12345, number)).toBe("0.123");
    expect(mapping.value("007", text)).toBe("007");
    expect(mapping.value("n/a", number)).toBe("n/a");
    expect(mapping.value(undefined, text)).toBeNull();
  });

  it("writes no exponent", () => {
    expect(plainNumber(1e-7, 8)).toBe("0.0000001");
    expect(plainNumber(1e-7, 2)).toBe("0");
    expect(plainNumber(-1e-9, 4)).toBe("0");
    expect(plainNumber(1.5e21, 2)).toBe("1500000000000000000000");
    expect(plainNumber(1200, 0)).toBe("1200");
    expect(plainNumber(12.5, 4)).toBe("12.5");
  });
});

describe("readJson", () => {
  it.each([
    ["", "empty"],
    ["  \n", "empty"],
    ["<html><body>502</body></html>", "web page"],
    ['{"results": [{"id": "1"', "cut short"],
    ["[1, 2]", "not a JSON object"],
    ["null", "not a JSON object"],
  ])("calls %j a server fault", (body, words) => {
    const error = thrown(() => readJson(body, "shop: GET /people"));
    expect(error.code).toBe("server");
    expect(error.message).toContain(words);
  });

  it("reads objects, and lists of objects only", () => {
    expect(readJson(' {"a": 1} ', "shop")).toEqual({ a: 1 });
    expect(objects({ list: [{ id: 1 }, null, "x"] }, "list")).toEqual([{ id: 1 }]);
    expect(objects({ list: "no" }, "list")).toEqual([]);
  });
});

describe("redact", () => {
  it("leaves no secret and no address", () => {
    const clean = redact('Contact ada.lovelace+x@example.com, "grace%40example.com" pat-123', [
      "pat-123",
      "",
    ]);
    expect(clean).toBe('Contact [address], "[address]" [secret]');
  });

  it("leaves no phone number, and keeps days, words and short numbers", () => {
    const said =
      'Call "+1 (555) 123-4567" or 0301234567, 555.123.4567; since 2026-05-01, 3x12345 in 10000 ms';
    expect(redact(said)).toBe(
      'Call "[number]" or [number], [number]; since 2026-05-01, 3x12345 in 10000 ms',
    );
  });

  it("keeps to one short line, quickly, whatever comes", () => {
    expect(redact("a\n\tb")).toBe("a b");
    expect(redact("x".repeat(1_000_000))).toHaveLength(200);
    expect(redact("1 ".repeat(1_000_000))).toBe("[number]");
  });
});

describe("secret", () => {
  afterEach(() => vi.unstubAllEnvs());
  const setting = { adapter: "shop", option: "key", variable: "INCHWORM_TEST_KEY" };

  it("takes the option, else the environment", () => {
    vi.stubEnv("INCHWORM_TEST_KEY", " from-environment\n");
    expect(secret({ ...setting, value: "given" })).toBe("given");
    expect(secret({ ...setting, value: undefined })).toBe("from-environment");
    expect(secret({ ...setting, value: "" })).toBe("from-environment");
  });

  it("says what to do when it is missing or malformed, without repeating it", () => {
    vi.stubEnv("INCHWORM_TEST_KEY", undefined);
    const source = "Copy it from the shop.";
    expect(thrown(() => secret({ ...setting, value: undefined, source }))).toMatchObject({
      code: "auth",
      message: 'shop: there is no token. Set INCHWORM_TEST_KEY, or pass "key" in code.',
      hint: source,
    });
    const error = thrown(() => secret({ ...setting, value: "abc\r\ndef" }));
    expect(error.code).toBe("config");
    expect(`${error.message} ${error.hint}`).not.toContain("abc");
  });
});

describe("withDeadline", () => {
  const never = () => new Promise<never>(() => {});

  it("does not wait for a client that ignores its signal", async () => {
    const options = { label: "shop: GET /slow", timeoutMs: 10, signals: [] };
    await expect(withDeadline(options, never)).rejects.toMatchObject({
      code: "network",
      message: "shop: GET /slow: no answer within 0.01 s.",
    });
  });

  it("stops when a signal fires, before or during the call", async () => {
    const controller = new AbortController();
    const options = {
      label: "shop: GET /slow",
      timeoutMs: 10_000,
      signals: [controller.signal, undefined],
    };
    let told: AbortSignal | undefined;
    const running = withDeadline(options, (signal) => {
      told = signal;
      return never();
    });
    controller.abort(new Error("secret reason"));
    await expect(running).rejects.toMatchObject({ code: "aborted" });
    expect(told?.aborted).toBe(true);
    const run = vi.fn(never);
    await expect(withDeadline(options, run)).rejects.toMatchObject({ code: "aborted" });
    expect(run).not.toHaveBeenCalled();
  });

  it("lets one signal stop many calls, without a word of warning", async () => {
    const warned = vi.fn();
    process.on("warning", warned);
    const controller = new AbortController();
    const options = { label: "shop", timeoutMs: 10_000, signals: [controller.signal] };
    const running = Array.from({ length: 30 }, () => withDeadline(options, never));
    controller.abort();
    const ended = await Promise.allSettled(running);
    expect(ended.every(({ status }) => status === "rejected")).toBe(true);
    await new Promise((done) => setImmediate(done));
    process.off("warning", warned);
    expect(warned).not.toHaveBeenCalled();
  });

  it("passes on what the call gives or throws", async () => {
    const options = { label: "shop", timeoutMs: 1000, signals: [] };
    await expect(withDeadline(options, async () => 7)).resolves.toBe(7);
    const fault = new Error("no");
    await expect(withDeadline(options, () => Promise.reject(fault))).rejects.toBe(fault);
  });
});

describe("networkError", () => {
  const at = "http://127.0.0.1:4010/base";
  it.each([
    ["ECONNREFUSED", "nothing listens at http://127.0.0.1:4010"],
    ["ENOTFOUND", "no network, or no host named 127.0.0.1"],
    ["ECONNRESET", "the connection broke"],
    ["ETIMEDOUT", "cannot be reached"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "certificate"],
  ])("says %s in words", (code, words) => {
    const error = networkError(Object.assign(new Error("ada@example.com"), { code }), "shop", at);
    expect(error).toMatchObject({ code: "network", vendorCode: code });
    expect(error.message).toContain(words);
    expect(error.cause).toBeUndefined();
  });

  it("finds the code under a cause or in a list, and keeps our own errors", () => {
    const refused = { errors: [{ code: "ECONNREFUSED" }] };
    expect(
      networkError(new Error("fetch failed", { cause: refused }), "shop", at).message,
    ).toContain("nothing listens");
    const own = new InchwormError("server", "shop: no");
    expect(networkError(own, "shop", at)).toBe(own);
    expect(networkError("?", "shop", at).code).toBe("network");
  });
});

describe("batches and directGate", () => {
  it("cuts in order", () => {
    expect([...batches([1, 2, 3, 4, 5], 2)]).toEqual([[1, 2], [3, 4], [5]]);
    expect([...batches([], 2)]).toEqual([]);
  });

  it("lets calls through unless aborted", async () => {
    const request = { lane: "standard", repeatable: true, label: "shop: GET /" };
    await expect(directGate().request(request, async () => 1)).resolves.toBe(1);
    await expect(
      directGate(AbortSignal.abort()).request(request, async () => 1),
    ).rejects.toMatchObject({ code: "aborted" });
  });
});
