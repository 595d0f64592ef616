/** How values are written down before they are sealed: JSON in which bytes are {"\u0000b": base64url}. */
import { b64, readUtf8, unb64, utf8 } from "./bytes.mjs";

const BYTES = "\u0000b";

/** @param {*} value plain objects, arrays, bytes and scalars @returns {Uint8Array} */
export function dump(value) {
  return utf8(JSON.stringify(value, (_, each) => (each instanceof Uint8Array ? { [BYTES]: b64(each) } : each)));
}

/** @param {Uint8Array} bytes what dump() gave @returns {*} the value */
export function load(bytes) {
  return revive(JSON.parse(readUtf8(bytes)));
}

function revive(value) {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(revive);
  const keys = Object.keys(value);
  if (keys.length === 1 && keys[0] === BYTES) return unb64(value[BYTES]);
  return Object.fromEntries(keys.map((key) => [key, revive(value[key])]));
}
