/**
 * One frame, sealed and opened; nothing here knows what came before.
 *
 *     header 38 | nonce 24 | XChaCha20-Poly1305(MK_n, padded(sender 16 | signature 64 | body))
 *     AAD = address 16 | direction u8 | header 38
 *
 * Source: channel.md §6.
 */
import { b64, concat } from "./bytes.mjs";
import { messageKey } from "./chains.mjs";
import { digest } from "./digests.mjs";
import { FrameRefusedError } from "./errors.mjs";
import { HEADER_BYTES, ID_BYTES, TYPE, readHeader, writeHeader } from "./header.mjs";
import { FRAME_CLASSES, pad, unpad } from "./padding.mjs";
import { sodium } from "./sodium.mjs";

const NONCE_BYTES = 24;
const SIGNATURE_BYTES = 64;
const TAG_BYTES = 16;
const LENGTHS = FRAME_CLASSES.map((size) => HEADER_BYTES + NONCE_BYTES + size + TAG_BYTES);

/** How many bytes stand before the body in the plain text. */
export const PREFIX_BYTES = ID_BYTES + SIGNATURE_BYTES;
export const DIRECTION = Object.freeze({ patient: 0, desk: 1 });

/**
 * @typedef {{id: Uint8Array, h: Uint8Array, root: Uint8Array}} GenerationKeys
 *
 * @param {{address: Uint8Array, role: "patient"|"desk", generation: GenerationKeys, chain: Uint8Array, number: number,
 *   sender: Uint8Array, signKey: Uint8Array, body: Uint8Array, nonce: Uint8Array}} given
 *   `nonce`: 24 fresh random bytes
 * @returns {Uint8Array} the frame
 */
export function sealFrame({ address, role, generation, chain, number, sender, signKey, body, nonce }) {
  const header = writeHeader({ type: TYPE.frame, generation: generation.id, chain, number });
  const aad = concat(address, Uint8Array.of(DIRECTION[role]), header);
  const signature = sodium.crypto_sign_detached(digest("msg", generation.h, aad, sender, body), signKey);
  const plain = pad(concat(sender, signature, body), FRAME_CLASSES);
  const key = messageKey(generation.root, role, chain, number);
  return concat(header, nonce, sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plain, aad, null, nonce, key));
}

/** @param {Uint8Array} frame @returns {Header} @throws {FrameRefusedError} code "header" */
export function readFrameHeader(frame) {
  let header;
  try {
    header = readHeader(frame);
  } catch {
    throw new FrameRefusedError("header");
  }
  if (header.type !== TYPE.frame || !LENGTHS.includes(frame.length)) throw new FrameRefusedError("header");
  return header;
}

/**
 * Opens a frame whose header was read; the signature is checked by `checkSignature`, once the sender's key is known.
 *
 * @param {Uint8Array} frame @param {{address: Uint8Array, role: "patient"|"desk", generation: GenerationKeys}} given
 * @returns {{sender: Uint8Array, signature: Uint8Array, body: Uint8Array, message: Uint8Array}} `message`: what the
 *   signature must cover @throws {FrameRefusedError} code "sealed" or "padding"
 */
export function openFrame(frame, { address, role, generation }) {
  const { chain, number } = readHeader(frame);
  const aad = concat(address, Uint8Array.of(DIRECTION[role]), frame.slice(0, HEADER_BYTES));
  const padded = decrypt(frame.slice(HEADER_BYTES), aad, messageKey(generation.root, role, chain, number));
  const plain = unpadPlain(padded);
  const sender = plain.slice(0, ID_BYTES);
  const body = plain.slice(PREFIX_BYTES);
  const message = digest("msg", generation.h, aad, sender, body);
  return { sender, signature: plain.slice(ID_BYTES, PREFIX_BYTES), body, message };
}

/** @param {Uint8Array} frame @returns {string} its name in `prev`: D("frame", frame)[0:16], base64url */
export function frameName(frame) {
  return b64(digest("frame", frame).slice(0, ID_BYTES));
}

function decrypt(sealed, aad, key) {
  const nonce = sealed.slice(0, NONCE_BYTES);
  try {
    return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed.slice(NONCE_BYTES), aad, nonce, key);
  } catch {
    throw new FrameRefusedError("sealed");
  }
}

function unpadPlain(padded) {
  let plain;
  try {
    plain = unpad(padded, FRAME_CLASSES);
  } catch {
    throw new FrameRefusedError("padding");
  }
  if (plain.length < PREFIX_BYTES) throw new FrameRefusedError("padding");
  return plain;
}
