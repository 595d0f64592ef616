/**
 * K() and D(): the one way this page makes a key from a key, and a name from bytes.
 *
 * BLAKE2b-256 over this row, lengths big-endian, 4 B each:
 *
 *     length | "vestibule/1" | length | label (UTF-8) | length | part | …
 *
 * Source: channel.md, "Derivation"; RFC 7693.
 */
import { u32, utf8 } from "./bytes.mjs";
import { sodium } from "./sodium.mjs";

const PROTOCOL = utf8("vestibule/1");
const OUT_BYTES = 32;

/** @param {Uint8Array} key 16 to 64 B @param {string} label @param {...Uint8Array} parts @returns {Uint8Array} 32 B */
export function deriveKey(key, label, ...parts) {
  return row(key, label, parts);
}

/** @param {string} label @param {...Uint8Array} parts @returns {Uint8Array} 32 B that anybody can compute */
export function digest(label, ...parts) {
  return row(null, label, parts);
}

function row(key, label, parts) {
  const state = sodium.crypto_generichash_init(key, OUT_BYTES);
  for (const part of [PROTOCOL, utf8(label), ...parts]) {
    sodium.crypto_generichash_update(state, u32(part.length));
    sodium.crypto_generichash_update(state, part);
  }
  return sodium.crypto_generichash_final(state, OUT_BYTES);
}
