import { type CallContext, InchwormError } from "@inchworm/spec";

/** What a vendor's token endpoint gave. */
export interface OauthTokens {
  readonly accessToken: string;
  /** Absent where the vendor gives none. Where it rotates, each is good for one use. */
  readonly refreshToken?: string;
  /** When the access token ends, UTC milliseconds, where the vendor tells. */
  readonly expiresAt?: number;
  /** What else came with them that later calls need, such as the account's own address. */
  readonly extra?: Readonly<Record<string, string>>;
}

/** Where tokens outlive a process. The user supplies it; it must keep them as secretly as a password. */
export interface TokenStore {
  load(): Promise<OauthTokens | undefined>;
  /** Must have kept them, whole, when it resolves: the tokens before them may be worthless from then on. */
  save(tokens: OauthTokens): Promise<void>;
}

export interface OauthTokensOptions {
  /** For messages, such as "hubspot". */
  readonly adapter: string;
  /**
   * Asks the vendor for tokens, through the gate. Given those known last, for their refresh token.
   *
   * @throws InchwormError "auth" when the vendor refuses
   */
  readonly grant: (known: OauthTokens | undefined, context: CallContext) => Promise<OauthTokens>;
  /** Defaults to memory: the next process asks anew. */
  readonly store?: TokenStore | undefined;
  /** UTC milliseconds. Defaults to the system's clock. */
  readonly now?: (() => number) | undefined;
}

/** The tokens of one account, shared by everything that talks to it. */
export interface AccountTokens {
  /** Tokens that are good as far as is known; asks for new ones a minute before they end. */
  current(context: CallContext): Promise<OauthTokens>;
  /** Other tokens than the ones whose access token the vendor has just refused. */
  renew(refused: string, context: CallContext): Promise<OauthTokens>;
}

/** An access token is not begun to be used this shortly before its end. */
const marginMs = 60_000;

/**
 * Keeps an account's tokens: however many calls find them ended at one time, one request asks for new ones and all of them wait for
 * it; what came is kept in the store before anybody uses it, for with rotation the tokens before it are gone. Two processes on one
 * store take over what the other has renewed.
 */
export function oauthTokens(options: OauthTokensOptions): AccountTokens {
  const { adapter, store, grant, now = Date.now } = options;
  let known: OauthTokens | undefined;
  let loaded = store === undefined;
  let unsaved = false;
  let flight: Promise<OauthTokens> | undefined;

  const good = (tokens: OauthTokens | undefined, refused: string | undefined): boolean =>
    tokens !== undefined &&
    tokens.accessToken !== "" &&
    tokens.accessToken !== refused &&
    (tokens.expiresAt === undefined || tokens.expiresAt - marginMs > now());

  const guarded = async <T>(verb: string, act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch {
      // what a store throws may hold what it was given
      throw new InchwormError(
        "config",
        `${adapter}: the token store failed to ${verb} the tokens.`,
        {
          hint: "See that the place where it keeps them can be read and written.",
        },
      );
    }
  };

  const load = async (): Promise<void> => {
    if (store === undefined || unsaved) return;
    known = (await guarded("load", () => store.load())) ?? known;
    loaded = true;
  };

  const save = async (): Promise<void> => {
    if (store === undefined || known === undefined) return;
    const tokens = known;
    await guarded("save", () => store.save(tokens));
    unsaved = false;
  };

  const ask = async (refused: string | undefined, context: CallContext): Promise<OauthTokens> => {
    if (unsaved) await save();
    // another process may have renewed them meanwhile
    if (!loaded || refused !== undefined) await load();
    if (known !== undefined && good(known, refused)) return known;
    const used = known;
    try {
      const fresh = await grant(used, context);
      const refreshToken = fresh.refreshToken ?? used?.refreshToken;
      known = { ...fresh, ...(refreshToken === undefined ? {} : { refreshToken }) };
    } catch (error) {
      if (store === undefined || !InchwormError.is(error, "auth")) throw error;
      await load();
      if (known === undefined || known.accessToken === used?.accessToken || !good(known, refused)) {
        throw error;
      }
      return known;
    }
    unsaved = store !== undefined;
    await save();
    return known;
  };

  const single = async (
    refused: string | undefined,
    context: CallContext,
  ): Promise<OauthTokens> => {
    for (;;) {
      // while new ones are asked for, those known have most likely just been refused to somebody
      const settled = loaded && !unsaved && flight === undefined;
      if (settled && known !== undefined && good(known, refused)) return known;
      const own = flight === undefined;
      flight ??= ask(refused, context).finally(() => {
        flight = undefined;
      });
      try {
        return await flight;
      } catch (error) {
        // whoever asked for all of us was stopped; we were not
        if (own || !InchwormError.is(error, "aborted") || context.signal?.aborted) throw error;
      }
    }
  };

  return {
    current: (context) => single(undefined, context),
    renew: (refused, context) => single(refused, context),
  };
}
