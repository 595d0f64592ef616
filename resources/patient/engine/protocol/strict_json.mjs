/**
 * JSON that has one reading only.
 *
 * JSON.parse keeps the last of two equal keys, accepts fractions and lone surrogates; a signed document must not mean
 * two things to two readers. So: strict UTF-8, no key twice, whole numbers from 0 to 2^53-1, no lone surrogates, at
 * most MAX_DEPTH levels. Objects come back without a prototype.
 * Source: channel.md §1; RFC 8259, RFC 7493 (I-JSON).
 */
import { readUtf8, utf8 } from "./bytes.mjs";
import { ChannelError } from "./errors.mjs";

const MAX_DEPTH = 8;
const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const WHOLE = /(?:0|[1-9][0-9]*)(?![0-9.eE])/y;
const WORD = /true|false|null/y;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?:[^\ud800-\udbff]|^)[\udc00-\udfff]/;

/** @param {Uint8Array} bytes @returns {*} what they say @throws {ChannelError} code "json" or "utf8" */
export function parse(bytes) {
  const reader = new Reader(readUtf8(bytes));
  const value = reader.value(1);
  reader.take(SPACE);
  if (reader.at !== reader.text.length) reader.refuse();
  return value;
}

/** @param {*} value @returns {Uint8Array} compact JSON in UTF-8 */
export function encode(value) {
  return utf8(JSON.stringify(value));
}

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  refuse() {
    throw new ChannelError("json");
  }

  take(pattern) {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match !== null) this.at = pattern.lastIndex;
    return match === null ? null : match[0];
  }

  skip(sign) {
    this.take(SPACE);
    if (this.text[this.at] !== sign) return false;
    this.at += 1;
    return true;
  }

  expect(sign) {
    if (!this.skip(sign)) this.refuse();
  }

  value(depth) {
    if (depth > MAX_DEPTH) this.refuse();
    if (this.skip("{")) return this.object(depth);
    if (this.skip("[")) return this.array(depth);
    if (this.text[this.at] === '"') return this.string();
    const word = this.take(WORD);
    if (word !== null) return JSON.parse(word);
    return this.whole();
  }

  object(depth) {
    const found = Object.create(null);
    if (this.skip("}")) return found;
    do {
      this.take(SPACE);
      const key = this.string();
      if (key in found) this.refuse();
      this.expect(":");
      found[key] = this.value(depth + 1);
    } while (this.skip(","));
    this.expect("}");
    return found;
  }

  array(depth) {
    const found = [];
    if (this.skip("]")) return found;
    do found.push(this.value(depth + 1));
    while (this.skip(","));
    this.expect("]");
    return found;
  }

  string() {
    const quoted = this.take(STRING);
    if (quoted === null) this.refuse();
    const text = JSON.parse(quoted);
    if (LONE_SURROGATE.test(text)) this.refuse();
    return text;
  }

  whole() {
    const digits = this.take(WHOLE);
    if (digits === null || !Number.isSafeInteger(Number(digits))) this.refuse();
    return Number(digits);
  }
}
