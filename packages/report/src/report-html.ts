import { createHash } from "node:crypto";
import type { ReportData } from "@inchworm/core";
import { InchwormError } from "@inchworm/spec";
import { format as formatOf, type Html, html, joined } from "./format.js";
import { script } from "./script.js";
import { contactSection } from "./sections/contact.js";
import { anchor, front } from "./sections/front.js";
import { proofSection } from "./sections/proof.js";
import { recommendSection } from "./sections/recommend.js";
import { scorerSection } from "./sections/scorer.js";
import { segmentSections } from "./sections/segments.js";
import { timingSection } from "./sections/timing.js";
import { style } from "./style.js";

export interface ReportHtmlOptions {
  /** How numbers and days are written, a BCP 47 name such as "de-DE". Defaults to "en-GB". */
  readonly locale?: string;
  /** Defaults to "What Inchworm learned". */
  readonly title?: string;
}

const defaults = {
  locale: "en-GB",
  title: "What Inchworm learned",
} satisfies Required<ReportHtmlOptions>;

/**
 * One HTML file that needs nothing else: no network, no other file. The same data and options give the same bytes. Names from the
 * data stay text, whatever they hold.
 *
 * @throws InchwormError "input" for a locale that is none
 * @example
 * await writeFile("report.html", reportHtml(await shop.reportData(), { locale: "de-DE" }));
 */
export function reportHtml(data: ReportData, options: ReportHtmlOptions = {}): string {
  const { locale, title } = { ...defaults, ...options };
  const format = formatOf(knownLocale(locale));
  const sections: readonly (readonly [id: string, name: string, section: Html | undefined])[] = [
    ["front", "At a glance", front(data, format)],
    ["contact", "Contact", contactSection(data, format)],
    ...data.scorers.map(
      (scorer) =>
        [`scorer-${anchor(scorer.name)}`, scorer.name, scorerSection(scorer, format)] as const,
    ),
    ["segments", "Who is in which segment", segmentSections(data, format)],
    ["timing", "Timing", timingSection(data, format)],
    ["recommendations", "Recommendations", recommendSection(data, format)],
    ["proof", "Proof", proofSection(data, format)],
  ];
  const shown = sections.filter(([, , section]) => section);
  const policy = `default-src 'none'; style-src '${digest(style)}'; script-src '${digest(script)}'; img-src data:; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en" data-locale="${format.locale}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>${title} – ${format.day(data.asOf - 1)}</title>
<style>${raw(style)}</style>
</head>
<body>
<a class="skip" href="#main">To the report</a>
<header>
<h1>${title}</h1>
<p class="quiet">As history stood at the end of ${format.day(data.asOf - 1)}. Everything here was counted on the machine that holds the store.</p>
<nav aria-label="Parts of the report"><ul>${shown.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
</header>
<main id="main">
${joined(shown.map(([, , section]) => section))}
</main>
<footer><p>Intervals are ${format.percent(0.95, 0)} unless said otherwise. Models are judged on later days that training never saw, beside a simple rule. E-mail addresses are masked unless the report was asked to show them.</p></footer>
<script>${raw(script)}</script>
</body>
</html>
`.html;
}

/** Our own text, which holds no "</". */
const raw = (text: string): Html => ({ html: text });

/** What the page's own policy allows to run: this text and no other. */
const digest = (text: string): string =>
  `sha256-${createHash("sha256").update(text).digest("base64")}`;

function knownLocale(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? defaults.locale;
  } catch (cause) {
    throw new InchwormError("input", `"${locale}" is no locale.`, {
      hint: 'Give a name such as "en-GB" or "de-DE".',
      cause,
    });
  }
}
