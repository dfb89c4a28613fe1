import type { PlatformName } from "./questions.js";

export interface Answers {
  readonly store: string;
  readonly platforms: readonly PlatformName[];
  /** Options of each account, by platform; empty ones are left out. */
  readonly options: Readonly<Partial<Record<PlatformName, Readonly<Record<string, string>>>>>;
}

/** The text of `inchworm.config.ts`. No secret stands in it: adapters read theirs from the environment. */
export function configText({ store, platforms, options }: Answers): string {
  const line = (what: string, name: string) =>
    `import { ${what} } from ${JSON.stringify(`@inchworm/${name}`)};\n`;
  const imports = platforms.map((name) => line(name, name));
  const accounts = platforms.map((name) => {
    const set = Object.entries(options[name] ?? {}).filter(([, value]) => value !== "");
    const inside = set.map(([key, value]) => `      ${key}: ${JSON.stringify(value)},\n`).join("");
    return set.length === 0 ? `    ${name}(),\n` : `    ${name}({\n${inside}    }),\n`;
  });
  return `${line("defineConfig", "cli")}${imports.join("")}
export default defineConfig({
  store: ${JSON.stringify(store)},
  accounts: [
${accounts.join("")}  ],
});
`;
}
