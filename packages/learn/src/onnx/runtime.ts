import { LearnError } from "../error.js";

/** What this package uses of onnxruntime-node. */
export interface Runtime {
  readonly InferenceSession: {
    create(bytes: Uint8Array, options: object): Promise<RuntimeSession>;
  };
  readonly Tensor: new (
    type: "float32" | "float64" | "int64" | "int32" | "string" | "bool",
    data: Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array | string[],
    shape: readonly number[],
  ) => RuntimeTensor;
}

export interface RuntimeTensor {
  readonly type: string;
  readonly data: ArrayLike<number | bigint | string>;
  readonly dims: readonly number[];
}

export interface RuntimeSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Absent before 1.21. */
  readonly inputMetadata?: readonly RuntimeMetadata[];
  readonly outputMetadata?: readonly RuntimeMetadata[];
  run(
    feeds: Readonly<Record<string, RuntimeTensor>>,
    fetches: readonly string[],
  ): Promise<Readonly<Record<string, RuntimeTensor>>>;
  release(): Promise<void>;
}

export interface RuntimeMetadata {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  readonly shape?: readonly (number | string)[];
}

/** Loads the optional peer when it is first needed. */
export async function loadRuntime(who = "onnxScorer"): Promise<Runtime> {
  try {
    const name = "onnxruntime-node";
    const module = (await import(name)) as { default?: Runtime } & Runtime;
    return module.InferenceSession ? module : (module.default as Runtime);
  } catch (cause) {
    throw new LearnError("input", `${who}: the package onnxruntime-node cannot be loaded.`, {
      hint: "Install it beside this package: npm install onnxruntime-node",
      cause,
    });
  }
}
