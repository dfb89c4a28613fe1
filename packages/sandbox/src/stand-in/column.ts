const mostShared = 16_384;

/**
 * One property of all contacts. Equal texts are kept once, as long as the property has few different ones: a million contacts
 * share their country, not their address.
 */
export class Column {
  readonly #values: (string | undefined)[] = [];
  readonly #shared = new Map<string, string>();

  get(slot: number): string | undefined {
    return this.#values[slot];
  }

  set(slot: number, value: string | undefined): void {
    const values = this.#values;
    while (values.length <= slot) values.push(undefined);
    values[slot] = value === undefined || value === "" ? undefined : this.#share(value);
  }

  clear(): void {
    this.#values.length = 0;
    this.#shared.clear();
  }

  #share(value: string): string {
    const shared = this.#shared.get(value);
    if (shared !== undefined) return shared;
    if (this.#shared.size < mostShared) this.#shared.set(value, value);
    return value;
  }
}
