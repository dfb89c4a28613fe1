/** Little-endian bytes, one after another. */
export interface Writer {
  word(value: number): void;
  float(value: number): void;
  double(value: number): void;
  bytes(bytes: Uint8Array): void;
  patch(at: number, value: number): void;
  length(): number;
  done(): Uint8Array;
}

export function makeWriter(): Writer {
  let view = new DataView(new ArrayBuffer(1 << 16));
  let length = 0;
  const reserve = (bytes: number): number => {
    const at = length;
    length += bytes;
    if (length > view.byteLength) {
      const larger = new Uint8Array(Math.max(2 * view.byteLength, length));
      larger.set(new Uint8Array(view.buffer));
      view = new DataView(larger.buffer);
    }
    return at;
  };
  return {
    word(value) {
      const at = reserve(4);
      view.setInt32(at, value, true);
    },
    float(value) {
      const at = reserve(4);
      view.setFloat32(at, value, true);
    },
    double(value) {
      const at = reserve(8);
      view.setFloat64(at, value, true);
    },
    bytes(bytes) {
      const at = reserve(bytes.length);
      new Uint8Array(view.buffer).set(bytes, at);
    },
    patch: (at, value) => view.setInt32(at, value, true),
    length: () => length,
    done: () => new Uint8Array(view.buffer, 0, length).slice(),
  };
}

/** The bins that go left, a bit each. */
export function writeSet(writer: Writer, levels: Uint8Array): void {
  const bits = new Uint8Array(32);
  for (let bin = 0; bin < 256; bin++) bits[bin >> 3] |= levels[bin] << (bin & 7);
  writer.bytes(bits);
}
