/**
 * The office's public papers: who is the office, which keys are its own today, and what its notice says.
 *
 *     root (Ed25519, offline) ── signs ──▶ certificate {admin key, seq, until}
 *     admin ── signs ──▶ card {mailbox keys, digest of the notice, seq, prev, until}
 *     admin ── signs ──▶ roster entry of a desk {desk id, its signing key, epoch, until}
 *
 * Served together at /office.json. Nothing in them is believed before `verifyOffice` accepted all of it.
 * Source: channel.md §2.
 */
import { equal } from "./bytes.mjs";
import { digest } from "./digests.mjs";
import { ChannelError, DocumentRefusedError } from "./errors.mjs";
import { verifies } from "./receipts.mjs";
import { binary, exactly, list, record, text, truth, whole } from "./schema.mjs";
import { parse } from "./strict_json.mjs";

export const MAX_DOCUMENT_BYTES = 32768;
const MAX_NOTICE_BYTES = 8192;
const MAX_SMALL_BYTES = 2048;
const MAX_CARD_LIFE_S = 2592000;
const MAX_CLOCK_ERROR_S = 86400;

const upTo = (most) => (value) => {
  const bytes = binary()(value);
  if (bytes.length > most) throw new ChannelError("schema");
  return bytes;
};
const OFFICE = record({
  v: exactly(1),
  certificate: upTo(MAX_SMALL_BYTES),
  certificate_sig: binary(64),
  card: upTo(MAX_SMALL_BYTES),
  card_sig: binary(64),
  notice: upTo(MAX_NOTICE_BYTES),
});
const CERTIFICATE = record({ v: exactly(1), root: binary(32), admin: binary(32), seq: whole(), until_s: whole() });
const CARD = record({
  v: exactly(1),
  office: binary(32),
  seq: whole(),
  prev: binary(0, 32),
  issued_s: whole(),
  until_s: whole(),
  boxes: list(binary(32), 1, 4),
  notice: binary(32),
  open_door: truth,
  desks: whole(1, 64),
});
const NOTICE = record({
  v: exactly(1),
  version: whole(1),
  name: text(1, 200),
  sector: exactly("clinic", "law"),
  country: text(1, 200),
  phone: text(1, 200),
  emergency: list(text(1, 200), 1, 8),
  keeps_days: whole(),
  assistant: truth,
  languages: list(text(2, 3, /^[a-z]+$/), 1, 8),
  who: text(1, 1000),
  withdraw: text(1, 1000),
});
const ROSTER = record({
  v: exactly(1),
  office: binary(32),
  desk: binary(16),
  sign: binary(32),
  epoch: whole(),
  until_s: whole(),
});

/**
 * @typedef {{root: Uint8Array, officeId: Uint8Array, admin: Uint8Array, certificateSeq: number, card: object,
 *   cardDigest: Uint8Array, notice: object, noticeDigest: Uint8Array}} Office
 * @typedef {{certificateSeq: number, cardSeq: number, cardDigest: Uint8Array}} Seen the newest that was accepted before
 */

/**
 * Checks in the order of channel.md §2 and refuses at the first failure.
 *
 * @param {Uint8Array} untrustedBytes what /office.json served
 * @param {{nowS: number, names?: function(Uint8Array): boolean, seen?: Seen|null}} against
 *   `names` decides whether an office id is the expected one
 * @returns {Office}
 * @throws {DocumentRefusedError} code "malformed", "office", "signature", "notice", "expired", "not_yet", "older" or
 *   "forked"
 */
export function verifyOffice(untrustedBytes, { nowS, names = () => true, seen = null }) {
  const untrusted = readAll(untrustedBytes);
  const { certificate, card, notice } = untrusted;
  const officeId = digest("office", certificate.root);
  if (!names(officeId) || !equal(card.office, officeId)) refuse("office");
  refuseUnsigned(untrusted.bytes, certificate);
  const noticeDigest = digest("notice", untrusted.bytes.notice);
  if (!equal(noticeDigest, card.notice)) refuse("notice");
  if (certificate.until_s <= nowS || card.until_s <= nowS) refuse("expired");
  if (card.issued_s > nowS + MAX_CLOCK_ERROR_S) refuse("not_yet");
  const cardDigest = digest("card", untrusted.bytes.card);
  if (seen !== null) refuseOlder(certificate, card, cardDigest, seen);
  const { root, admin, seq: certificateSeq } = certificate;
  return { root, officeId, admin, certificateSeq, card, cardDigest, notice, noticeDigest };
}

/**
 * @param {Uint8Array} bytes @param {Uint8Array} signature @param {Office} office
 * @param {{nowS: number, leastEpoch: number}} against
 * @returns {{desk: Uint8Array, sign: Uint8Array, epoch: number}} a desk that the office vouches for
 */
export function verifyRosterEntry(bytes, signature, office, { nowS, leastEpoch }) {
  const entry = read(ROSTER, bytes);
  if (!equal(entry.office, office.officeId)) refuse("office");
  if (!verifies(signature, digest("roster", bytes), office.admin)) refuse("signature");
  if (entry.until_s <= nowS) refuse("expired");
  if (entry.epoch < leastEpoch) refuse("older");
  return entry;
}

function readAll(untrustedBytes) {
  if (untrustedBytes.length > MAX_DOCUMENT_BYTES) refuse("malformed");
  const bytes = read(OFFICE, untrustedBytes);
  const certificate = read(CERTIFICATE, bytes.certificate);
  const card = read(CARD, bytes.card);
  if (card.until_s <= card.issued_s || card.until_s - card.issued_s > MAX_CARD_LIFE_S) refuse("malformed");
  return { bytes, certificate, card, notice: read(NOTICE, bytes.notice) };
}

function refuseUnsigned(bytes, certificate) {
  const isCertified = verifies(
    bytes.certificate_sig,
    digest("admin certificate", bytes.certificate),
    certificate.root,
  );
  if (!isCertified || !verifies(bytes.card_sig, digest("card", bytes.card), certificate.admin)) refuse("signature");
}

function refuseOlder(certificate, card, cardDigest, seen) {
  if (certificate.seq < seen.certificateSeq || card.seq < seen.cardSeq) refuse("older");
  if (card.seq === seen.cardSeq && !equal(cardDigest, seen.cardDigest)) refuse("forked");
  if (card.seq === seen.cardSeq + 1 && !equal(card.prev, seen.cardDigest)) refuse("forked");
}

function refuse(code) {
  throw new DocumentRefusedError(code);
}

function read(schema, bytes) {
  try {
    return schema(parse(bytes));
  } catch (error) {
    if (error instanceof ChannelError) throw new DocumentRefusedError("malformed");
    throw error;
  }
}
