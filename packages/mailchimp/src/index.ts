export { type Mailchimp, mailchimp } from "./mailchimp.js";
export type { MailchimpOptions } from "./options.js";
