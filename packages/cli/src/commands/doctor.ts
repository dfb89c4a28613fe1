import { existsSync } from "node:fs";
import { type CheckItem, InchwormError } from "@inchworm/spec";
import { openStore } from "@inchworm/store";
import { accountGate } from "@inchworm/sync";
import type { Command } from "commander";
import { type AccountOptions, accountOptions, accountsOf } from "../accounts/connect.js";
import { contextOf } from "../context.js";
import { exitCodeOfCode } from "../exit-codes.js";
import { format } from "../terminal.js";

export function addDoctor(program: Command): void {
  accountOptions(program.command("doctor"))
    .summary("look whether everything needed is there")
    .description(
      "Checks this machine, the store, and each account: token, permissions, fields, limits. Writes nothing.",
    )
    .addHelpText("after", "\nExample:\n  inchworm doctor")
    .action(async (options: AccountOptions) => {
      const { config, storePath, terminal, signal } = await contextOf(options);
      const items: CheckItem[] = [checkNode(), checkClock(Date.now())];
      const attempt = async (name: string, look: () => Promise<readonly CheckItem[]>) => {
        try {
          items.push(...(await look()));
        } catch (error) {
          if (!InchwormError.is(error)) throw error;
          items.push({
            name,
            ok: false,
            message: error.message,
            code: error.code,
            ...(error.hint !== undefined && { hint: error.hint }),
          });
        }
      };
      await attempt("store", () => checkStore(storePath));
      await attempt(config.accounts ? "accounts" : "hubspot", async () => {
        for (const { name, adapter } of await accountsOf(config, options))
          await attempt(name, () => adapter.check({ gate: accountGate(adapter.account), signal }));
        return [];
      });
      terminal.result({ items });
      for (const { ok, name, message, hint } of items) {
        terminal.say(`${ok ? "ok  " : "FAIL"} ${name}: ${message}`);
        if (!ok && hint !== undefined) terminal.say(`       ${hint}`);
      }
      const failed = items.find(({ ok }) => !ok);
      if (failed) process.exitCode = exitCodeOfCode(failed.code ?? "config");
    });
}

function checkNode(): CheckItem {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return {
    name: "node",
    ok,
    message: `Node ${process.versions.node}`,
    ...(!ok && { hint: "Inchworm needs Node 20.19 or newer; 22 or 24 LTS are recommended." }),
  };
}

/** When this version was made: an earlier clock is wrong, and with it every cursor, token and signature. */
const released = Date.UTC(2026, 10, 1);

function checkClock(now: number): CheckItem {
  const ok = now >= released;
  return {
    name: "clock",
    ok,
    message: new Date(now).toISOString(),
    ...(!ok && { hint: "Set this machine's clock: it stands before this version was made." }),
  };
}

async function checkStore(path: string): Promise<readonly CheckItem[]> {
  if (!existsSync(path))
    return [
      {
        name: "store",
        ok: true,
        message: `${path} does not exist yet; the first import or pull makes it`,
      },
    ];
  const store = await openStore(path);
  try {
    const { contacts, orders, engagements, last } = await store.summary();
    const until =
      last === undefined ? "" : `, history until ${new Date(last).toISOString().slice(0, 10)}`;
    const message = `${path}: ${format(contacts)} contacts, ${format(orders)} orders, ${format(engagements)} engagements${until}`;
    return [{ name: "store", ok: true, message }];
  } finally {
    await store.close();
  }
}
