import { type ObjectDefinition, object } from "./schema.js";

/** What an organisation has switched on. */
export interface Features {
  /** Accounts that are people. Defaults to false. */
  readonly personAccounts?: boolean;
  /** The Individual object with people's privacy choices ("Data Protection and Privacy"). Defaults to true. */
  readonly individuals?: boolean;
  /** The Order object. Defaults to true. */
  readonly orders?: boolean;
  /** A currency on every record. Defaults to false. */
  readonly multiCurrency?: boolean;
}

const address = (prefix: string) => [
  `${prefix}Street textarea(255)`,
  `${prefix}City string(40)`,
  `${prefix}State string(80)`,
  `${prefix}PostalCode string(20)`,
  `${prefix}Country string(80)`,
];

const privacy = [
  "LastName string(80) !",
  "FirstName string(40)",
  "HasOptedOutProfiling boolean",
  "HasOptedOutProcessing boolean",
  "HasOptedOutSolicit boolean",
  "HasOptedOutTracking boolean",
  "ShouldForget boolean",
];

/** Standard objects with the fields that a marketing integration meets. Object reference of the platform, API version 60. */
export function standardObjects(features: Features): Map<string, ObjectDefinition> {
  const {
    personAccounts = false,
    individuals = true,
    orders = true,
    multiCurrency = false,
  } = features;
  const person = individuals ? ["IndividualId reference >Individual:Individual"] : [];
  const currency = multiCurrency ? ["CurrencyIsoCode picklist"] : [];
  const personal = personAccounts
    ? [
        "IsPersonAccount boolean r",
        "LastName string(80)",
        "FirstName string(40)",
        "PersonContactId reference r >Contact:PersonContact",
        "PersonEmail email",
        "PersonMobilePhone phone",
        "PersonHasOptedOutOfEmail boolean",
        ...address("PersonMailing"),
        ...(individuals ? ["PersonIndividualId reference >Individual:PersonIndividual"] : []),
      ]
    : [];
  const objects = [
    object(
      "Organization",
      "00D",
      ["Name string(80) r", "TimeZoneSidKey picklist r", "IsSandbox boolean r"],
      "r",
    ),
    object(
      "User",
      "005",
      ["Username string(80) r", "Name string(121) r", "IsActive boolean r"],
      "r",
    ),
    object(
      "Account",
      "001",
      ["Name string(255)", "Phone phone", ...address("Billing"), ...personal, ...currency],
      "m",
    ),
    object(
      "Contact",
      "003",
      [
        "LastName string(80) !",
        "FirstName string(40)",
        "Email email",
        "Phone phone",
        "MobilePhone phone",
        "Title string(128)",
        "AccountId reference >Account:Account:Contacts",
        "HasOptedOutOfEmail boolean",
        "DoNotCall boolean",
        "EmailBouncedDate datetime r",
        "LeadSource picklist",
        ...address("Mailing"),
        ...(personAccounts ? ["IsPersonAccount boolean r"] : []),
        ...person,
        ...currency,
      ],
      "m",
    ),
    object(
      "Lead",
      "00Q",
      [
        "LastName string(80) !",
        "FirstName string(40)",
        "Company string(255) !",
        "Email email",
        "Phone phone",
        "Status picklist =Open|Working|Closed",
        "Street textarea(255)",
        "City string(40)",
        "State string(80)",
        "PostalCode string(20)",
        "Country string(80)",
        "HasOptedOutOfEmail boolean",
        "DoNotCall boolean",
        "EmailBouncedDate datetime r",
        "IsConverted boolean r",
        "ConvertedDate date r",
        "ConvertedContactId reference r >Contact:ConvertedContact",
        "ConvertedAccountId reference r >Account:ConvertedAccount",
        ...person,
        ...currency,
      ],
      "m",
    ),
    ...(individuals ? [object("Individual", "0PK", privacy)] : []),
    object("Opportunity", "006", [
      "Name string(120) !",
      "StageName picklist !",
      "CloseDate date !",
      "Amount currency(18,2)",
      "AccountId reference >Account:Account:Opportunities",
      "IsWon boolean r",
      "IsClosed boolean r",
      ...currency,
    ]),
    object("OpportunityContactRole", "00K", [
      "OpportunityId reference ! c >Opportunity:Opportunity:OpportunityContactRoles",
      "ContactId reference ! >Contact:Contact:OpportunityContactRoles",
      "IsPrimary boolean",
      "Role picklist",
    ]),
    object("Product2", "01t", [
      "Name string(255) !",
      "ProductCode string(255)",
      "Family picklist",
      "IsActive boolean",
    ]),
    object("OpportunityLineItem", "00k", [
      "OpportunityId reference ! c >Opportunity:Opportunity:OpportunityLineItems",
      "Product2Id reference c >Product2:Product2",
      "Quantity double(12,2) !",
      "UnitPrice currency(18,2)",
      ...currency,
    ]),
    ...(orders
      ? [
          object("Order", "801", [
            "AccountId reference >Account:Account:Orders",
            "BillToContactId reference >Contact:BillToContact",
            "EffectiveDate date !",
            "Status picklist",
            "StatusCode picklist r",
            "TotalAmount currency(18,2) r",
            ...currency,
          ]),
          object("OrderItem", "802", [
            "OrderId reference ! c >Order:Order:OrderItems",
            "Product2Id reference c >Product2:Product2",
            "Quantity double(12,2) !",
            "UnitPrice currency(18,2)",
          ]),
        ]
      : []),
    object("Campaign", "701", [
      "Name string(80) !",
      "Type picklist",
      "Status picklist",
      "StartDate date",
      "EndDate date",
      "IsActive boolean",
      "Description textarea(32000)",
    ]),
    object("CampaignMember", "00v", [
      "CampaignId reference ! c >Campaign:Campaign:CampaignMembers",
      "ContactId reference c >Contact:Contact:CampaignMembers",
      "LeadId reference c >Lead:Lead:CampaignMembers",
      "Status picklist",
      "HasResponded boolean r",
      "FirstRespondedDate date r",
    ]),
    object("EmailMessage", "02s", [
      "Subject string(3000)",
      "TextBody textarea(32000)",
      "Incoming boolean",
      "MessageDate datetime",
      "Status picklist",
      "FirstOpenedDate datetime r",
      "LastOpenedDate datetime r",
      "IsBounced boolean r",
    ]),
    object("EmailMessageRelation", "0e8", [
      "EmailMessageId reference ! c >EmailMessage:EmailMessage:EmailMessageRelations",
      "RelationId reference c >Contact:Relation",
      "RelationType picklist =FromAddress|ToAddress|CcAddress|BccAddress|OtherAddress",
      "RelationObjectType picklist r",
    ]),
    object("PermissionSet", "0PS", [
      "Name string(80) ! c",
      "Label string(80) !",
      "Description string(255)",
    ]),
    object("FieldPermissions", "01k", [
      "ParentId reference ! c >PermissionSet:Parent:FieldPerms",
      "SobjectType picklist ! c",
      "Field picklist ! c",
      "PermissionsRead boolean",
      "PermissionsEdit boolean",
    ]),
    object("PermissionSetAssignment", "0Pa", [
      "AssigneeId reference ! c >User:Assignee",
      "PermissionSetId reference ! c >PermissionSet:PermissionSet:Assignments",
    ]),
  ];
  return new Map(objects.map((one) => [one.name.toLowerCase(), one]));
}
