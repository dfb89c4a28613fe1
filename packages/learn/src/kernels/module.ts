import type { Arena } from "./arena.js";

/** A family of kernels, compiled when first used. */
export interface Family {
  readonly name: string;
  module(): WebAssembly.Module;
}

type Exports = Readonly<Record<string, (...values: number[]) => number>>;

export function family(name: string, base64: string): Family {
  let module: WebAssembly.Module | undefined;
  return {
    name,
    module() {
      module ??= new WebAssembly.Module(Buffer.from(base64, "base64"));
      return module;
    },
  };
}

const instances = new WeakMap<Arena, Map<string, Exports>>();

/** The family's functions on this memory, for the calling thread. */
export function kernels(family: Family, arena: Arena): Exports {
  const known = instances.get(arena) ?? new Map<string, Exports>();
  instances.set(arena, known);
  const found = known.get(family.name);
  if (found) return found;
  const instance = new WebAssembly.Instance(family.module(), { env: { memory: arena.memory } });
  const exports = instance.exports as unknown as Exports;
  known.set(family.name, exports);
  return exports;
}
