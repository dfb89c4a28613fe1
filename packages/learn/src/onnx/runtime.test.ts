import { afterEach, expect, it, vi } from "vitest";
import { loadRuntime } from "./runtime.js";

afterEach(() => {
  vi.doUnmock("onnxruntime-node");
});

it("says what to install where onnxruntime-node is absent", async () => {
  vi.doMock("onnxruntime-node", () => {
    throw new Error("Cannot find package");
  });
  await expect(loadRuntime()).rejects.toMatchObject({
    code: "input",
    message: "onnxScorer: the package onnxruntime-node cannot be loaded.",
    hint: "Install it beside this package: npm install onnxruntime-node",
  });
});
