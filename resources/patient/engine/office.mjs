/** Fetching the office's papers, and keeping the newest that was accepted. */
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

/** @param {Office} office @returns {Seen} against going back */
export function seenOf(office) {
  return { certificateSeq: office.certificateSeq, cardSeq: office.card.seq, cardDigest: office.cardDigest };
}
