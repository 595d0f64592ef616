/**
 * Fixed schemas: a record has exactly the fields it names, each of the kind it names.
 *
 *     const CARD = record({ v: exactly(1), office: binary(32), seq: whole(), … });
 *     CARD(parse(bytes))   // returns the record, binary fields as bytes; refuses anything else
 */
import { unb64, utf8 } from "./bytes.mjs";
import { ChannelError } from "./errors.mjs";

function refuse() {
  throw new ChannelError("schema");
}

/** @param {Object<string, function(*): *>} fields @returns {function(*): object} */
export function record(fields) {
  const names = Object.keys(fields);
  return (value) => {
    const given = keysOf(value);
    if (given.length !== names.length) refuse();
    const read = {};
    for (const name of names) {
      if (!given.includes(name)) refuse();
      read[name] = fields[name](value[name]);
    }
    return read;
  };
}

/** @param {*} value @returns {string[]} the keys of a plain object; anything else is refused */
export function keysOf(value) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) refuse();
  return Object.keys(value);
}

/** @param {...*} wanted @returns {function(*): *} only one of these very values */
export function exactly(...wanted) {
  return (value) => (wanted.includes(value) ? value : refuse());
}

/** @param {number} [least] @param {number} [most] @returns {function(*): number} */
export function whole(least = 0, most = Number.MAX_SAFE_INTEGER) {
  return (value) => (Number.isSafeInteger(value) && value >= least && value <= most ? value : refuse());
}

/**
 * @param {number} least @param {number} most bytes in UTF-8 @param {RegExp} [pattern] what the text must look like
 * @returns {function(*): string}
 */
export function text(least, most, pattern = /^/) {
  return (value) => {
    if (typeof value !== "string" || value.length > most || !pattern.test(value)) refuse();
    const length = utf8(value).length;
    return length >= least && length <= most ? value : refuse();
  };
}

/** @param {*} value @returns {boolean} */
export function truth(value) {
  return typeof value === "boolean" ? value : refuse();
}

/** @param {...number} lengths bytes that are allowed; none: any @returns {function(*): Uint8Array} */
export function binary(...lengths) {
  return (value) => {
    if (typeof value !== "string") refuse();
    const bytes = unb64(value);
    return lengths.length === 0 || lengths.includes(bytes.length) ? bytes : refuse();
  };
}

/** @param {function(*): *} item @param {number} least @param {number} most @returns {function(*): Array} */
export function list(item, least, most) {
  return (value) => {
    if (!Array.isArray(value) || value.length < least || value.length > most) refuse();
    return value.map((each) => item(each));
  };
}

/** @param {function(*): *} item @returns {function(*): *} that, or null */
export function orNull(item) {
  return (value) => (value === null ? null : item(value));
}
