/** The safety number: forty digits that a patient and a desk compare by telephone. Source: channel.md §10. */
import { readU32 } from "./bytes.mjs";
import { digest } from "./digests.mjs";

const GROUPS = 8;

/**
 * @param {{root: Uint8Array, patientStatic: Uint8Array, patientVerify: Uint8Array, address: Uint8Array}} keys public
 * @returns {string} eight groups of five digits
 */
export function safetyNumber({ root, patientStatic, patientVerify, address }) {
  const bytes = digest("safety", root, patientStatic, patientVerify, address);
  const groups = Array.from({ length: GROUPS }, (_, i) => readU32(bytes, 4 * i) % 100000);
  return groups.map((group) => String(group).padStart(5, "0")).join(" ");
}
