import type { ImportKind } from "../types/import.js";
import {
  campaign,
  currency,
  customer,
  email,
  engagementWords,
  item,
  when,
  words,
} from "./names.js";

/** How a column's text is read. A table of words says which of a file's words means which of ours. */
export type Reading =
  | "text"
  | "id"
  | "email"
  | "amount"
  | "quantity"
  | "instant"
  | "flag"
  | "cancelled"
  | Readonly<Record<string, readonly string[]>>;

export interface FieldSpec {
  readonly is: Reading;
  /** The file must have the column and every row a value. */
  readonly required?: true;
  /** Column names that mean it, the likeliest first; case, blanks and punctuation do not count. */
  readonly names: readonly string[];
}

/** What each kind of file can say. */
export const fieldsOf: Readonly<Record<ImportKind, Readonly<Record<string, FieldSpec>>>> = {
  contacts: {
    customer: { is: "id", names: [...customer, "id"] },
    email: { is: "email", names: email },
    firstName: { is: "text", names: words("firstname first givenname forename") },
    lastName: { is: "text", names: words("lastname last surname familyname") },
    phone: { is: "text", names: words("phone phonenumber mobile mobilephone telephone") },
    country: { is: "text", names: words("countrycode country addresscountry billingcountry") },
    region: { is: "text", names: words("region state province county") },
    city: { is: "text", names: words("city town") },
    postalCode: { is: "text", names: words("postalcode zip zipcode postcode") },
    timeZone: { is: "text", names: words("timezone tz") },
    language: { is: "text", names: words("language locale lang") },
    createdAt: {
      is: "instant",
      names: words(
        "createdat createdate created signupdate signedupat registeredat registrationdate joined joinedat optintime",
      ),
    },
    modifiedAt: {
      is: "instant",
      names: words("modifiedat lastmodified lastmodifieddate updatedat updated lastchanged"),
    },
  },
  orders: {
    order: {
      is: "id",
      names: words(
        "invoiceno invoice invoicenumber invoiceid orderid orderno ordernumber order orderref orderreference transactionid transaction receiptid receiptno basketid purchaseid saleid id",
      ),
    },
    customer: { is: "id", names: customer },
    email: { is: "email", names: email },
    date: {
      is: "instant",
      required: true,
      names: [
        ...words(
          "invoicedate orderdate orderedat purchasedate purchasedat purchasetime transactiondate orderpurchasetimestamp saledate",
        ),
        ...when,
        ...words("paidat processedat day"),
      ],
    },
    item: { is: "id", names: item },
    quantity: {
      is: "quantity",
      names: words("quantity qty lineitemquantity itemquantity units count"),
    },
    price: {
      is: "amount",
      names: words(
        "unitprice lineitemprice itemprice price priceperunit sellingprice productprice",
      ),
    },
    total: {
      is: "amount",
      names: words(
        "total totalprice ordertotal totalamount grandtotal amount ordervalue revenue sales value spend netamount paymentvalue sum",
      ),
    },
    currency: { is: "text", names: currency },
    lineId: {
      is: "id",
      names: words("lineid orderlineid lineitemid orderitemid linenumber lineno"),
    },
    cancelled: {
      is: "cancelled",
      names: words(
        "cancelledat canceledat cancelled canceled iscancelled iscanceled isreturn returned orderstatus financialstatus status",
      ),
    },
  },
  engagements: {
    customer: { is: "id", names: customer },
    email: { is: "email", names: [...email, "recipient", "subscriber"] },
    type: {
      is: engagementWords,
      required: true,
      names: words("type event eventtype eventname engagementtype action activity"),
    },
    date: {
      is: "instant",
      required: true,
      names: [...words("eventdate eventtime eventtimestamp"), ...when],
    },
    campaign: { is: "id", names: campaign },
    item: { is: "id", names: item },
    machine: { is: "flag", names: words("machine ismachine bot isbot machineopen") },
    id: { is: "id", names: words("eventid id uuid") },
  },
  consents: {
    customer: { is: "id", names: customer },
    email: { is: "email", names: email },
    purpose: {
      is: {
        profiling: words("profiling profile scoring personalisation personalization analytics"),
        email: words("email marketing newsletter mailing email_marketing"),
      },
      required: true,
      names: words("purpose consenttype channel type"),
    },
    status: {
      is: {
        granted: words("granted yes true 1 y t optin opt_in opted_in subscribed allowed given"),
        denied: words(
          "denied no false 0 n f optout opt_out opted_out unsubscribed refused withdrawn revoked",
        ),
        unknown: words("unknown pending none unset"),
      },
      required: true,
      names: words("status consent optin optedin subscribed granted value"),
    },
    date: {
      is: "instant",
      required: true,
      names: [...words("consentdate consentedat changedat"), ...when, "updatedat"],
    },
  },
  items: {
    item: {
      is: "id",
      required: true,
      names: [...item.filter((name) => !name.endsWith("name")), "id"],
    },
    name: { is: "text", names: words("name itemname productname title description") },
    category: {
      is: "text",
      names: words("category categoryname productcategory producttype type department"),
    },
    price: { is: "amount", names: words("price unitprice listprice") },
    currency: { is: "text", names: currency },
    kind: {
      is: {
        product: words("product products good goods"),
        content: words("content article post page video"),
        offer: words("offer coupon discount voucher promotion"),
      },
      names: words("kind itemkind"),
    },
    available: {
      is: {
        yes: words(
          "yes true 1 y t on available in_stock instock active preorder backorder limited",
        ),
        no: words(
          "no false 0 n f off unavailable out_of_stock outofstock sold_out soldout inactive",
        ),
      },
      names: words("available isavailable availability instock"),
    },
    // more than none in stock is available
    stock: { is: "quantity", names: words("stock stocklevel inventory inventoryquantity") },
    region: { is: "text", names: words("region salesregion market") },
    margin: { is: "amount", names: words("margin unitmargin") },
    cost: { is: "amount", names: words("cost unitcost") },
    brand: { is: "text", names: words("brand brandname manufacturer vendor") },
  },
  campaigns: {
    campaign: { is: "id", required: true, names: [...campaign.slice(0, 2), "id"] },
    channel: {
      is: {
        email: words("email mail newsletter"),
        sms: words("sms text"),
        push: words("push notification"),
        ad: words("ad ads paid"),
        other: ["other"],
      },
      names: words("channel type"),
    },
    name: { is: "text", names: words("name campaignname title") },
    subject: { is: "text", names: words("subject subjectline") },
    preview: { is: "text", names: words("preview previewtext preheader") },
    body: { is: "text", names: words("body content html text") },
    mediaType: { is: "text", names: words("mediatype media format") },
    color: { is: "text", names: words("color colour") },
    form: { is: "text", names: ["form"] },
    offer: { is: "text", names: words("offer discount") },
    kind: {
      is: {
        marketing: words("marketing promotional promotion newsletter bulk broadcast batch"),
        transactional: words(
          "transactional transaction confirmation receipt notification service system",
        ),
      },
      names: words("kind campaignkind messagekind mailkind"),
    },
    sentAt: {
      is: "instant",
      names: [...words("sentat senttime sentdate senddate sendtime"), ...when],
    },
  },
  contracts: {
    contract: {
      is: "id",
      names: words(
        "contractid contract contractnumber contractno subscriptionid subscription subscriptionnumber membershipid policyid policynumber policy agreementid id",
      ),
    },
    customer: { is: "id", names: customer },
    email: { is: "email", names: email },
    start: {
      is: "instant",
      required: true,
      names: words(
        "startdate startedat startat started start startdateutc startutc begindate began begin since subscribedat subscribedon signupdate activatedat activationdate activefrom validfrom contractstart contractstartdate subscriptionstart subscriptionstartdate createdat created createdutc",
      ),
    },
    // the next renewal's date, which many files have, is none that has happened
    renewedAt: {
      is: "instant",
      names: words(
        "renewedat renewedon lastrenewal lastrenewed lastrenewedat lastrenewaldate currentperiodstart currentperiodstartutc currenttermstart termstart",
      ),
    },
    end: {
      is: "instant",
      names: words(
        "enddate endedat endsat endat ended end endedatutc expiresat expireson expirydate expirationdate expires validto validuntil activeuntil contractend contractenddate subscriptionend subscriptionenddate",
      ),
    },
    cancelledAt: {
      is: "instant",
      names: words(
        "cancelledat canceledat cancelledon canceledon canceledatutc cancellationdate cancelationdate cancelleddate canceleddate canceldate churnedat churnedon churndate terminatedat terminationdate noticedate leftat lefton left",
      ),
    },
    plan: {
      is: "text",
      names: words(
        "plan planname planid product productname tier package subscriptiontype contracttype pricingplan",
      ),
    },
    price: {
      is: "amount",
      names: words(
        "price amount mrr fee planamount recurringamount monthlyfee monthlyprice monthlycharge charge",
      ),
    },
    currency: { is: "text", names: currency },
  },
  messages: {
    id: { is: "id", names: words("messageid id uuid") },
    customer: { is: "id", names: ["person", ...customer] },
    email: { is: "email", names: [...email, ...words("from sender fromemail senderemail author")] },
    date: { is: "instant", required: true, names: [...words("receivedat sentat"), ...when] },
    channel: { is: "text", names: words("channel medium via source") },
    text: {
      is: "text",
      required: true,
      names: words("text message messagetext body content comment question review feedback"),
    },
  },
  labels: {
    person: { is: "id", required: true, names: ["person", ...email, ...customer, "id"] },
    scorer: { is: "text", required: true, names: words("scorer score model prediction") },
    label: {
      is: { yes: words("yes true 1 y t on"), no: words("no false 0 n f off") },
      required: true,
      names: words("label outcome truth actual answer value"),
    },
    date: { is: "instant", required: true, names: ["day", ...when] },
    origin: { is: "text", names: words("origin source from") },
    author: { is: "text", names: words("author by who labeller labeler user") },
  },
};
