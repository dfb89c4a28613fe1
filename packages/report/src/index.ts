export { type Gain, gainsOf } from "./charts/gains.js";
export { type ReportHtmlOptions, reportHtml } from "./report-html.js";
export { type Choice, choicesOf } from "./sections/slider.js";
