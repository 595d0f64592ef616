/** Fetching the office's papers, and keeping the newest that was accepted. */
import { equal } from "./protocol/bytes.mjs";
import { MAX_DOCUMENT_BYTES, verifyOffice } from "./protocol/documents.mjs";
import { ChannelError, DocumentRefusedError } from "./protocol/errors.mjs";

/** @returns {Promise<Uint8Array>} untrusted @throws {ChannelError} code "down" */
export async function fetchOffice() {
  let body;
  try {
    const response = await fetch("/office.json", { cache: "no-store", credentials: "omit", redirect: "error" });
    if (!response.ok) throw new ChannelError("down");
    body = new Uint8Array(await response.arrayBuffer());
  } catch {
    throw new ChannelError("down");
  }
  if (body.length > MAX_DOCUMENT_BYTES) throw new DocumentRefusedError("malformed");
  return body;
}

/**
 * @param {{document: Uint8Array, atMs: number}} kept what was accepted then @returns {Office} as it was accepted
 */
export function keptOffice({ document, atMs }) {
  return verifyOffice(document, { nowS: Math.floor(atMs / 1000) });
}

/**
 * @param {Office} office what was accepted last @param {number} nowMs
 * @returns {Promise<{office?: Office, kept?: object, isOther?: true}>} newer papers of the same office; nothing when
 *   they cannot be had or do not hold; `isOther`: the page is served with another office's papers
 */
export async function fetchNewer(office, nowMs) {
  const { officeId, certificateSeq, card, cardDigest } = office;
  const seen = { certificateSeq, cardSeq: card.seq, cardDigest };
  try {
    const document = await fetchOffice();
    const names = (id) => equal(id, officeId);
    const newer = verifyOffice(document, { nowS: Math.floor(nowMs / 1000), names, seen });
    return { office: newer, kept: { document, atMs: nowMs } };
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    return error.code === "office" ? { isOther: true } : {};
  }
}
