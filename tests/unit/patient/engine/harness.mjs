/**
 * What the tests call inside the page: each export takes and gives plain values, bytes as {"b64": "…"}.
 *
 * A refusal comes back as {"refused": code}; anything else that throws fails the test.
 */
import * as attachments from "/engine/protocol/attachments.mjs";
import * as bodies from "/engine/protocol/bodies.mjs";
import * as bytes from "/engine/protocol/bytes.mjs";
import * as chains from "/engine/protocol/chains.mjs";
import * as digests from "/engine/protocol/digests.mjs";
import * as documents from "/engine/protocol/documents.mjs";
import { ChannelError } from "/engine/protocol/errors.mjs";
import * as frames from "/engine/protocol/frames.mjs";
import * as handshaking from "/engine/protocol/handshaking.mjs";
import * as hello from "/engine/protocol/hello.mjs";
import { Invitation } from "/engine/protocol/invitation.mjs";
import { Initiator } from "/engine/protocol/noise.mjs";
import * as padding from "/engine/protocol/padding.mjs";
import * as receipts from "/engine/protocol/receipts.mjs";
import * as receiving from "/engine/protocol/receiving.mjs";
import { safetyNumber } from "/engine/protocol/safety.mjs";
import * as sending from "/engine/protocol/sending.mjs";
import * as session from "/engine/protocol/session.mjs";
import { ready, sodium } from "/engine/protocol/sodium.mjs";
import * as stored from "/engine/protocol/stored.mjs";
import { parse } from "/engine/protocol/strict_json.mjs";
import * as threads from "/engine/protocol/threads.mjs";

const pair = (privateKey) => ({ privateKey, publicKey: sodium.crypto_scalarmult_base(privateKey) });
const officeOf = (document, nowMs) => documents.verifyOffice(document, { nowS: Math.floor(nowMs / 1000) });

const CALLS = {
  derive: ({ key, label, parts }) => digests.deriveKey(key, label, ...parts),
  digest: ({ label, parts }) => digests.digest(label, ...parts),
  json: ({ data }) => parse(data),
  base64: ({ text }) => bytes.unb64(text),
  pad: ({ plain, classes }) => padding.pad(plain, classes),
  unpad: ({ padded, classes }) => padding.unpad(padded, classes),
  noise: ({ prologue, own, remote, psk, ephemeral, payload, answer }) => {
    const given = { prologue, own: pair(own), remote, psk, ephemeral: pair(ephemeral) };
    const first = new Initiator(given);
    const message = first.write(payload);
    const handshake = Initiator.load(structuredClone(first.dump()));
    const read = handshake.read(answer);
    return { message, payload: read.payload, hash: handshake.hash, keys: handshake.split() };
  },
  office: ({ document, now_s, office, seen }) => {
    const isWhole = office.length === 32;
    const invitation = new Invitation(new Uint8Array(16), new Uint8Array(32), office);
    const names = (id) => (isWhole ? bytes.equal(id, office) : invitation.names(id));
    return documents.verifyOffice(document, { nowS: now_s, names, seen });
  },
  invitation: ({ fragment, office }) => {
    const found = Invitation.parse(fragment);
    const { inviteId, address, token } = found;
    return { inviteId, address, token, psk: found.psk(office), names: found.names(office), again: found.fragment() };
  },
  roster: ({ json, sig, office, admin, now_s, least_epoch }) =>
    documents.verifyRosterEntry(json, sig, { officeId: office, admin }, { nowS: now_s, leastEpoch: least_epoch }),
  body: ({ json, is_from_desk }) => bodies.readBody(json, is_from_desk),
  write_body: ({ json, is_from_desk }) => {
    const { content } = parse(json);
    return bodies.writeBody({ ...bodies.readBody(json, is_from_desk), content });
  },
  message_keys: ({ root, role, chain, count }) =>
    Array.from({ length: count }, (_, number) => chains.messageKey(root, role, chain, number)),
  resume_psk: ({ root }) => chains.resumePsk(root),
  seal_frame: ({ seed, ...given }) =>
    frames.sealFrame({ ...given, signKey: sodium.crypto_sign_seed_keypair(seed).privateKey }),
  open_frame: ({ frame, address, role, generation, key }) => {
    const header = frames.readFrameHeader(frame);
    const opened = frames.openFrame(frame, { address, role, generation });
    const isSigned = receipts.verifies(opened.signature, opened.message, key);
    return { ...header, ...opened, is_signed: isSigned, name: frames.frameName(frame) };
  },
  handshake: ({ office, now_ms, own, seed, ephemeral, answer, address, psk, receipt, items }) => {
    const sign = sodium.crypto_sign_seed_keypair(seed);
    const given = { office, address, own: pair(own), sign, psk, ephemeral: pair(ephemeral), receipt, items };
    const made = hello.makeHello(given);
    const read = hello.readAnswer(answer, {
      office,
      nowS: Math.floor(now_ms / 1000),
      leastEpoch: 0,
      handshakeOf: () => made.handshake,
    });
    return { hello: made.frame, chain: made.chain, ...read, resume: chains.resumePsk(read.generation.root) };
  },
  safety: (given) => safetyNumber(given),
  begin: ({ document, address, psk, now_ms }) => {
    const { officeId, root } = officeOf(document, now_ms);
    return stateful(session.newSession({ officeId, root, address, psk }));
  },
  hello: ({ state, document, now_ms, receipt, items }) => {
    const made = handshaking.sayHello(stored.load(state), officeOf(document, now_ms), { receipt, items });
    return { ...stateful(made.state), frame: made.frame, chain: made.chain };
  },
  answer: ({ state, frame, document, now_ms }) => {
    const given = { office: officeOf(document, now_ms), nowMs: now_ms };
    const taken = handshaking.takeAnswer(stored.load(state), frame, given);
    return { ...stateful(taken.state), chain: taken.chain };
  },
  send: ({ state, kind, content, now_ms }) => {
    const sent = sending.send(stored.load(state), kind, content, { nowMs: now_ms });
    return { ...stateful(sent.state), frame: sent.frame, id: sent.id, chain: sent.chain, number: sent.number };
  },
  receive: ({ state, frame, document, now_ms }) => {
    const given = { nowMs: now_ms, office: officeOf(document, now_ms) };
    const { state: next, taken } = receiving.receive(stored.load(state), frame, given);
    return { ...stateful(next), taken, gap: threads.gapSinceMs(next) };
  },
  fresh: ({ state }) => stateful(session.freshChain(stored.load(state))),
  due: ({ state, document, now_ms }) =>
    handshaking.isRenewalDue(stored.load(state), officeOf(document, now_ms), now_ms),
  receipt: ({ given, seed }) => receipts.makeReceipt(given, sodium.crypto_sign_seed_keypair(seed).privateKey),
  signed: ({ receipt, key }) => receipts.isSigned(receipt, key),
  countersigned: ({ receipt, sig, key }) => receipts.isCountersigned(receipt, sig, key),
  storm: ({ state, document, now_ms, frames: good, count, seed }) =>
    storm(stored.load(state), officeOf(document, now_ms), now_ms, good, count, seed),
  seal_file: async ({ file }) => {
    const pieces = [];
    const sealed = await attachments.sealFile(new Blob([file]), async (index, count, piece) => pieces.push(piece));
    return { ...sealed, pieces };
  },
  open_file: async ({ file, pieces }) =>
    bytes.concat(...(await attachments.openFile(file, async (index) => pieces[index]))),
};

// xorshift32: the same storm for the same seed
function chance(seed) {
  let x = seed | 1;
  return (below) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
}

function mutated(good, pick) {
  const frame = good[pick(good.length)].slice();
  const kind = pick(8);
  if (kind === 0) return frame.slice(0, pick(frame.length));
  if (kind === 1) return bytes.concat(frame, new Uint8Array(1 + pick(300)));
  if (kind === 2) return bytes.concat(frame.slice(0, 38), good[pick(good.length)].slice(38));
  if (kind === 3) frame[34 + pick(4)] = pick(256);
  if (kind === 4) frame[pick(38)] = pick(256);
  for (let n = pick(4); n >= 0; n -= 1) frame[pick(frame.length)] ^= 1 + pick(255);
  return frame;
}

function storm(state, office, nowMs, good, count, seed) {
  const pick = chance(seed);
  const originals = new Set(good.map((frame) => bytes.b64(frame)));
  const before = bytes.b64(stored.dump(state));
  const codes = {};
  for (let n = 0; n < count; n += 1) {
    const frame = mutated(good, pick);
    if (originals.has(bytes.b64(frame))) continue;
    let code = "taken";
    try {
      if (frame[1] === 2) handshaking.takeAnswer(state, frame, { office, nowMs });
      else receiving.receive(state, frame, { office, nowMs });
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      code = error.code;
    }
    codes[code] = (codes[code] ?? 0) + 1;
  }
  return { codes, unchanged: bytes.b64(stored.dump(state)) === before };
}

function stateful(state) {
  return { state: stored.dump(state), verify: state.sign.publicKey, static: state.own.publicKey };
}

function revive(value) {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value.b64 === "string") return bytes.unb64(value.b64);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, revive(each)]));
}

function plain(value) {
  if (value instanceof Uint8Array) return { b64: bytes.b64(value) };
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

/** Runs one call of the table above. */
export async function run(name, given) {
  await ready;
  try {
    return plain(await CALLS[name](revive(given)));
  } catch (error) {
    if (error instanceof ChannelError) return { refused: error.code };
    throw error;
  }
}

/** Runs many calls with one crossing into the page; @returns their results in order. */
export async function runAll(calls) {
  const results = [];
  for (const [name, given] of calls) results.push(await run(name, given));
  return results;
}
