/** The part of the official client that is used; it has no types of its own. */
declare module "@mailchimp/mailchimp_marketing/src/ApiClient.js" {
  export interface ClientAnswer {
    readonly response: {
      readonly status: number;
      readonly text?: string;
      readonly headers?: Readonly<Record<string, string>>;
    };
  }

  export default class ApiClient {
    basePath: string;
    /** Milliseconds. */
    timeout: number;
    setConfig(config: { readonly apiKey?: string; readonly accessToken?: string }): void;
    callApi(
      path: string,
      method: string,
      pathParams: Readonly<Record<string, string>>,
      queryParams: Readonly<Record<string, string>>,
      headerParams: object,
      formParams: object,
      body: unknown,
      authNames: readonly string[],
      contentTypes: readonly string[],
      accepts: readonly string[],
      returnType: null,
    ): Promise<ClientAnswer>;
  }
}
