export {
  type AccountEngagement,
  accountEngagement,
} from "./account-engagement/account-engagement.js";
export type { ListEmailStats } from "./account-engagement/list-emails.js";
export type {
  AccountEngagementLane,
  AccountEngagementOptions,
} from "./account-engagement/options.js";
export type { Login, Session } from "./login/login.js";
export type { LoginOptions } from "./login/options.js";
export type { LaneName, SalesforceOptions } from "./options.js";
export { type Salesforce, salesforce } from "./salesforce.js";
export type { Bundle } from "./scores/bundle.js";
export type { Scores } from "./scores/scores.js";
