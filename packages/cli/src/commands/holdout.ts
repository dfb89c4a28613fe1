import { InchwormError } from "@inchworm/spec";
import { type HoldoutArm, type HoldoutDefinition, profileColumns } from "@inchworm/store";
import { type Command, Option } from "commander";
import { type CommonOptions, common, withWorkspace } from "../context.js";
import { armLines } from "../experiment/arm-lines.js";
import { decideFor } from "../experiment/decide.js";
import { anyNumber, shareOf } from "../experiment/numbers.js";
import { writeFiles } from "../fit/files.js";
import { format, plural } from "../terminal.js";

interface HoldoutOptions extends CommonOptions {
  readonly share?: number;
  readonly arms?: string;
  readonly salt?: string;
  readonly stratum?: HoldoutDefinition["stratum"];
  readonly within?: string;
  readonly renew?: boolean;
  readonly list?: boolean;
  readonly person?: string;
  readonly decide?: string;
  readonly people?: string;
  readonly scorer?: string;
  readonly cost?: number;
  readonly out?: string;
  readonly by: string;
}

export function addHoldout(program: Command): void {
  common(program.command("holdout"))
    .summary(
      "hold people out, from everything or from a campaign, so that what it brings can be shown",
    )
    .description(
      "Gives everybody an arm by a salted hash of who they are, and keeps it: the same person has the same arm in every platform, however often it is run; whoever has come since gets one too. The next plan writes the arms as a field of ours, so that workflows can leave people out.",
    )
    .argument("[name]", 'a campaign\'s id, or "universal": held out from everything', "universal")
    .option("--share <share>", "share that is held out (default: 0.1)", shareOf("--share"))
    .option("--arms <arms>", 'several arms, the control first: "holdout=0.1,blue=0.45,red=0.45"')
    .option("--salt <text>", "the same salt gives the same arms elsewhere (default: the name)")
    .addOption(
      new Option("--stratum <column>", "kept with each arm, to look at effects within").choices(
        profileColumns.filter((column) => column !== "phonePrefix"),
      ),
    )
    .option(
      "--within <name>",
      "leave out who is held out by this one (default: universal, if it stands)",
    )
    .option("--renew", "draw everybody anew; what was drawn before is kept")
    .option("--list", "show what stands, and draw nothing")
    .option(
      "--person <person>",
      "show the arms of an e-mail address or system:id, and draw nothing",
    )
    .option(
      "--decide <campaign>",
      "part those that a campaign is meant for, and keep the decision for inchworm proof",
    )
    .option("--people <file>", "with --decide: only these, one e-mail address or system:id a line")
    .option("--scorer <name>", "with --decide: whose score chose them")
    .option("--cost <number>", "with --decide: what one message costs", anyNumber("--cost"))
    .option("--out <file>", "CSV file of arms; with --decide, of those to send to")
    .option(
      "--by <system>",
      'name of people in files: "email", or a system such as hubspot',
      "email",
    )
    .addHelpText(
      "after",
      `
Examples:
  inchworm holdout --share 0.1                            from everything; field "holdout"
  inchworm holdout spring --share 0.2 --stratum country   from one campaign; field "holdout_spring"
  inchworm holdout spring --decide spring --people list.csv --cost 0.02 --out send.csv

--json prints { name, version, salt, arms: [{ name, share, people }], conflicts, added, decision?: { treat, without, unassigned,
  unknown }, out? }; with --list { holdouts: [...] }; with --person { arms: [{ holdout, version, arm, assignedAt }] }.`,
    )
    .action((name: string, options: HoldoutOptions) =>
      withWorkspace(options, async (shop, { terminal }) => {
        const { store } = shop;
        if (options.person !== undefined) {
          const found = await store.find(options.person);
          if (!found)
            throw new InchwormError("not-found", "Nobody here has that name.", {
              hint: "Give an e-mail address or system:id, such as hubspot:101.",
            });
          const arms = await store.armsOf(found.contact);
          terminal.result({ arms });
          if (arms.length === 0) terminal.say("In no arm of any holdout.");
          for (const { holdout, version, arm, assignedAt } of arms)
            terminal.say(
              `${holdout} ${version}: ${arm}, since ${new Date(assignedAt).toISOString().slice(0, 10)}`,
            );
          return;
        }
        if (options.list) {
          const holdouts = await store.holdouts();
          terminal.result({ holdouts: holdouts.map(told) });
          if (holdouts.length === 0) terminal.say("Nobody is held out from anything.");
          for (const holdout of holdouts) say(holdout);
          return;
        }
        const { share, arms, salt, stratum, within, renew } = options;
        const { holdout, added } = await shop.holdOut({
          name,
          ...(share !== undefined && { share }),
          ...(arms !== undefined && { arms: armsOf(arms) }),
          ...(salt !== undefined && { salt }),
          ...(stratum !== undefined && { stratum }),
          ...(within !== undefined && { within }),
          ...(renew && { renew }),
        });
        const { decide: campaign, out, by } = options;
        const decision =
          campaign === undefined
            ? undefined
            : await decideFor(shop, { ...options, campaign, holdout: name });
        if (out !== undefined && campaign === undefined)
          await writeFiles([[out, armLines(store, await store.holdoutArms(name), by)]]);
        terminal.result({
          ...told(holdout),
          added,
          ...(decision && {
            decision: {
              treat: decision.treat.length,
              without: decision.without.length,
              unassigned: decision.unassigned,
              unknown: decision.unknown,
            },
          }),
          ...(out !== undefined && { out }),
        });
        say(holdout);
        terminal.say(
          added > 0
            ? `  ${plural(added, "person", "people")} got an arm; the next plan writes it.`
            : "  Everybody had an arm already.",
        );
        if (decision)
          terminal.say(
            `  ${campaign}: send to ${format(decision.treat.length)}, ${format(decision.without.length)} go without${decision.unknown > 0 ? `; ${format(decision.unknown)} names are of nobody here` : ""}. Kept for inchworm proof.`,
          );
        if (out !== undefined) terminal.say(`Written: ${out}`);

        function say({ name, version, arms, counts, conflicts }: Parameters<typeof told>[0]): void {
          const parts = arms.map(
            (arm, place) =>
              `${arm.name} ${format(counts[place])} (${Number((100 * arm.share).toPrecision(3))} %)`,
          );
          terminal.say(`${name}, version ${version}: ${parts.join(", ")}`);
          if (conflicts > 0)
            terminal.say(
              `  ${plural(conflicts, "person was", "people were")} two with different arms; each has the one given first.`,
            );
        }
      }),
    );
}

const told = ({
  name,
  version,
  salt,
  arms,
  counts,
  conflicts,
  stratum,
  within,
  createdAt,
}: Awaited<ReturnType<import("@inchworm/store").Store["holdouts"]>>[number]) => ({
  name,
  version,
  salt,
  arms: arms.map((arm, place) => ({ ...arm, people: counts[place] })),
  conflicts,
  ...(stratum !== undefined && { stratum }),
  ...(within !== undefined && { within }),
  createdAt,
});

/** "holdout=0.1,blue=0.45,red=0.45" */
function armsOf(text: string): HoldoutArm[] {
  return text.split(",").map((part) => {
    const at = part.lastIndexOf("=");
    const name = part.slice(0, at).trim();
    if (at > 0 && name !== "") return { name, share: shareOf("--arms")(part.slice(at + 1)) };
    throw new InchwormError("input", `--arms: "${part.trim()}" is no arm with its share.`, {
      hint: 'Give them as "holdout=0.1,blue=0.45,red=0.45", the control first.',
    });
  });
}
