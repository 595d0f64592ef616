/**
 * The 38 bytes that stand before every message of the channel, readable by the gateway:
 *
 *     version 1 | type 1 | generation 16 | chain 16 | number u32
 */
import { concat, readU32, u32 } from "./bytes.mjs";
import { FrameRefusedError } from "./errors.mjs";

export const HEADER_BYTES = 38;
export const ID_BYTES = 16;
export const TYPE = Object.freeze({ hello: 1, answer: 2, frame: 3 });
const VERSION = 1;

/**
 * @typedef {{type: number, generation: Uint8Array, chain: Uint8Array, number: number}} Header
 * @param {Header} header @returns {Uint8Array} 38 B
 */
export function writeHeader({ type, generation, chain, number }) {
  return concat(Uint8Array.of(VERSION, type), generation, chain, u32(number));
}

/** @param {Uint8Array} message @returns {Header} @throws {FrameRefusedError} code "length", "version" or "type" */
export function readHeader(message) {
  if (message.length < HEADER_BYTES) throw new FrameRefusedError("length");
  if (message[0] !== VERSION) throw new FrameRefusedError("version");
  const type = message[1];
  if (!Object.values(TYPE).includes(type)) throw new FrameRefusedError("type");
  return { type, generation: message.slice(2, 18), chain: message.slice(18, 34), number: readU32(message, 34) };
}
