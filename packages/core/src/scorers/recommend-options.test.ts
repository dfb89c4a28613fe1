import { InchwormError } from "@inchworm/spec";
import { describe, expect, it } from "vitest";
import { recommend } from "./recommend.js";
import type { RecommendOptions } from "./recommend-options.js";

describe("options of recommendations", () => {
  it("are refused when they cannot be used", () => {
    const wrong: readonly object[] = [
      { kind: "thing" },
      { k: 0 },
      { k: 51 },
      { k: 2.5 },
      { horizonDays: 3 },
      { restDays: -1 },
      { newItems: 5 },
      { diversity: 1.1 },
      { budget: 10 },
      { kind: "offer", budget: -1 },
      { keepSeen: "yes" },
      { weights: { look: 1 } },
      { weights: { view: -1 } },
      { weights: { view: 0 } },
    ];
    for (const options of wrong)
      expect(() => recommend(options as RecommendOptions), JSON.stringify(options)).toThrow(
        InchwormError,
      );
  });
});
