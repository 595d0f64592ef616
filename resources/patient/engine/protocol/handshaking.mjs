/** Generations: when a new one is due, the hello that asks for it, the answer that makes it. Source: channel.md §5. */
import { b64, equal } from "./bytes.mjs";
import { resumePsk } from "./chains.mjs";
import { ChannelError } from "./errors.mjs";
import { MAX_HELLOS, makeHello, readAnswer } from "./hello.mjs";
import { ID_BYTES } from "./header.mjs";
import { Initiator, newKeyPair } from "./noise.mjs";
import { addDesk } from "./receiving.mjs";
import { currentGeneration, tidy } from "./session.mjs";

const RENEW_MS = 86400000;
const RENEW_MESSAGES = 200;
const RENEW_CHAINS = 48; // of our own: early enough before a desk refuses the 65th

/**
 * @param {object} state @param {Office} office @returns {number} how many more hellos may be sent under the psk and the
 *   card of now; those under older cards stay open, their answers are still good
 */
export function hellosLeft(state, office) {
  return MAX_HELLOS - state.hellos.filter(({ card }) => equal(card, office.cardDigest)).length;
}

/** @param {object} state @param {Office} office @param {number} nowMs @returns {boolean} a new generation is due */
export function isRenewalDue(state, office, nowMs) {
  const generation = currentGeneration(state);
  if (generation === null) return false;
  if (state.hellos.some((hello) => equal(hello.card, office.cardDigest))) return false; // asked already
  return (
    generation.isAlarmed ||
    generation.isRenewAsked ||
    generation.count >= RENEW_MESSAGES ||
    generation.chainCount >= RENEW_CHAINS ||
    nowMs - generation.madeMs >= RENEW_MS ||
    !equal(generation.card, office.cardDigest)
  );
}

/**
 * @param {object} state @param {Office} office
 * @param {{receipt: object|null, items: object[]}} given `items` as in JSON, with ids and clocks
 * @returns {{state: object, frame: Uint8Array, chain: string}} @throws {ChannelError} code "too_many" or "too_long"
 */
export function sayHello(state, office, { receipt, items }) {
  if (hellosLeft(state, office) <= 0) throw new ChannelError("too_many");
  const next = structuredClone(state);
  const newest = currentGeneration(next);
  const psk = newest === null ? next.psk : resumePsk(newest.root);
  const { address, own, sign } = next;
  const ephemeral = newKeyPair();
  const hello = makeHello({ office, address, own, sign, psk, ephemeral, receipt, items });
  next.hellos.push({ chain: b64(hello.chain), handshake: hello.handshake.dump(), card: office.cardDigest });
  return { state: next, frame: hello.frame, chain: b64(hello.chain) };
}

/**
 * Takes the first good answer to any open hello and erases the ephemeral keys of all.
 *
 * @param {object} state @param {Uint8Array} untrustedFrame @param {{office: Office, nowMs: number}} given
 * @returns {{state: object, chain: string}} the chain of the hello that was answered
 * @throws {HandshakeRefusedError}
 */
export function takeAnswer(state, untrustedFrame, { office, nowMs }) {
  const answer = readAnswer(untrustedFrame, {
    office,
    nowS: Math.floor(nowMs / 1000),
    leastEpoch: state.leastEpoch,
    handshakeOf: (header) => openHandshake(state, header),
  });
  const next = structuredClone(state);
  const { card } = next.hellos.find((hello) => hello.chain === answer.chain);
  for (const generation of next.generations) {
    if (generation.replacedMs === 0) Object.assign(generation, { replacedMs: nowMs, chain: null });
  }
  next.generations.push(newGeneration(answer.generation, card, nowMs));
  Object.assign(next, { hellos: [], deskCount: answer.desks, owesAck: true });
  addDesk(next, answer.desk);
  tidy(next, nowMs);
  return { state: next, chain: answer.chain };
}

function openHandshake(state, { chain, generation }) {
  const hello = state.hellos.find((each) => each.chain === b64(chain));
  const isKnown = hello !== undefined && equal(hello.card.slice(0, ID_BYTES), generation);
  return isKnown ? Initiator.load(structuredClone(hello.handshake)) : null;
}

function newGeneration({ id, h, root }, card, nowMs) {
  return {
    id,
    h,
    root,
    card,
    madeMs: nowMs,
    replacedMs: 0,
    count: 0,
    isAlarmed: false,
    isRenewAsked: false,
    chain: null,
    chainCount: 0,
    prev: "",
    theirs: {},
  };
}
