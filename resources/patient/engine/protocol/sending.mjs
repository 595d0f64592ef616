/** Making a frame: the next number of our own chain, what we have seen, a signature. Source: channel.md §6. */
import { MAX_NUMBER, MAX_SEEN, writeBody } from "./bodies.mjs";
import { b64, random, unb64 } from "./bytes.mjs";
import { ChannelError } from "./errors.mjs";
import { PREFIX_BYTES, frameName, sealFrame } from "./frames.mjs";
import { ID_BYTES } from "./header.mjs";
import { UNCOUNTED, readContent } from "./kinds.mjs";
import { FRAME_CLASSES } from "./padding.mjs";
import { currentGeneration } from "./session.mjs";

const NONCE_BYTES = 24;

/**
 * @param {object} state @param {string} kind @param {object} content as it stands in JSON
 * @param {{nowMs: number, id?: Uint8Array}} given `id`: of a message that is sent anew
 * @returns {{state: object, frame: Uint8Array, id: Uint8Array, chain: string, number: number, clock: number}}
 * @throws {ChannelError} code "not_confirmed" (no desk has answered yet), "schema" or "too_long"
 */
export function send(state, kind, content, { nowMs, id = random(ID_BYTES) }) {
  readContent(kind, content, false);
  const next = structuredClone(state);
  const generation = currentGeneration(next);
  if (generation === null) throw new ChannelError("not_confirmed");
  next.clock += 1;
  const bare = { id, prev: unb64(generation.prev), seen: {}, clock: next.clock, at_ms: nowMs, kind, content };
  const body = writeBody({ ...bare, seen: takeSeen(next, sizeOf(bare), kind === "ack" ? 1 : 0) });
  const { chain, number } = takeNumber(generation);
  const { address, sender, sign } = next;
  const signKey = sign.privateKey;
  const place = { address, role: "patient", generation, chain: unb64(chain), number };
  const frame = sealFrame({ ...place, sender, signKey, body, nonce: random(NONCE_BYTES) });
  generation.prev = frameName(frame);
  if (!UNCOUNTED.includes(kind)) generation.count += 1;
  return { state: next, frame, id, chain, number, clock: next.clock };
}

/** @param {string} kind @param {object} content @throws {ChannelError} code "too_long": no frame has room for it */
export function refuseTooLong(kind, content) {
  const [bytes, number] = [new Uint8Array(ID_BYTES), Number.MAX_SAFE_INTEGER];
  sizeOf({ id: bytes, prev: bytes, seen: {}, clock: number, at_ms: number, kind, content });
}

function sizeOf(body) {
  const bytes = PREFIX_BYTES + writeBody(body).length;
  const size = FRAME_CLASSES.find((each) => bytes < each);
  if (size === undefined) throw new ChannelError("too_long");
  return { bytes, size };
}

function takeNumber(generation) {
  if (generation.chain === null || generation.chain.number > MAX_NUMBER) {
    generation.chain = { name: b64(random(ID_BYTES)), number: 0 };
    generation.chainCount += 1;
  }
  const { name, number } = generation.chain;
  generation.chain.number += 1;
  return { chain: name, number };
}

// Names chains whose height rose, as far as the size class has room anyway: what we saw never shows in the length.
function takeSeen(state, { bytes, size }, least) {
  const seen = {};
  let left = size - 1 - bytes;
  for (const [name, chain] of owed(state)) {
    const height = heightOf(chain);
    left -= `"${name}":${height},`.length;
    if (Object.keys(seen).length >= MAX_SEEN || (left < 0 && Object.keys(seen).length >= least)) break;
    seen[name] = height;
    chain.named = height;
    chain.again = false;
  }
  state.owesAck = state.owesAck && owed(state).length > 0;
  return seen;
}

function owed(state) {
  const all = state.generations.flatMap((generation) => Object.entries(generation.theirs));
  return all.filter(([, chain]) => heightOf(chain) >= 0 && (chain.again || heightOf(chain) > chain.named));
}

/** @param {object} chain of the other side @returns {number} up to which every frame is here; -1 for none */
export function heightOf(chain) {
  return Math.min(chain.next, ...Object.keys(chain.missing).map(Number)) - 1;
}
