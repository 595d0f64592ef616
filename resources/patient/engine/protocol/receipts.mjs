/**
 * The consent receipt: what was shown and agreed to, signed by the patient's key, countersigned by a desk.
 *
 * The patient signs D("receipt", bytes), the desk D("receipt countersigned", bytes, patient's signature).
 * Source: channel.md §8.
 */
import { b64, unb64, utf8 } from "./bytes.mjs";
import { digest } from "./digests.mjs";
import { ChannelError } from "./errors.mjs";
import { binary, exactly, record, text, truth, whole } from "./schema.mjs";
import { sodium } from "./sodium.mjs";
import { encode, parse } from "./strict_json.mjs";

const MAX_RECEIPT_BYTES = 1024;
const RECEIPT = record({
  v: exactly(1),
  office: binary(32),
  notice: binary(32),
  notice_version: whole(),
  language: text(0, MAX_RECEIPT_BYTES),
  shown: binary(32),
  assistant: truth,
  address: binary(16),
  at_ms: whole(),
});

/**
 * @param {{office: Uint8Array, notice: Uint8Array, noticeVersion: number, language: string, shown: string,
 *   assistant: boolean, address: Uint8Array, atMs: number}} given `shown`: the text that stood on the screen
 * @param {Uint8Array} signKey the patient's Ed25519 key, 64 B
 * @returns {{receipt: string, sig: string}} base64url, as it travels
 */
export function makeReceipt(given, signKey) {
  const bytes = encode({
    v: 1,
    office: b64(given.office),
    notice: b64(given.notice),
    notice_version: given.noticeVersion,
    language: given.language,
    shown: b64(digest("shown", utf8(given.shown))),
    assistant: given.assistant,
    address: b64(given.address),
    at_ms: given.atMs,
  });
  return { receipt: b64(bytes), sig: b64(sodium.crypto_sign_detached(digest("receipt", bytes), signKey)) };
}

/** @param {Uint8Array} bytes @returns {object} the receipt's fields, binary ones as bytes */
export function readReceipt(bytes) {
  if (bytes.length > MAX_RECEIPT_BYTES) throw new ChannelError("receipt");
  return RECEIPT(parse(bytes));
}

/**
 * Checks a receipt without any network.
 *
 * @param {{receipt: string, sig: string}} receipt @param {Uint8Array} patientKey Ed25519, 32 B
 * @returns {boolean} the patient's key signed exactly this
 */
export function isSigned({ receipt, sig }, patientKey) {
  const bytes = unb64(receipt);
  return verifies(unb64(sig), digest("receipt", bytes), patientKey);
}

/** @returns {boolean} `deskSig` (b64) is the desk's signature over this receipt and the patient's signature */
export function isCountersigned({ receipt, sig }, deskSig, deskKey) {
  return verifies(unb64(deskSig), digest("receipt countersigned", unb64(receipt), unb64(sig)), deskKey);
}

/** @returns {boolean} never throws for a malformed signature or key */
export function verifies(signature, message, publicKey) {
  if (signature.length !== 64 || publicKey.length !== 32) return false;
  try {
    return sodium.crypto_sign_verify_detached(signature, message, publicKey);
  } catch {
    return false;
  }
}
