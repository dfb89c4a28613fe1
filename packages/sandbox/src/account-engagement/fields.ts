export type FieldKind = "integer" | "number" | "text" | "boolean" | "datetime";

/** A field of one of the unit's objects. */
export interface FieldDefinition {
  readonly name: string;
  readonly kind: FieldKind;
  /** Whether requests may change it. */
  readonly editable: boolean;
  /** Custom fields of several values are left out of queries; a single read gives them. */
  readonly unqueried?: boolean;
  readonly longest?: number;
}

const of =
  (kind: FieldKind, editable: boolean) =>
  (name: string): FieldDefinition => ({ name, kind, editable });

function fields(definitions: readonly FieldDefinition[]): Map<string, FieldDefinition> {
  return new Map(definitions.map((one) => [one.name, one]));
}

const words = (text: string) => text.trim().split(/\s+/);

/** https://developer.salesforce.com/docs/marketing/pardot/guide/prospect-v5.html */
export function prospectFields(): Map<string, FieldDefinition> {
  return fields([
    ...words(
      "addressOne addressTwo annualRevenue city comments company country department email employees fax firstName industry jobTitle lastName notes password phone salesforceContactId salesforceLeadId salesforceOwnerId salutation source state territory website yearsInBusiness zip",
    ).map(of("text", true)),
    ...words("isDoNotCall isDoNotEmail isReviewed isStarred optedOut").map(of("boolean", true)),
    ...words("campaignId prospectAccountId profileId score").map(of("integer", true)),
    ...words("id assignedToId createdById lifecycleStageId updatedById userId").map(
      of("integer", false),
    ),
    ...words(
      "campaignParameter contentParameter convertedFromObjectName convertedFromObjectType emailBouncedReason firstReferrerQuery firstReferrerType firstReferrerUrl grade mediumParameter recentInteraction salesforceAccountId salesforceCampaignId salesforceId salesforceUrl sourceParameter termParameter",
    ).map(of("text", false)),
    ...words("isDeleted isEmailHardBounced").map(of("boolean", false)),
    ...words(
      "convertedAt createdAt emailBouncedAt firstActivityAt firstAssignedAt lastActivityAt salesforceLastSync updatedAt",
    ).map(of("datetime", false)),
  ]);
}

/** https://developer.salesforce.com/docs/marketing/pardot/guide/visitor-activity-v5.html */
export function activityFields(): Map<string, FieldDefinition> {
  return fields([
    ...words(
      "id campaignId customRedirectId emailId emailTemplateId fileId formHandlerId formId landingPageId listEmailId opportunityId prospectId type visitId visitorId visitorPageViewId",
    ).map(of("integer", false)),
    ...words("details typeName").map(of("text", false)),
    ...words("createdAt updatedAt").map(of("datetime", false)),
  ]);
}

/** https://developer.salesforce.com/docs/marketing/pardot/guide/list-email-v5.html */
export function listEmailFields(): Map<string, FieldDefinition> {
  return fields([
    ...words(
      "id campaignId emailTemplateId trackerDomainId folderId createdById updatedById type",
    ).map(of("integer", false)),
    ...words("name subject clientType").map(of("text", false)),
    ...words("isPaused isSent isDeleted isOperational").map(of("boolean", false)),
    ...words("createdAt updatedAt sentAt").map(of("datetime", false)),
  ]);
}

/** https://developer.salesforce.com/docs/marketing/pardot/guide/custom-field-v5.html */
export function customFieldFields(): Map<string, FieldDefinition> {
  return fields([
    ...words("id createdById updatedById").map(of("integer", false)),
    ...words("name fieldId apiFieldId type salesforceId").map(of("text", false)),
    ...words("isRecordMultipleResponses isUseValues isRequired isAnalyticsSynced").map(
      of("boolean", false),
    ),
    ...words("createdAt updatedAt").map(of("datetime", false)),
  ]);
}

/** Counts of a list e-mail. */
export const statNames = words(
  "sent delivered totalClicks uniqueClicks softBounced hardBounced optOuts spamComplaints opens uniqueOpens",
);
