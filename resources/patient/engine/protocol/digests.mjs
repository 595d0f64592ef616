/**
 * K() and D(): the one way this page makes a key from a key, and a name from bytes.
 *
 * BLAKE2b-256 over this row, lengths big-endian, 4 B each:
 *
 *     length | "vestibule/1" | length | label (UTF-8) | length | part | …
 *
 * Source: channel.md §1; RFC 7693.
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

/** D("file", file) of a file that comes in pieces. */
export class FileDigest {
  /** @param {number} size of the whole file, bytes */
  constructor(size) {
    this.state = begin(null, "file");
    sodium.crypto_generichash_update(this.state, u32(size));
  }

  /** @param {Uint8Array} piece the next bytes */
  update(piece) {
    sodium.crypto_generichash_update(this.state, piece);
  }

  /** @returns {Uint8Array} 32 B; nothing may follow */
  final() {
    return sodium.crypto_generichash_final(this.state, OUT_BYTES);
  }
}

function row(key, label, parts) {
  const state = begin(key, label);
  for (const part of parts) add(state, part);
  return sodium.crypto_generichash_final(state, OUT_BYTES);
}

function begin(key, label) {
  const state = sodium.crypto_generichash_init(key, OUT_BYTES);
  add(state, PROTOCOL);
  add(state, utf8(label));
  return state;
}

function add(state, part) {
  sodium.crypto_generichash_update(state, u32(part.length));
  sodium.crypto_generichash_update(state, part);
}
