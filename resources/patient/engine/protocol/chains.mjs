/**
 * Keys of a generation: from the handshake's end to the key of one frame.
 *
 *     R = K(k1 ‖ k2, "root", h)      CK_0 = K(R, "chain", role, chain)
 *     MK_n = K(CK_n, "m")            CK_{n+1} = K(CK_n, "c")
 *
 * A frame's key is derived from R each time. R must be kept for new chains anyway and forward secrecy is per
 * generation, so keys of skipped numbers kept beside it would protect nothing more.
 * Source: channel.md §5.3; threat-model.md §6.3.
 */
import { concat, utf8 } from "./bytes.mjs";
import { deriveKey } from "./digests.mjs";

const ID_BYTES = 16;

/** @param {Initiator} handshake after message 2 @returns {{id: Uint8Array, h: Uint8Array, root: Uint8Array}} */
export function generationOf(handshake) {
  const h = handshake.hash;
  return { id: h.slice(0, ID_BYTES), h, root: deriveKey(concat(...handshake.split()), "root", h) };
}

/** @param {Uint8Array} root @returns {Uint8Array} the pre-shared key of the next handshake */
export function resumePsk(root) {
  return deriveKey(root, "resume");
}

/**
 * @param {Uint8Array} root R of the generation @param {"patient"|"desk"} role who sends
 * @param {Uint8Array} chain 16 B @param {number} number 0 to 4,095
 * @returns {Uint8Array} MK_n, for this one frame
 */
export function messageKey(root, role, chain, number) {
  let chainKey = deriveKey(root, "chain", utf8(role), chain);
  for (let n = 0; n < number; n += 1) chainKey = deriveKey(chainKey, "c");
  return deriveKey(chainKey, "m");
}
