import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HubspotSandbox, hubspotSandbox } from "@inchworm/sandbox";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// The command as it is shipped: `npm test` builds it first.
const command = new URL("../packages/cli/dist/main.js", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "inchworm-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

const environment = (extra: Record<string, string> = {}) => {
  const { HUBSPOT_TOKEN: _, HUBSPOT_BASE_URL: __, ...rest } = process.env;
  return { ...rest, ...extra };
};

const run = (args: readonly string[], env: Record<string, string> = {}): Promise<Ran> =>
  new Promise((resolve) =>
    execFile(
      process.execPath,
      [command, ...args],
      { cwd: folder, env: environment(env), timeout: 50_000 },
      (failure, out, error) => resolve({ code: failure ? Number(failure.code) : 0, out, error }),
    ),
  );

/** One line that says what is wrong and what to do, and the exit code that scripts may trust. */
function expectOneLine(ran: Ran, code: number, ...words: readonly (string | RegExp)[]): void {
  expect(ran.error.trim().split("\n")).toHaveLength(1);
  for (const word of words) expect(ran.error).toMatch(word);
  expect(ran.error).not.toMatch(/\bat .*:\d+:\d+/);
  expect({ code: ran.code, out: ran.out }).toEqual({ code, out: "" });
}

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};

describe("a newcomer's mistakes each get one line that says what to do", () => {
  let portal: HubspotSandbox;
  let narrow: HubspotSandbox;
  beforeAll(async () => {
    portal = await hubspotSandbox();
    narrow = await hubspotSandbox({ scopes: ["oauth"] });
  });
  afterAll(async () => {
    await portal.close();
    await narrow.close();
  });

  it("no token", async () => {
    expectOneLine(await run(["pull", "--store", "never.duckdb"]), 4, "HUBSPOT_TOKEN");
    expect(existsSync(join(folder, "never.duckdb"))).toBe(false);
  });

  it("a wrong token, which is not shown", async () => {
    const ran = await run(["pull", "--store", "a.duckdb", "--hubspot-url", portal.url], {
      HUBSPOT_TOKEN: "pat-wrong-secret",
    });
    expectOneLine(ran, 4, /token/i);
    expect(ran.error).not.toContain("pat-wrong-secret");
  });

  it("a missing scope, by name", async () => {
    const ran = await run(["pull", "--store", "a.duckdb", "--hubspot-url", narrow.url], {
      HUBSPOT_TOKEN: narrow.token,
    });
    expectOneLine(ran, 4, "crm.objects.contacts.read");
  });

  it("what doctor finds: no token, a missing scope, a missing property", async () => {
    const doctor = (at: HubspotSandbox | undefined, ...args: readonly string[]) =>
      run(
        ["doctor", "--store", "never.duckdb", ...args, ...(at ? ["--hubspot-url", at.url] : [])],
        at && { HUBSPOT_TOKEN: at.token },
      );
    const none = await doctor(undefined);
    expect([none.code, none.error]).toEqual([4, ""]);
    expect(none.out).toMatch(/FAIL hubspot: .*HUBSPOT_TOKEN/);
    const scope = await doctor(narrow);
    expect(scope.code).toBe(4);
    expect(scope.out).toContain("FAIL crm.objects.contacts.read");
    const property = await doctor(portal, "--customer-property", "nowhere");
    expect(property.code).toBe(2);
    expect(property.out).toMatch(/FAIL customerIdProperty: .*"nowhere"/);
  });

  it("no network", async () => {
    const nowhere = ["--hubspot-url", "http://127.0.0.1:9"];
    const ran = await run(["pull", "--store", "a.duckdb", ...nowhere], { HUBSPOT_TOKEN: "x" });
    expectOneLine(ran, 5, "127.0.0.1:9");
  });

  it("a file that is not there", async () => {
    expectOneLine(await run(["import", "orders", "nowhere.csv"]), 2, "nowhere.csv");
  });

  it("a folder", async () => {
    mkdirSync(join(folder, "orders"), { recursive: true });
    expectOneLine(await run(["import", "orders", "orders"]), 2, /folder|directory/);
  });

  it("an empty file", async () => {
    expectOneLine(await run(["import", "orders", file("empty.csv", "")]), 2, "empty");
  });

  it("a column that is not there, with those that are", async () => {
    const name = file("columns.csv", "when,what,who\n2024-01-01,tea,7\n");
    const ran = await run(["import", "orders", name, "--map", "customer=Customer ID"]);
    expectOneLine(ran, 2, "Customer ID", "who");
  });

  it("an unknown kind, option and command", async () => {
    expectOneLine(await run(["import", "people", "x.csv"]), 2, "contacts, orders");
    expect((await run(["train", "--horizon", "soon"])).error).toMatch(/whole number/);
    expect((await run(["trian"])).error).toMatch(/train/);
  });

  it("steps in the wrong order", async () => {
    const orders = file("few.csv", "order,customer,date,total\n1,7,2024-01-01,9.50\n");
    expect((await run(["import", "orders", orders, "--store", "c.duckdb"])).code).toBe(0);
    expectOneLine(await run(["train", "--store", "c.duckdb"]), 7, "history");
    expectOneLine(await run(["score", "--store", "c.duckdb"]), 7, "inchworm train");
    const plan = await run(["plan", "--store", "c.duckdb", "--hubspot-url", portal.url], {
      HUBSPOT_TOKEN: portal.token,
    });
    expectOneLine(plan, 7, "inchworm train");
    const push = await run(["push", "--store", "c.duckdb", "--hubspot-url", portal.url], {
      HUBSPOT_TOKEN: portal.token,
    });
    expectOneLine(push, 7, "inchworm plan");
    expectOneLine(await run(["explain", "nobody@example.com", "--store", "c.duckdb"]), 2, "Nobody");
  });

  it("a store that is not there, which only history coming in makes", async () => {
    const env = { HUBSPOT_TOKEN: portal.token, HUBSPOT_BASE_URL: portal.url };
    for (const args of [
      ["train"],
      ["score"],
      ["plan"],
      ["push"],
      ["explain", "a"],
      ["forget", "a"],
    ])
      expectOneLine(
        await run([...args, "--store", "typo.duckdb"], env),
        7,
        "no store at typo.duckdb. Import or pull first",
      );
    expect(existsSync(join(folder, "typo.duckdb"))).toBe(false);
  });

  it("a pull that leaves opt-outs unread", async () => {
    const env = { HUBSPOT_TOKEN: portal.token, HUBSPOT_BASE_URL: portal.url };
    const { code, out } = await run(["pull", "--store", "d.duckdb"], env);
    expect(code).toBe(0);
    expect(out).toMatch(/not read: name the property with --opt-out-property/);
    expect(out).not.toMatch(/refuse profiling/);
    const { out: json } = await run(["pull", "--store", "d.duckdb", "--json"], env);
    expect(JSON.parse(json)).toMatchObject({ profilingOptOut: "not read" });
  });

  it("a taken port", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    expectOneLine(await run(["sandbox", "--port", String(port)]), 2, String(port));
    server.close();
  });

  it("a store in use, by which process", async () => {
    const holder: ChildProcess = spawn(
      process.execPath,
      [
        "--input-type=module",
        "-e",
        'import { openStore } from "@inchworm/store"; await openStore(process.argv[1]); console.log("open"); setInterval(() => {}, 1000);',
        join(folder, "held.duckdb"),
      ],
      { cwd: new URL("..", import.meta.url).pathname, stdio: ["ignore", "pipe", "inherit"] },
    );
    await new Promise((resolve) => holder.stdout?.once("data", resolve));
    const ran = await run(["score", "--store", "held.duckdb"]);
    holder.kill("SIGKILL");
    expectOneLine(ran, 6, String(holder.pid));
  });

  it("errors are objects with --json", async () => {
    const ran = await run(["import", "orders", "nowhere.csv", "--json"]);
    expect(ran.code).toBe(2);
    expect(JSON.parse(ran.out)).toMatchObject({ error: { code: "input" } });
    expect(ran.error).toBe("");
  });

  it("so are those of a command line that makes no sense", async () => {
    const cases: readonly (readonly [readonly string[], string])[] = [
      [["trian"], "train"],
      [["import"], "missing required argument"],
      [["train", "--horizont", "9"], "unknown option"],
      [["import", "orders", "x.csv", "--decimal", ";"], "Allowed choices"],
    ];
    for (const [args, word] of cases) {
      const ran = await run([...args, "--json"]);
      expect({ code: ran.code, error: ran.error }).toEqual({ code: 2, error: "" });
      const { error } = JSON.parse(ran.out);
      expect(error).toMatchObject({ code: "input", hint: expect.stringContaining("--help") });
      expect(error.message).toMatch(word);
      expect(error.message).not.toMatch(/^error|\n/);
    }
  });

  it("an interruption has one wording, and its own exit code", async () => {
    const child = spawn(process.execPath, [command, "demo", "--contacts", "3000"], { cwd: folder });
    let said = "";
    child.stderr.on("data", (text) => {
      said += text;
    });
    child.stdout.once("data", () => child.kill("SIGINT"));
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect(code).toBe(130);
    expect(said).toMatch(/^inchworm: Interrupted\. [^\n]*run the same command again to go on\.\n$/);
  });

  it("a reader that goes early is no fault", async () => {
    const child = spawn(process.execPath, [command, "demo", "--help"], { cwd: folder });
    child.stdout.destroy();
    let said = "";
    child.stderr.on("data", (text) => {
      said += text;
    });
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect({ code, said }).toEqual({ code: 0, said: "" });
  });
});

describe("--help", () => {
  it("has an example in each command", async () => {
    const { out } = await run(["--help"]);
    const names = [...out.matchAll(/^ {2}(\w+)(?: \[options\]| <)/gm)].map((match) => match[1]);
    expect(names).toEqual(
      expect.arrayContaining([
        "demo",
        "import",
        "pull",
        "train",
        "score",
        "plan",
        "push",
        "explain",
        "forget",
        "doctor",
        "sandbox",
      ]),
    );
    for (const name of names.filter((name) => name !== "help")) {
      const help = await run([name, "--help"]);
      expect(help).toMatchObject({ code: 0, error: "" });
      expect(help.out).toMatch(new RegExp(`Examples?:\\n.*inchworm.* ${name}`, "s"));
    }
  });
});
