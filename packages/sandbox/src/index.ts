export { accountEngagementSandbox } from "./account-engagement/account-engagement-sandbox.js";
export type {
  AccountEngagementActivityInput,
  AccountEngagementFaults,
  AccountEngagementFieldInput,
  AccountEngagementListEmailInput,
  AccountEngagementProspect,
  AccountEngagementRequestCounts,
  AccountEngagementSandbox,
  AccountEngagementSandboxOptions,
  AccountEngagementWrite,
} from "./account-engagement/types.js";
export {
  type HubspotContactInput,
  hubspotProperties,
  shopProperties,
} from "./hubspot/contact-properties.js";
export { hubspotSandbox } from "./hubspot/hubspot-sandbox.js";
export type {
  HubspotContact,
  HubspotEmail,
  HubspotEmailEvent,
  HubspotFaults,
  HubspotList,
  HubspotObject,
  HubspotObjectType,
  HubspotPropertyInput,
  HubspotSandbox,
  HubspotSandboxOptions,
  HubspotTier,
  PropertyWrite,
  PropertyWrites,
  RequestCounts,
} from "./hubspot/types.js";
export { mailchimpSandbox } from "./mailchimp/mailchimp-sandbox.js";
export type {
  MailchimpCampaignInput,
  MailchimpFaults,
  MailchimpFieldInput,
  MailchimpMember,
  MailchimpMemberInput,
  MailchimpOrderInput,
  MailchimpProductInput,
  MailchimpReceipt,
  MailchimpRequests,
  MailchimpSandbox,
  MailchimpSandboxOptions,
  MailchimpStatus,
  MergeWrite,
} from "./mailchimp/types.js";
export { fillSalesforce } from "./salesforce/fill.js";
export { salesforceSandbox } from "./salesforce/salesforce-sandbox.js";
export type {
  SalesforceFaults,
  SalesforceFieldInput,
  SalesforceRecord,
  SalesforceRequestCounts,
  SalesforceSandbox,
  SalesforceSandboxOptions,
  SalesforceWrite,
} from "./salesforce/types.js";
export type { CampaignTruth } from "./shop/campaigns.js";
export type { ShopContact } from "./shop/contact.js";
export type { GroupName } from "./shop/groups.js";
export type { Stage } from "./shop/life.js";
export { type Lift, type LiftOptions, plantedLift } from "./shop/lift.js";
export type { Chronotype } from "./shop/rhythm.js";
export { type BatchOptions, madeUpShop, type Shop, type ShopOptions } from "./shop/shop.js";
export type { ShopTruth } from "./shop/truth.js";
export {
  type ShopCounts,
  type ShopFiles,
  type WriteShopOptions,
  writeShop,
} from "./shop/write.js";
export type { LoggedRequest, Recording } from "./stand-in/journal.js";
