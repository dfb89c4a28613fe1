import { type ArtifactReader, badArtifact } from "./artifact.js";

// Long rows of numbers in an artifact: their bytes, little-endian, as base64 text.

export const packFloats = (values: Float32Array): string => pack(values);
export const packWords = (values: Int32Array): string => pack(values);

function pack({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
}

/** @throws LearnError "artifact" unless there are `length` finite numbers */
export function unpackFloats(
  kind: string,
  data: ArtifactReader,
  key: string,
  length: number,
): Float32Array {
  const values = new Float32Array(unpack(kind, data, key, length));
  for (let at = 0; at < length; at++)
    if (!Number.isFinite(values[at])) throw badArtifact(kind, `"${key}" holds what is no number`);
  return values;
}

export function unpackWords(
  kind: string,
  data: ArtifactReader,
  key: string,
  length: number,
): Int32Array {
  return new Int32Array(unpack(kind, data, key, length));
}

function unpack(kind: string, data: ArtifactReader, key: string, length: number): ArrayBuffer {
  const text = data.text(key);
  if (text.length !== 4 * Math.ceil((4 * length) / 3))
    throw badArtifact(kind, `"${key}" does not hold ${length} numbers`);
  const bytes = Buffer.from(text, "base64");
  if (bytes.length !== 4 * length) throw badArtifact(kind, `"${key}" is not base64`);
  return Uint8Array.from(bytes).buffer;
}
