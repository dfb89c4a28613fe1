export type { Login, Session } from "./login/login.js";
export type { LoginOptions } from "./login/options.js";
export type { LaneName, SalesforceOptions } from "./options.js";
export { type Salesforce, salesforce } from "./salesforce.js";
export type { Bundle } from "./scores/bundle.js";
export type { Scores } from "./scores/scores.js";
