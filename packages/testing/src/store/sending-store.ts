import type { Campaign } from "@inchworm/spec";

type Channel = NonNullable<Campaign["channel"]>;

/** What the suite asks of a store about hours of sending. */
export interface SendingStore {
  moments(options: {
    readonly asOf: number;
    readonly since?: number;
    readonly channel?: Channel;
  }): Promise<{
    readonly contacts: Int32Array;
    readonly offsets: Int32Array;
    readonly seconds: Uint32Array;
    readonly kinds: Uint8Array;
    readonly campaigns: Int32Array;
  }>;
  reachable(options: {
    readonly channel: Channel;
    readonly campaign: string;
    readonly now: number;
  }): Promise<{
    readonly contacts: Int32Array;
    readonly refusals: Uint8Array;
    readonly profiled: Uint8Array;
    readonly zones: Int32Array;
    readonly timeZones: readonly string[];
    readonly transactional: boolean;
  }>;
  messageTimes(options: {
    readonly from: number;
    readonly to: number;
    readonly except?: string;
  }): Promise<{
    readonly contacts: Int32Array;
    readonly offsets: Int32Array;
    readonly at: Float64Array;
    readonly channels: Int32Array;
    readonly names: readonly string[];
  }>;
  saveSends(plan: StoredSends, sends: ChosenSends): Promise<unknown>;
  sendLog(options: { readonly asOf: number; readonly campaign?: string }): Promise<SentSends>;
}

export interface StoredSends {
  readonly id: string;
  readonly campaign: string;
  readonly channel: string;
  readonly rules: unknown;
  readonly createdAt: number;
}

export interface ChosenSends {
  readonly contacts: Int32Array;
  readonly at: Float64Array;
  readonly localHours: Uint8Array;
  readonly arms: Uint8Array;
  readonly armNames: readonly string[];
  readonly propensities: Float64Array;
}

export interface SentSends extends ChosenSends {
  readonly campaigns: Int32Array;
  readonly campaignNames: readonly string[];
  readonly planned: Int32Array;
  readonly plans: readonly StoredSends[];
  readonly answered: Uint8Array;
}
