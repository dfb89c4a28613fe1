/** One protobuf message as it grows: fields in the order they are written. https://protobuf.dev/programming-guides/encoding */
export interface Message {
  /** int32, int64, enum: numbers below 2⁵³. Negative ones are written as 64 bits. */
  integer(field: number, value: number): Message;
  float(field: number, value: number): Message;
  text(field: number, value: string): Message;
  bytes(field: number, value: Uint8Array): Message;
  message(field: number, value: Message): Message;
  /** Repeated numbers, packed. */
  integers(field: number, values: Iterable<number>): Message;
  floats(field: number, values: Iterable<number>): Message;
  finish(): Uint8Array;
}

export function message(): Message {
  const parts: Uint8Array[] = [];
  const tag = (field: number, wire: number) => parts.push(varint(field * 8 + wire));
  const sized = (field: number, value: Uint8Array): Message => {
    tag(field, 2);
    parts.push(varint(value.length), value);
    return self;
  };
  const self: Message = {
    integer(field, value) {
      tag(field, 0);
      parts.push(varint(value));
      return self;
    },
    float(field, value) {
      tag(field, 5);
      parts.push(littleEndian([value]));
      return self;
    },
    text: (field, value) => sized(field, new TextEncoder().encode(value)),
    bytes: sized,
    message: (field, value) => sized(field, value.finish()),
    integers: (field, values) => sized(field, concat(Array.from(values, varint))),
    floats: (field, values) => sized(field, littleEndian(values)),
    finish: () => concat(parts),
  };
  return self;
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

function littleEndian(values: Iterable<number>): Uint8Array {
  const numbers = Float32Array.from(values);
  const bytes = new Uint8Array(4 * numbers.length);
  const view = new DataView(bytes.buffer);
  numbers.forEach((value, index) => {
    view.setFloat32(4 * index, value, true);
  });
  return bytes;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
