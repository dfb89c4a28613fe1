import { existsSync, writeFileSync } from "node:fs";
import { InchwormError } from "@inchworm/spec";
import type { Command } from "commander";
import { interrupted } from "../context.js";
import { type PlatformName, platformNames, platformQuestions } from "../init/questions.js";
import { type Answers, configText } from "../init/write-config.js";
import { terminal } from "../terminal.js";

interface InitOptions {
  readonly platform?: string;
  readonly store: string;
  readonly customerProperty?: string;
  readonly optOutProperty?: string;
  readonly audience?: string;
  readonly loginUrl?: string;
  readonly optOutField?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

const file = "inchworm.config.ts";

export function addInit(program: Command): void {
  program
    .command("init")
    .summary("ask what is needed and write inchworm.config.ts")
    .description(
      "Asks which platforms to connect and writes inchworm.config.ts into this folder. No secret is asked for or written: tokens are read from the environment, or from .env. With --platform nothing is asked.",
    )
    .option("--platform <names>", `without questions: ${platformNames.join(", ")}, with commas`)
    .option("--store <file>", "where history is kept", "shop.duckdb")
    .option("--customer-property <name>", "contact property that holds the shop's customer number")
    .option(
      "--opt-out-property <name>",
      "contact property that is true for people who refuse profiling",
    )
    .option("--audience <id>", "of Mailchimp")
    .option("--login-url <url>", "of the Salesforce organisation")
    .option("--opt-out-field <name>", "the same of Salesforce's contacts")
    .option("--force", `write over an ${file} that stands already`)
    .option("--json", "print one JSON object, for programs")
    .addHelpText(
      "after",
      "\nExample:\n  inchworm init\n  inchworm init --platform hubspot --opt-out-property profiling_opt_out",
    )
    .action(async (options: InitOptions) => {
      const { say, result } = terminal(options);
      if (existsSync(file) && !options.force)
        throw new InchwormError("input", `${file} stands already.`, {
          hint: "Edit it, or write over it with --force.",
        });
      const answers =
        options.platform === undefined ? await ask(options) : given(options.platform, options);
      writeFileSync(file, configText(answers));
      const secrets = answers.platforms.flatMap((name) => platformQuestions[name].secrets);
      const missing = secrets.filter((name) => !process.env[name]);
      result({ file, platforms: answers.platforms, secrets, missing });
      say(`Wrote ${file}.`);
      if (missing.length > 0)
        say(`Put ${missing.join(", ")} into the environment or into .env; keep .env out of git.`);
      say("Next: inchworm doctor, then inchworm pull.");
    });
}

function given(list: string, options: InitOptions): Answers {
  const platforms = list.split(",").map((name) => name.trim());
  for (const name of platforms)
    if (!platformNames.includes(name as PlatformName))
      throw new InchwormError("input", `There is no platform "${name}".`, {
        hint: `There are ${platformNames.join(", ")}.`,
      });
  return answersOf(platforms as PlatformName[], options.store, (_, { flag }) =>
    String(options[flag as keyof InitOptions] ?? ""),
  );
}

async function ask(options: InitOptions): Promise<Answers> {
  if (!process.stdin.isTTY || options.json)
    throw new InchwormError("input", "There is nobody to ask.", {
      hint: "Say what is needed: inchworm init --platform hubspot.",
    });
  const { isCancel, multiselect, text } = await import("@clack/prompts");
  const answered = <T>(answer: T): Exclude<T, symbol> => {
    if (isCancel(answer)) throw interrupted();
    return answer as Exclude<T, symbol>;
  };
  const platforms = answered(
    await multiselect({
      message: "Which platforms?",
      options: platformNames.map((value) => ({ value, label: platformQuestions[value].label })),
    }),
  );
  const store = answered(
    await text({ message: "Where is history kept?", initialValue: options.store }),
  );
  const answers = new Map<string, string>();
  for (const name of platforms)
    for (const { option, message, placeholder } of platformQuestions[name].questions)
      answers.set(`${name} ${option}`, answered(await text({ message, placeholder })) ?? "");
  return answersOf(platforms, store, (name, { option }) => answers.get(`${name} ${option}`) ?? "");
}

function answersOf(
  platforms: readonly PlatformName[],
  store: string,
  answer: (name: PlatformName, question: { option: string; flag: string }) => string,
): Answers {
  const options = Object.fromEntries(
    platforms.map((name) => [
      name,
      Object.fromEntries(
        platformQuestions[name].questions.map((question) => [
          question.option,
          answer(name, question).trim(),
        ]),
      ),
    ]),
  );
  return { store, platforms, options };
}
