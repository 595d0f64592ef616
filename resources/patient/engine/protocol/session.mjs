/**
 * The patient's side of one conversation, as a value: every act takes a state and returns a new one.
 *
 * Whoever calls stores the new state in the transaction that stores the result, and sends only afterwards; an act that
 * throws has changed nothing. The state holds all keys, so it is sealed before it is stored.
 * Source: channel.md §5 and §6; `app/channel/patient_session.py` is its twin.
 */
import { digest } from "./digests.mjs";
import { ID_BYTES } from "./header.mjs";
import { newKeyPair } from "./noise.mjs";
import { sodium } from "./sodium.mjs";

export const KEEP_MS = 7 * 86400000;
const MAX_OLD = 8;

/**
 * @param {{officeId: Uint8Array, root: Uint8Array, address: Uint8Array, psk: Uint8Array|null}} given
 *   `psk` null at the open door
 * @returns {object} the state before the first hello, with fresh keys of the patient
 */
export function newSession({ officeId, root, address, psk }) {
  const sign = sodium.crypto_sign_keypair();
  return {
    v: 1,
    officeId,
    root,
    address,
    psk,
    own: newKeyPair(),
    sign: { publicKey: sign.publicKey, privateKey: sign.privateKey },
    sender: digest("sender", sign.publicKey).slice(0, ID_BYTES),
    clock: 0,
    leastEpoch: 0,
    desks: {},
    deskCount: 1,
    hellos: [],
    generations: [],
    owesAck: false,
  };
}

/** @param {object} state @returns {object|null} the generation in which we send */
export function currentGeneration(state) {
  return state.generations.find((generation) => generation.replacedMs === 0) ?? null;
}

/**
 * Every start of the page begins chains of its own, so that a state that was copied or put back never uses one key
 * for two texts (promise P4).
 *
 * @param {object} state @returns {object}
 */
export function freshChain(state) {
  const next = structuredClone(state);
  for (const generation of next.generations) generation.chain = null;
  return next;
}

/** @param {object} state a copy, changed here @param {number} nowMs erases what is over */
export function tidy(state, nowMs) {
  const isKept = ({ replacedMs }) => replacedMs === 0 || nowMs - replacedMs <= KEEP_MS;
  state.generations = state.generations.filter(isKept).slice(-1 - MAX_OLD);
}
