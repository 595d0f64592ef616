/** The body of a frame: strict JSON around one message. Source: channel.md §6. */
import { b64 } from "./bytes.mjs";
import { ChannelError } from "./errors.mjs";
import { readContent } from "./kinds.mjs";
import { binary, keysOf, record, text, whole } from "./schema.mjs";
import { encode, parse } from "./strict_json.mjs";

export const MAX_NUMBER = 4095;
export const MAX_SEEN = 8;

const readSeen = (value) => {
  const names = keysOf(value);
  if (names.length > MAX_SEEN) throw new ChannelError("schema");
  names.forEach((name) => binary(16)(name));
  return Object.fromEntries(names.map((name) => [name, whole(0, MAX_NUMBER)(value[name])]));
};
const BODY = record({
  id: binary(16),
  prev: binary(0, 16),
  seen: readSeen,
  clock: whole(),
  at_ms: whole(),
  kind: text(1, 16),
  content: (value) => value,
});

/**
 * @typedef {{id: Uint8Array, prev: Uint8Array, seen: Object<string, number>, clock: number, at_ms: number,
 *   kind: string, content: object}} Body `seen` by chain in base64url; `prev` empty for a sender's first
 *
 * @param {Body} body content as it goes into JSON @returns {Uint8Array}
 */
export function writeBody({ id, prev, seen, clock, at_ms, kind, content }) {
  return encode({ id: b64(id), prev: b64(prev), seen, clock, at_ms, kind, content });
}

/** @param {Uint8Array} bytes @param {boolean} isFromDesk @returns {Body} @throws {ChannelError} */
export function readBody(bytes, isFromDesk) {
  const body = BODY(parse(bytes));
  return { ...body, content: readContent(body.kind, body.content, isFromDesk) };
}
