import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { reportHtml } from "@inchworm/report";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { madeUpData } from "../packages/report/src/__fixtures__/made-up-data.js";
import { smallShop } from "../packages/report/src/__fixtures__/small-shop.js";

const binary = "/usr/bin/chromium";
const there = existsSync(binary);
if (!there)
  console.warn(
    `The report is not looked at in a browser: there is no ${binary}. Install chromium to have it so.`,
  );

const folder = mkdtempSync(join(tmpdir(), "inchworm-report-page-"));
const file = join(folder, "report.html");
let browser: Browser;

/** A page with the report, and everything that it complained of or asked the network for. */
async function open(options: BrowserContextOptions = {}): Promise<{ page: Page; wrong: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on("console", (message) => wrong.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (!/^(?:file|data):/.test(request.url())) wrong.push(`request: ${request.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  return { page, wrong };
}

describe.skipIf(!there)("the report in a browser", () => {
  beforeAll(async () => {
    const shop = await smallShop();
    try {
      const data = await shop.workspace.reportData({ contact: "customer:C000004" });
      // hours need a longer history than so small a shop has
      const hours = Array.from({ length: 168 }, (_, hour) => ({ hour, contacts: (hour * 7) % 23 }));
      const { pairs, deliveries, proof } = madeUpData("hubspot:scores");
      writeFileSync(
        file,
        reportHtml({ ...data, hours, pairs, deliveries, ...(proof && { proof }) }),
      );
    } finally {
      await shop.close();
    }
    browser = await chromium.launch({ executablePath: binary, args: ["--no-sandbox"] });
  }, 180_000); // it trains two models first
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("loads without a complaint, and asks nobody for anything", async () => {
    const { page, wrong } = await open();
    await page.locator("footer").scrollIntoViewIfNeeded();
    expect(await page.locator("figure").count()).toBeGreaterThan(8);
    expect(wrong).toEqual([]);
    expect(statSync(file).size).toBeLessThan(3_000_000);
    await page.context().close();
  });

  it("moves the slider by keyboard, and tells the numbers of its table", async () => {
    const { page, wrong } = await open({ locale: "en-GB" });
    const tool = page.locator("#slider-churn-tool");
    const choices = JSON.parse((await tool.getAttribute("data-choices")) ?? "[]") as number[][];
    const range = tool.locator("input[type=range]");
    await range.focus();
    const expectAt = async (step: number) => {
      const [people, hits] = choices[step - 1];
      expect(await range.inputValue()).toBe(String(step));
      const said = async (name: string) =>
        Number((await tool.locator(`[data-of=${name}]`).textContent())?.replaceAll(",", ""));
      expect(await said("people")).toBe(people);
      expect(await said("hits")).toBe(Math.round(hits));
      expect(await said("misses")).toBe(Math.round(people - hits));
      expect(await range.getAttribute("aria-valuetext")).toBe(`${people} people`);
    };
    await expectAt(20);
    await page.keyboard.press("ArrowRight");
    await expectAt(21);
    await page.keyboard.press("Home");
    await expectAt(1);
    await page.keyboard.press("End");
    await expectAt(100);
    await tool.locator("[data-of=cost]").fill("2.5");
    expect(
      Number((await tool.locator("[data-of=total]").textContent())?.replaceAll(",", "")),
    ).toBeCloseTo(2.5 * choices[99][0], -1);
    expect(await tool.locator("[data-of=left]").isVisible()).toBe(false);
    await tool.locator("[data-of=worth]").fill("10");
    expect(await tool.locator("[data-of=left]").isVisible()).toBe(true);
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it("gives the numbers of a chart as a file", async () => {
    const { page } = await open();
    await page.locator("#spread-churn summary").click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator("#spread-churn a.csv").click(),
    ]);
    expect(download.suggestedFilename()).toBe("spread-churn.csv");
    expect(readFileSync(await download.path(), "utf8")).toMatch(
      /^from,to,contacts\r\n0,0\.05,\d+\r\n/,
    );
    await page.context().close();
  });

  it.each(["light", "dark"] as const)(
    "has no serious fault of accessibility in the %s scheme",
    async (colorScheme) => {
      const { page } = await open({ colorScheme, bypassCSP: true });
      for (const summary of await page.locator("summary").all()) await summary.click();
      await page.evaluate(
        readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"),
      );
      const faults = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as {
          axe: {
            run(): Promise<{
              violations: { id: string; impact: string; nodes: { html: string }[] }[];
            }>;
          };
        };
        return (await axe.run()).violations.map(({ id, impact, nodes }) => ({
          id,
          impact,
          html: nodes[0]?.html,
        }));
      });
      expect(faults).toEqual([]);
      expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
        colorScheme === "light" ? "rgb(255, 255, 255)" : "rgb(16, 22, 31)",
      );
      await page.context().close();
    },
  );

  it("fits a phone without scrolling sideways", async () => {
    const { page } = await open({ viewport: { width: 360, height: 740 }, isMobile: true });
    for (const summary of await page.locator("summary").all()) await summary.click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await page.context().close();
  });

  it("prints dark on white, without what is of no use on paper", async () => {
    const { page } = await open({ colorScheme: "dark" });
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await page.locator("nav").isVisible()).toBe(false);
    expect(await page.locator(".slider input[type=range]").first().isVisible()).toBe(false);
    expect(await page.locator("#slider-churn .result").first().isVisible()).toBe(true);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      "rgb(255, 255, 255)",
    );
    const paper = await page.pdf({ format: "A4" });
    expect(paper.subarray(0, 5).toString()).toBe("%PDF-");
    await page.context().close();
  });
});
