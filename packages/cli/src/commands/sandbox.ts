import type { HubspotContactInput } from "@inchworm/sandbox";
import { InchwormError } from "@inchworm/spec";
import { openStore, type StoredContact } from "@inchworm/store";
import { type Command, Option } from "commander";
import { type CommonOptions, common, contextOf, wholeNumber } from "../context.js";
import { otherSandboxes } from "../sandbox/open.js";
import { plural } from "../terminal.js";

interface SandboxOptions extends CommonOptions {
  readonly port: number;
  readonly fill?: boolean;
  readonly contacts?: number;
  readonly tier: "starter" | "professional" | "increased";
  readonly seed: number;
  readonly fault: Record<string, number>;
  readonly platform: "hubspot" | keyof typeof otherSandboxes;
}

export function addSandbox(program: Command): void {
  common(program.command("sandbox"))
    .summary("run a stand-in of a platform on this machine")
    .description(
      "Serves a strict stand-in of HubSpot, or of another platform, on loopback until Ctrl-C, empty or filled. HubSpot's customer number property is customer_id, its opt-out property profiling_opt_out.",
    )
    .addOption(
      new Option("--platform <name>", "of which platform")
        .choices(["hubspot", ...Object.keys(otherSandboxes)])
        .default("hubspot"),
    )
    .option("--port <port>", "0 takes a free one", wholeNumber("--port", 0), 4010)
    .option("--fill", "HubSpot alone: with a contact for every customer in the store")
    .option("--contacts <count>", "with this many made-up contacts", wholeNumber("--contacts", 1))
    .addOption(
      new Option("--tier <tier>", "rate limits of")
        .choices(["starter", "professional", "increased"])
        .default("professional"),
    )
    .option("--seed <number>", "seed of contacts and faults", wholeNumber("--seed", 0), 1)
    .option(
      "--fault <name=share>",
      "a fault to inject, may be repeated, such as rateLimit, serverError, dropped, cut, latencyMs",
      fault,
      {},
    )
    .addHelpText(
      "after",
      `
Example:
  inchworm sandbox --fill --port 4010
  HUBSPOT_TOKEN=sandbox inchworm pull --hubspot-url http://127.0.0.1:4010 --customer-property customer_id`,
    )
    .action(async (options: SandboxOptions) => {
      if (options.platform !== "hubspot") return serveOther(options.platform, options);
      const { hubspotProperties, hubspotSandbox, madeUpShop, shopProperties } = await import(
        "@inchworm/sandbox"
      );
      const { storePath, terminal, signal } = await contextOf(options);
      const sandbox = await hubspotSandbox({
        port: options.port,
        token: "sandbox",
        tier: options.tier,
        seed: options.seed,
        faults: options.fault,
        properties: shopProperties,
      });
      let filled = 0;
      if (options.fill) {
        const store = await openStore(storePath);
        try {
          for await (const batch of store.contacts()) {
            sandbox.addContacts(batch.map((contact) => hubspotProperties(withAddress(contact))));
            filled += batch.length;
          }
        } finally {
          await store.close();
        }
      }
      if (options.contacts !== undefined)
        for (const batch of madeUpShop({
          contacts: options.contacts,
          seed: options.seed,
        }).contacts()) {
          sandbox.addContacts(batch.map(hubspotProperties));
          filled += batch.length;
        }
      terminal.result({ url: sandbox.url, token: sandbox.token, contacts: filled });
      terminal.say(
        `HubSpot stand-in with ${plural(filled, "contact")}. Ctrl-C ends it. In another terminal:`,
      );
      terminal.say(`  export HUBSPOT_BASE_URL=${sandbox.url} HUBSPOT_TOKEN=${sandbox.token}`);
      terminal.say(
        "  inchworm pull --customer-property customer_id --opt-out-property profiling_opt_out",
      );
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      await sandbox.close();
    });
}

async function serveOther(
  platform: keyof typeof otherSandboxes,
  options: SandboxOptions,
): Promise<void> {
  if (options.fill)
    throw new InchwormError("input", `--fill is for HubSpot, not for ${platform}.`, {
      hint: "Fill it with made-up people: --contacts 1000.",
    });
  const { terminal, signal } = await contextOf(options);
  const { contacts = 0, port, seed } = options;
  const sandbox = await otherSandboxes[platform]({ port, seed, faults: options.fault });
  if (contacts > 0) {
    const { madeUpShop } = await import("@inchworm/sandbox");
    sandbox.fill(madeUpShop({ contacts, seed }));
  }
  terminal.result({ platform, url: sandbox.url, options: sandbox.options, contacts });
  terminal.say(
    `${sandbox.label} stand-in at ${sandbox.url} with ${plural(contacts, "made-up person", "made-up people")}. Ctrl-C ends it. In inchworm.config.ts:`,
  );
  terminal.say(`  accounts: [${platform}(${JSON.stringify(sandbox.options)})]`);
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  await sandbox.close();
}

/** Somebody without an address gets a made-up one at example.com. */
function withAddress(contact: StoredContact): HubspotContactInput {
  const customer = contact.identities.find(({ system }) => system === "customer")?.id;
  return {
    ...contact,
    email: contact.email ?? `contact-${contact.contact}@example.com`,
    profilingDenied: contact.profiling === "denied",
    ...(customer !== undefined && { customer }),
  };
}

/** The stand-in itself says which names there are. */
function fault(text: string, previous: Record<string, number>): Record<string, number> {
  const [name, value] = text.split("=");
  const number = Number(value);
  if (name === "" || value === undefined || value.trim() === "" || !(number >= 0))
    throw new InchwormError("input", `--fault takes name=share, got "${text}".`, {
      hint: "For example --fault rateLimit=0.05.",
    });
  return { ...previous, [name]: number };
}
