import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Scorer } from "@inchworm/core";
import type { HubspotOptions } from "@inchworm/hubspot";
import { type Adapter, InchwormError } from "@inchworm/spec";

/** What `inchworm.config.ts` exports by default; every part is optional. */
export interface Config {
  /** Path of the store. Defaults to "shop.duckdb". */
  readonly store?: string;
  readonly seed?: number;
  /** Defaults to `[segments(), churn(), value(), nextOrder(), leadScore()]`. */
  readonly scorers?: readonly Scorer[];
  /**
   * Accounts to pull from and push to, of any platforms: `[hubspot({ … }), mailchimp({ … })]`. Defaults to the accounts whose tokens
   * stand in the environment.
   */
  readonly accounts?: readonly Adapter[];
  /** Settings of the one HubSpot account whose token stands in HUBSPOT_TOKEN, where there are no `accounts`. */
  readonly hubspot?: Partial<HubspotOptions>;
}

/** Gives the configuration its type: `export default defineConfig({ … })`. */
export const defineConfig = (config: Config): Config => config;

const names = ["inchworm.config.ts", "inchworm.config.mjs", "inchworm.config.js"];
const parts = new Set(["store", "seed", "scorers", "accounts", "hubspot"]);

/**
 * Reads `.env` and the configuration beside it.
 *
 * @throws InchwormError "config" when the named file is missing, cannot be run, or has an unknown part
 */
export async function loadConfig(file: string | undefined): Promise<Config> {
  if (existsSync(".env")) process.loadEnvFile(".env");
  const found = file ?? names.find((name) => existsSync(name));
  if (found === undefined) return {};
  const path = resolve(found);
  if (!existsSync(path))
    throw new InchwormError("config", `There is no configuration at ${found}.`, {
      hint: "Check --config, or leave it out to use inchworm.config.ts of this folder.",
    });
  const { createJiti } = await import("jiti");
  let loaded: unknown;
  try {
    loaded = await createJiti(pathToFileURL(path).href).import(path, { default: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new InchwormError("config", `${found} cannot be read: ${why}`, { cause });
  }
  if (typeof loaded !== "object" || loaded === null)
    throw new InchwormError("config", `${found} has no default export.`, {
      hint: 'Write: export default { store: "shop.duckdb" };',
    });
  const unknown = Object.keys(loaded).filter((key) => !parts.has(key));
  if (unknown.length > 0)
    throw new InchwormError("config", `${found} has an unknown part "${unknown[0]}".`, {
      hint: `Known parts are ${[...parts].join(", ")}.`,
    });
  const config = loaded as Config;
  if (config.accounts && config.hubspot)
    throw new InchwormError("config", `${found} has both "accounts" and "hubspot".`, {
      hint: "Give the settings to the account itself: accounts: [hubspot({ … })].",
    });
  return config;
}
