/** Taking a frame: the checks of channel.md §6.1 in their order, and only then a new state. */
import { MAX_NUMBER, readBody } from "./bodies.mjs";
import { b64 } from "./bytes.mjs";
import { verifyRosterEntry } from "./documents.mjs";
import { ChannelError, FrameRefusedError } from "./errors.mjs";
import { frameName, openFrame, readFrameHeader } from "./frames.mjs";
import { UNCOUNTED } from "./kinds.mjs";
import { verifies } from "./receipts.mjs";
import { KEEP_MS, currentGeneration, tidy } from "./session.mjs";
import { forks } from "./threads.mjs";

const MAX_CHAINS = 64;
const MAX_SKIP = 256;
const MAX_CLONES = 64;
const MAX_CLOCK_JUMP = 65536;

/**
 * @typedef {{type: "received"|"duplicate", body: Body|null, sender: Uint8Array|null, alarm: null|"fork"|"clone"}} Taken
 *   `alarm`: the message is kept, a new generation is due
 *
 * @param {object} state @param {Uint8Array} untrustedFrame @param {{nowMs: number, office: Office}} given
 * @returns {{state: object, taken: Taken}}
 * @throws {FrameRefusedError} code "header", "generation", "chains", "jump", "missing", "late", "sealed", "padding",
 *   "sender", "owner", "signature", "malformed", "clock" or "roster"
 */
export function receive(state, untrustedFrame, { nowMs, office }) {
  const header = readFrameHeader(untrustedFrame);
  const known = findGeneration(state, header, nowMs);
  const name = b64(header.chain);
  const chain = known.theirs[name] ?? newChain(known);
  refuseOutside(chain, header.number, nowMs);
  const digest = frameName(untrustedFrame);
  const before = chain.frames[header.number] ?? [];
  if (before.some(([each]) => each === digest)) return duplicate(state, header.generation, name);
  const opened = openFrame(untrustedFrame, { address: state.address, role: "desk", generation: known });
  const body = checkedBody(state, chain, opened);
  const alarm = alarmOf(known, before, b64(opened.sender), b64(body.prev));
  // all of it holds: only now a new state
  const next = structuredClone(state);
  const generation = findGeneration(next, header, nowMs);
  const place = { name, number: header.number, digest, isSecond: before.length > 0 };
  keep(generation, structuredClone(chain), { ...place, owner: b64(opened.sender), prev: b64(body.prev), nowMs });
  generation.isAlarmed = generation.isAlarmed || alarm !== null;
  if (!UNCOUNTED.includes(body.kind)) generation.count += 1;
  note(next, body, { nowMs, office });
  tidy(next, nowMs);
  return { state: next, taken: { type: "received", body, sender: opened.sender, alarm } };
}

function duplicate(state, generationId, name) {
  const next = structuredClone(state);
  const generation = next.generations.find(({ id }) => b64(id) === b64(generationId));
  generation.theirs[name].again = true;
  next.owesAck = true;
  return { state: next, taken: { type: "duplicate", body: null, sender: null, alarm: null } };
}

function keep(generation, chain, { name, number, digest, isSecond, owner, prev, nowMs }) {
  chain.owner = owner;
  chain.frames[number] = [...(chain.frames[number] ?? []), [digest, prev, nowMs]].slice(-MAX_CLONES);
  if (!isSecond) advance(chain, number, nowMs);
  generation.theirs[name] = chain;
}

function findGeneration(state, header, nowMs) {
  const id = b64(header.generation);
  const found = state.generations.find((generation) => b64(generation.id) === id);
  if (found === undefined || (found.replacedMs !== 0 && nowMs - found.replacedMs > KEEP_MS)) refuse("generation");
  return found;
}

function newChain(generation) {
  if (Object.keys(generation.theirs).length >= MAX_CHAINS) refuse("chains");
  return { owner: "", next: 0, missing: {}, frames: {}, named: -1, again: false };
}

function refuseOutside(chain, number, nowMs) {
  if (number > MAX_NUMBER || number > chain.next + MAX_SKIP) refuse("jump");
  const skipped = Math.max(0, number - chain.next);
  if (Object.keys(chain.missing).length + skipped > MAX_SKIP) refuse("missing");
  if (number in chain.missing && nowMs - chain.missing[number] > KEEP_MS) refuse("late");
}

function checkedBody(state, chain, opened) {
  const desk = Object.entries(state.desks).find(([id]) => id === b64(opened.sender));
  if (desk === undefined) refuse("sender");
  if (chain.owner !== "" && chain.owner !== desk[0]) refuse("owner");
  if (!verifies(opened.signature, opened.message, desk[1].sign)) refuse("signature");
  const body = refusing("malformed", () => readBody(opened.body, true));
  if (body.clock > state.clock + MAX_CLOCK_JUMP) refuse("clock");
  return body;
}

function refusing(code, act) {
  try {
    return act();
  } catch (error) {
    if (error instanceof ChannelError) throw new FrameRefusedError(code);
    throw error;
  }
}

function alarmOf(generation, before, owner, prev) {
  if (before.length > 0) return "clone";
  return forks(generation, owner, prev) ? "fork" : null;
}

function advance(chain, number, nowMs) {
  delete chain.missing[number];
  for (let n = chain.next; n < number; n += 1) chain.missing[n] = nowMs;
  chain.next = Math.max(chain.next, number + 1);
}

function note(state, body, { nowMs, office }) {
  state.clock = Math.max(state.clock, body.clock);
  state.owesAck = state.owesAck || !UNCOUNTED.includes(body.kind);
  if (body.kind === "ack") state.deskCount = body.content.desks;
  // a desk that was put back to a backup asks in the generation that it knows: the one of now is meant
  if (body.kind === "renew") currentGeneration(state).isRenewAsked = true;
  if (body.kind === "desk") introduce(state, body.content, { nowMs, office });
}

function introduce(state, { roster, roster_sig: signature }, { nowMs, office }) {
  const against = { nowS: Math.floor(nowMs / 1000), leastEpoch: state.leastEpoch };
  const entry = refusing("roster", () => verifyRosterEntry(roster, signature, office, against));
  addDesk(state, { id: entry.desk, sign: entry.sign, epoch: entry.epoch });
}

/**
 * A roster entry of a later epoch takes the word from all desks of earlier ones.
 *
 * @param {object} state a copy, changed here @param {{id: Uint8Array, sign: Uint8Array, epoch: number}} desk
 */
export function addDesk(state, { id, sign, epoch }) {
  state.leastEpoch = Math.max(state.leastEpoch, epoch);
  const known = Object.entries(state.desks).filter(([, desk]) => desk.epoch >= state.leastEpoch);
  state.desks = { ...Object.fromEntries(known), [b64(id)]: { sign, epoch } };
}

function refuse(code) {
  throw new FrameRefusedError(code);
}
