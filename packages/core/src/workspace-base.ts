import { InchwormError, type Instant, type OnProgress } from "@inchworm/spec";
import { openStore, type Store, type StoredModel } from "@inchworm/store";
import type { GateEvent } from "@inchworm/sync";
import { registry } from "./registry.js";
import type { Scorer } from "./scorer.js";
import { day } from "./windows.js";
import type { WorkspaceOptions } from "./workspace-types.js";

/** What the parts of a workspace share. */
export interface Base {
  readonly store: Store;
  readonly seed: number;
  readonly now: () => Instant;
  readonly work: { readonly onProgress?: OnProgress; readonly signal?: AbortSignal };
  readonly onGateEvent: ((account: string, event: GateEvent) => void) | undefined;
  /** Scorers that were trained in this process, by name. */
  readonly own: Map<string, Scorer>;
  /** The end of the last day in history, so that the same history gives the same scores. What lies in the future does not count. */
  asOf(): Promise<Instant>;
  /** @throws InchwormError "config" for one that the library does not know and that was not trained here */
  scorerOf(name: string, options: Readonly<Record<string, unknown>>): Scorer;
  scorerNames(): Promise<readonly string[]>;
  /** @throws InchwormError "insufficient-data" when there is none */
  trained(): Promise<readonly StoredModel[]>;
}

export async function openBase(path: string, options: WorkspaceOptions): Promise<Base> {
  const { now = Date.now, seed = 1, onProgress, signal } = options;
  const store = await openStore(path);
  const own = new Map<string, Scorer>();
  return {
    store,
    seed,
    now,
    own,
    onGateEvent: options.onGateEvent,
    work: { ...(onProgress && { onProgress }), ...(signal && { signal }) },
    async asOf() {
      const { last } = await store.summary(now());
      if (last === undefined)
        throw new InchwormError("insufficient-data", "The store holds no history yet.", {
          hint: "Import or pull some first: inchworm import orders FILE.",
        });
      return Math.min(now(), (Math.floor(last / day) + 1) * day);
    },
    scorerOf(name, scorerOptions) {
      const scorer = own.get(name) ?? registry[name]?.(scorerOptions as never);
      if (scorer) return scorer;
      throw new InchwormError(
        "config",
        `The scorer "${name}" in the store is not one of the library's.`,
        {
          hint: "Train it in this process first, or remove it.",
        },
      );
    },
    async scorerNames() {
      const models = await store.models();
      return [
        ...new Set([
          ...Object.keys(registry),
          ...own.keys(),
          ...models.map(({ scorer }) => scorer),
        ]),
      ];
    },
    async trained() {
      const models = await store.models();
      if (models.length > 0) return models;
      throw new InchwormError("insufficient-data", "Nothing is trained yet.", {
        hint: "Train and score first: inchworm train, then inchworm score.",
      });
    },
  };
}
