/** Bytes: joining, numbers, text and base64url. */
import { ChannelError } from "./errors.mjs";
import { sodium } from "./sodium.mjs";

const encoder = new TextEncoder();

/** @param {...Uint8Array} parts @returns {Uint8Array} all of them in a row */
export function concat(...parts) {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** @param {number} value whole, 0 to 2^32-1 @returns {Uint8Array} 4 B, big-endian */
export function u32(value) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** @param {number} value whole, 0 to 2^53-1 @returns {Uint8Array} 8 B, big-endian */
export function u64(value) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

/** @param {Uint8Array} bytes @param {number} at @returns {number} the 4 B, big-endian, that stand there */
export function readU32(bytes, at) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at);
}

/** @param {Uint8Array} bytes @param {number} at @returns {number} the 8 B that stand there; refused from 2^53 on */
export function readU64(bytes, at) {
  const value = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(at);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new ChannelError("number");
  return Number(value);
}

/** @param {string} text @returns {Uint8Array} UTF-8 */
export function utf8(text) {
  return encoder.encode(text);
}

/** @param {Uint8Array} bytes @returns {string} strict UTF-8, a byte order mark is kept as a character */
export function readUtf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ChannelError("utf8");
  }
}

/** @param {Uint8Array} bytes @returns {string} unpadded base64url */
export function b64(bytes) {
  return sodium.to_base64(bytes, sodium.base64_variants.URLSAFE_NO_PADDING);
}

/** @param {string} text @returns {Uint8Array} the bytes of unpadded base64url in its one canonical spelling */
export function unb64(text) {
  let bytes;
  try {
    bytes = sodium.from_base64(text, sodium.base64_variants.URLSAFE_NO_PADDING);
  } catch {
    throw new ChannelError("base64");
  }
  if (b64(bytes) !== text) throw new ChannelError("base64");
  return bytes;
}

/** @param {Uint8Array} a @param {Uint8Array} b @returns {boolean} equal; takes the same time wherever they differ */
export function equal(a, b) {
  return a.length === b.length && (a.length === 0 || sodium.memcmp(a, b));
}

/** @param {number} length @returns {Uint8Array} fresh bytes nobody can guess */
export function random(length) {
  return sodium.randombytes_buf(length);
}
