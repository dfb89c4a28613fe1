import type { EngagementType } from "@inchworm/spec";
import type { ImportKind } from "../types.js";

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

const customer = [
  ..."customerid customer customernumber customerno custid clientid client userid user memberid member".split(
    " ",
  ),
  ..."accountid account buyerid shopperid contactid contact personid recordid".split(" "),
];
const email = words(
  "email emailaddress customeremail mail contactemail billingemail useremail buyeremail",
);
const item = words(
  "stockcode sku lineitemsku productid itemid productcode itemcode articleid article product item variantid upc ean lineitemname productname itemname",
);
const campaign = words("campaignid campaign campaignname mailingid mailing messageid");
const when = words("date at timestamp datetime time occurredat createdat");
const currency = words("currency currencycode presentmentcurrency");

const engagementWords: Readonly<Record<EngagementType, readonly string[]>> = {
  sent: words("sent send sends processed email_sent"),
  delivered: words("delivered delivery email_delivered"),
  open: words("open opened opens email_open email_opened"),
  click: words("click clicked clicks email_click email_clicked link_clicked"),
  reply: words("reply replied response"),
  bounce: words("bounce bounced hard_bounce soft_bounce hardbounce softbounce dropped undelivered"),
  unsubscribe: words("unsubscribe unsubscribed unsub opt_out optout"),
  complaint: words("complaint complained spam spamreport spam_report abuse"),
  visit: words("visit visited session page_view pageview"),
  view: words("view viewed product_view product_viewed view_item viewed_product"),
  cart: words("cart add_to_cart addtocart added_to_cart basket"),
  form: words("form form_submitted form_submission form_submit formsubmit submitted_form submit"),
};

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

function words(text: string): readonly string[] {
  return text.split(" ");
}
