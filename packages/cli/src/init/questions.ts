/** What an account of a platform is asked for. */
export interface Question {
  /** The option of the adapter. */
  readonly option: string;
  readonly flag: string;
  readonly message: string;
  readonly placeholder: string;
}

export interface PlatformQuestions {
  readonly label: string;
  /** Environment variables that hold its secrets. */
  readonly secrets: readonly string[];
  readonly questions: readonly Question[];
}

export const platformQuestions = {
  hubspot: {
    label: "HubSpot",
    secrets: ["HUBSPOT_TOKEN"],
    questions: [
      {
        option: "customerIdProperty",
        flag: "customerProperty",
        message: "Which contact property holds the shop's customer number? (empty: none)",
        placeholder: "customer_id",
      },
      {
        option: "profilingOptOutProperty",
        flag: "optOutProperty",
        message: "Which contact property says that somebody refuses profiling? (empty: none)",
        placeholder: "profiling_opt_out",
      },
    ],
  },
  mailchimp: {
    label: "Mailchimp",
    secrets: ["MAILCHIMP_API_KEY"],
    questions: [
      {
        option: "audience",
        flag: "audience",
        message: "Which audience? Its id stands under Audience > Settings.",
        placeholder: "a1b2c3d4e5",
      },
    ],
  },
  salesforce: {
    label: "Salesforce",
    secrets: ["SALESFORCE_CLIENT_ID", "SALESFORCE_CLIENT_SECRET"],
    questions: [
      {
        option: "loginUrl",
        flag: "loginUrl",
        message: "Where does the organisation log in?",
        placeholder: "https://example.my.salesforce.com",
      },
      {
        option: "profilingOptOutField",
        flag: "optOutField",
        message: "Which contact field says that somebody refuses profiling? (empty: none)",
        placeholder: "No_Profiling__c",
      },
    ],
  },
} satisfies Readonly<Record<string, PlatformQuestions>>;

export type PlatformName = keyof typeof platformQuestions;
export const platformNames = Object.keys(platformQuestions) as readonly PlatformName[];
