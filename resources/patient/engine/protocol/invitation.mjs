/**
 * The invitation in the link's fragment, and what follows from it.
 *
 *     https://host/c#1.<b64 invite_id 16>.<b64 secret 32>.<b64 fingerprint of the office 20>
 */
import { b64, equal, unb64 } from "./bytes.mjs";
import { deriveKey } from "./digests.mjs";
import { LinkFormatError } from "./errors.mjs";

const VERSION = "1";
const FINGERPRINT_BYTES = 20;
const SIZES = [16, 32, FINGERPRINT_BYTES];
export const ADDRESS_BYTES = 16;

export class Invitation {
  constructor(inviteId, secret, fingerprint) {
    this.inviteId = inviteId;
    this.secret = secret;
    this.fingerprint = fingerprint;
  }

  /** @param {string} fragment with or without "#" @returns {Invitation} @throws {LinkFormatError} */
  static parse(fragment) {
    const [version, ...fields] = fragment.replace(/^#/, "").split(".");
    if (version !== VERSION || fields.length !== SIZES.length) throw new LinkFormatError("link");
    return new Invitation(...fields.map(readField));
  }

  /** @returns {string} the fragment, without "#" */
  fragment() {
    return [VERSION, ...[this.inviteId, this.secret, this.fingerprint].map(b64)].join(".");
  }

  /** @param {Uint8Array} officeId 32 B @returns {Uint8Array} the handshake's pre-shared key, 32 B */
  psk(officeId) {
    return deriveKey(this.secret, "invite", this.inviteId, officeId);
  }

  /** @returns {Uint8Array} the mailbox, 16 B */
  get address() {
    return deriveKey(this.secret, "address", this.inviteId).slice(0, ADDRESS_BYTES);
  }

  /** @returns {Uint8Array} what opens the mailbox once, until the page claims it, 32 B */
  get token() {
    return deriveKey(this.secret, "token", this.inviteId);
  }

  /** @param {Uint8Array} officeId @returns {boolean} the office is the one that the link names */
  names(officeId) {
    return equal(this.fingerprint, officeId.slice(0, FINGERPRINT_BYTES));
  }
}

function readField(field, index) {
  let bytes;
  try {
    bytes = unb64(field);
  } catch {
    throw new LinkFormatError("link");
  }
  if (bytes.length !== SIZES[index]) throw new LinkFormatError("link");
  return bytes;
}
