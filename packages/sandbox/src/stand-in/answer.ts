/** What a stand-in sends back. */
export interface Answer {
  /** 0 destroys the connection instead. */
  readonly status: number;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, in place of a JSON body. */
  readonly content?: { readonly type: string; readonly data: string | Buffer };
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error page as gateways send it, not the API. */
export function page(status: number, title: string): Answer {
  const data = `<html>\n<head><title>${status} ${title}</title></head>\n<body><center><h1>${status} ${title}</h1></center></body>\n</html>\n`;
  return { status, content: { type: "text/html;charset=utf-8", data } };
}
