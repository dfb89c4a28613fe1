import type { EngagementType } from "@inchworm/spec";

/** Column names that several kinds of file share, and words of their cells. */
export const customer = [
  ..."customerid customer customernumber customerno custid clientid client userid user memberid member".split(
    " ",
  ),
  ..."accountid account buyerid shopperid contactid contact personid recordid".split(" "),
];
export const email = words(
  "email emailaddress customeremail mail contactemail billingemail useremail buyeremail",
);
export const item = words(
  "stockcode sku lineitemsku productid itemid productcode itemcode articleid article product item variantid upc ean lineitemname productname itemname",
);
export const campaign = words("campaignid campaign campaignname mailingid mailing messageid");
export const when = words("date at timestamp datetime time occurredat createdat");
export const currency = words("currency currencycode presentmentcurrency");

export const engagementWords: Readonly<Record<EngagementType, readonly string[]>> = {
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

export function words(text: string): readonly string[] {
  return text.split(" ");
}
