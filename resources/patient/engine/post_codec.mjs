/**
 * The gateway's protocol as bytes, the patient's part of it: one byte that says which message, then fixed fields.
 *
 *     1 PUT       req | address | frame                      129 OK     req | payload
 *     2 TAKEN     req | address | seq u64                    130 NO     req | code u8
 *     3 BLOB_PUT  req | address | blob | index | total | chunk
 *     4 BLOB_GET  req | address | blob | index               131 FRAME  address | seq u64 | frame
 *     5 BLOB_DROP req | address | blob
 *
 * Source: `app/domain/post.py` and `app/domain/post_sign_in.py`, which are its twins.
 */
import { b64, concat, readU32, readU64, u32, u64, utf8 } from "./protocol/bytes.mjs";
import { ChannelError } from "./protocol/errors.mjs";
import { exactly, record, text, truth, whole } from "./protocol/schema.mjs";
import { parse } from "./protocol/strict_json.mjs";

const NO_CODES = ["malformed", "conflict", "full", "too_large", "not_yours", "unknown", "too_fast", "disk"];
const SIGN_IN_CODES = ["unknown", "token", "claimed", "expired", "closed", "busy", "version"];
const WELCOME = record({ v: exactly(1), ok: exactly(true), now_ms: whole() });
const REFUSED = record({ v: exactly(1), ok: exactly(false), code: text(1, 16) });
const OK = 129;
const NO = 130;
const FRAME = 131;

/**
 * @param {{address: Uint8Array, token: Uint8Array, claim?: Uint8Array, open?: true, peek?: true}} who
 * @returns {string} the first message of a line
 */
export function writeSignIn({ address, token, claim, open, peek }) {
  const message = { v: 1, as: "patient", address: b64(address), token: b64(token) };
  if (claim !== undefined) message.claim = b64(claim);
  if (open === true) message.open = true;
  if (peek === true) message.peek = true;
  return JSON.stringify(message);
}

/** @param {string} untrustedText @returns {string|null} null: let in; else why not @throws {ChannelError} */
export function readWelcome(untrustedText) {
  if (typeof untrustedText !== "string" || untrustedText.length > 1024) throw new ChannelError("post");
  const answer = parse(utf8(untrustedText));
  if (truth(answer.ok)) {
    WELCOME(answer);
    return null;
  }
  return exactly(...SIGN_IN_CODES)(REFUSED(answer).code);
}

export const write = Object.freeze({
  put: (req, address, frame) => concat(Uint8Array.of(1), u32(req), address, frame),
  taken: (req, address, seq) => concat(Uint8Array.of(2), u32(req), address, u64(seq)),
  blobPut: (req, address, blob, index, total, chunk) =>
    concat(Uint8Array.of(3), u32(req), address, blob, u32(index), u32(total), chunk),
  blobGet: (req, address, blob, index) => concat(Uint8Array.of(4), u32(req), address, blob, u32(index)),
  blobDrop: (req, address, blob) => concat(Uint8Array.of(5), u32(req), address, blob),
});

/**
 * @param {ArrayBuffer} untrusted @returns {{op: "ok", req: number, payload: Uint8Array}
 *   | {op: "no", req: number, code: string} | {op: "frame", address: Uint8Array, seq: number, frame: Uint8Array}}
 * @throws {ChannelError} code "post" or "number"
 */
export function read(untrusted) {
  const bytes = new Uint8Array(untrusted);
  if (bytes[0] === OK && bytes.length >= 5) return { op: "ok", req: readU32(bytes, 1), payload: bytes.slice(5) };
  if (bytes[0] === NO && bytes.length === 6 && bytes[5] >= 1 && bytes[5] <= NO_CODES.length) {
    return { op: "no", req: readU32(bytes, 1), code: NO_CODES[bytes[5] - 1] };
  }
  if (bytes[0] === FRAME && bytes.length > 25) {
    return { op: "frame", address: bytes.slice(1, 17), seq: readU64(bytes, 17), frame: bytes.slice(25) };
  }
  throw new ChannelError("post");
}
