/**
 * The two messages of a handshake, with their headers and what travels in them.
 *
 *     hello:  header | Noise 1 (padded(signature 64 | JSON {v, verify, receipt, texts}))
 *     answer: header | Noise 2 (padded(signature 64 | JSON {v, desk, roster, roster_sig, desks}))
 *
 * Source: channel.md §5.1 and §5.2.
 */
import { b64, concat, equal, utf8 } from "./bytes.mjs";
import { generationOf } from "./chains.mjs";
import { digest } from "./digests.mjs";
import { verifyRosterEntry } from "./documents.mjs";
import { ChannelError, HandshakeRefusedError } from "./errors.mjs";
import { HEADER_BYTES, ID_BYTES, TYPE, readHeader, writeHeader } from "./header.mjs";
import { Initiator } from "./noise.mjs";
import { ANSWER_CLASSES, HELLO_CLASSES, pad, unpad } from "./padding.mjs";
import { verifies } from "./receipts.mjs";
import { binary, exactly, record, whole } from "./schema.mjs";
import { sodium } from "./sodium.mjs";
import { encode, parse } from "./strict_json.mjs";

export const MAX_HELLOS = 8;
export const MAX_ITEMS = 8;
const SIGNATURE_BYTES = 64;
const ANSWER_BYTES = HEADER_BYTES + 32 + ANSWER_CLASSES[0] + 16;

const ANSWER = record({
  v: exactly(1),
  desk: binary(16),
  roster: binary(),
  roster_sig: binary(64),
  desks: whole(1, 64),
});

/**
 * @param {{office: Office, address: Uint8Array, own: KeyPair, sign: KeyPair, psk: Uint8Array|null,
 *   ephemeral: KeyPair, receipt: object|null, items: object[]}} given `ephemeral` fresh; `items` as in JSON, at most 8
 * @returns {{frame: Uint8Array, handshake: Initiator, chain: Uint8Array}}
 */
export function makeHello({ office, address, own, sign, psk, ephemeral, receipt, items }) {
  const prologue = concat(utf8("vestibule/1"), office.officeId, address, office.cardDigest);
  const handshake = new Initiator({ prologue, own, remote: office.card.boxes[0], psk, ephemeral });
  const json = encode({ v: 1, verify: b64(sign.publicKey), receipt, texts: items });
  const message = handshake.write((h) => {
    const signature = sodium.crypto_sign_detached(digest("hello payload", h, json), sign.privateKey);
    return pad(concat(signature, json), HELLO_CLASSES);
  });
  const chain = digest("hello", ephemeral.publicKey).slice(0, ID_BYTES);
  const generation = office.cardDigest.slice(0, ID_BYTES);
  const frame = concat(writeHeader({ type: TYPE.hello, generation, chain, number: 0 }), message);
  return { frame, handshake, chain };
}

/** @param {object[]} items @param {object|null} receipt @returns {boolean} they fit one hello */
export function fitsHello(items, receipt) {
  const room = Math.max(...HELLO_CLASSES) - 1 - SIGNATURE_BYTES;
  const json = encode({ v: 1, verify: b64(new Uint8Array(32)), receipt, texts: items });
  return items.length <= MAX_ITEMS && json.length <= room;
}

/**
 * @param {Uint8Array} untrustedFrame
 * @param {{office: Office, handshakeOf: function(Header): Initiator|null, nowS: number, leastEpoch: number}} given
 *   `handshakeOf` gives a copy of the open handshake of a hello, and null for an unknown one
 * @returns {{chain: string, generation: GenerationKeys, desk: {id: Uint8Array, sign: Uint8Array, epoch: number},
 *   desks: number}}
 * @throws {HandshakeRefusedError} code "header", "unknown", "noise", "padding", "malformed", "roster" or "signature"
 */
export function readAnswer(untrustedFrame, { office, handshakeOf, nowS, leastEpoch }) {
  const header = readAnswerHeader(untrustedFrame);
  const handshake = handshakeOf(header);
  if (handshake === null) throw new HandshakeRefusedError("unknown");
  const { payload, hashBefore } = readNoise(handshake, untrustedFrame.slice(HEADER_BYTES));
  const plain = attempt("padding", () => unpad(payload, ANSWER_CLASSES));
  const json = plain.slice(SIGNATURE_BYTES);
  const answer = attempt("malformed", () => ANSWER(parse(json)));
  const { roster, roster_sig: signature } = answer;
  const entry = attempt("roster", () => verifyRosterEntry(roster, signature, office, { nowS, leastEpoch }));
  if (!equal(entry.desk, answer.desk)) throw new HandshakeRefusedError("roster");
  if (!verifies(plain.slice(0, SIGNATURE_BYTES), digest("answer payload", hashBefore, json), entry.sign)) {
    throw new HandshakeRefusedError("signature");
  }
  const desk = { id: entry.desk, sign: entry.sign, epoch: entry.epoch };
  return { chain: b64(header.chain), generation: generationOf(handshake), desk, desks: answer.desks };
}

function readAnswerHeader(frame) {
  const header = attempt("header", () => readHeader(frame));
  if (header.type !== TYPE.answer || header.number !== 1 || frame.length !== ANSWER_BYTES) {
    throw new HandshakeRefusedError("header");
  }
  return header;
}

function readNoise(handshake, message) {
  return attempt("noise", () => handshake.read(message));
}

function attempt(code, act) {
  try {
    return act();
  } catch (error) {
    if (error instanceof ChannelError) throw new HandshakeRefusedError(code);
    throw error;
  }
}
