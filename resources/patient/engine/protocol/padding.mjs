/** Sizes that say nothing: every plain text is padded to the next of a few classes (sodium_pad, ISO/IEC 7816-4). */
import { ChannelError } from "./errors.mjs";
import { sodium } from "./sodium.mjs";

export const FRAME_CLASSES = [256, 1024, 4096, 16384];
export const HELLO_CLASSES = [1024, 4096, 16384];
export const ANSWER_CLASSES = [1024];

/** @param {Uint8Array} plain @param {number[]} classes ascending, bytes @returns {Uint8Array} as long as one class */
export function pad(plain, classes) {
  const size = classes.find((each) => plain.length < each);
  if (size === undefined) throw new ChannelError("too_long");
  return sodium.pad(plain, size);
}

/** @param {Uint8Array} padded @param {number[]} classes @returns {Uint8Array} the plain text @throws code "padding" */
export function unpad(padded, classes) {
  if (!classes.includes(padded.length)) throw new ChannelError("padding");
  let plain;
  try {
    plain = sodium.unpad(padded, padded.length);
  } catch {
    throw new ChannelError("padding");
  }
  return plain;
}
