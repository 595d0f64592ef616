/** From a frame of the desk to messages and states. Every function changes a draft. */
import { b64, equal, unb64 } from "./protocol/bytes.mjs";
import { digest } from "./protocol/digests.mjs";
import { takeAnswer } from "./protocol/handshaking.mjs";
import { TYPE, readHeader } from "./protocol/header.mjs";
import { receive } from "./protocol/receiving.mjs";
import { isThere, goesAgain, readBefore } from "./attached.mjs";
import { isCountersigned } from "./protocol/receipts.mjs";

const SHOWN = ["text", "away", "file"];

/**
 * @param {Draft} draft @param {Uint8Array} untrustedFrame @param {{office: Office, nowMs: number}} given
 * @returns {{isErased: boolean, isNew: boolean}} `isNew`: a desk said something that had not come before
 * @throws {ChannelError} the frame is dropped; the draft must be too
 */
export function takeFrame(draft, untrustedFrame, { office, nowMs }) {
  const { type } = readHeader(untrustedFrame);
  if (type === TYPE.answer) {
    takeTheAnswer(draft, untrustedFrame, { office, nowMs });
    return { isErased: false, isNew: false };
  }
  const { state, taken } = receive(draft.session, untrustedFrame, { office, nowMs });
  draft.session = state;
  if (taken.type === "duplicate") return { isErased: false, isNew: false };
  if (taken.alarm !== null) draft.note({ alarm: "fork" });
  takeSeen(draft, taken.body.seen);
  takeBody(draft, taken, nowMs);
  return { isErased: taken.body.kind === "erased", isNew: true };
}

function takeTheAnswer(draft, frame, given) {
  const { state, chain } = takeAnswer(draft.session, frame, given);
  draft.session = state;
  for (const row of [...draft.outbox.values()].filter(({ isHello }) => isHello)) {
    if (row.chain === chain) delivered(draft, row);
    else travelAgain(draft, row);
  }
}

// Nobody knows whether a desk could open the other hellos (the key of an older card may be gone), so what stood in
// them goes once more, in frames, under the same ids: a desk keeps one of each. The consent is older than anything
// said since, so it stays in its hello, which goes again until a desk names it.
function travelAgain(draft, row) {
  if (row.hasReceipt) draft.putRow({ ...row, ids: [] });
  else draft.dropRow(row.key);
  for (const id of row.ids) {
    if (["waiting", "sent"].includes(draft.messages.get(id)?.state)) draft.changeMessage(id, { carrier: null });
  }
}

/** @param {Draft} draft @param {Object<string, number>} seen chains of ours and up to which number a desk holds them */
function takeSeen(draft, seen) {
  for (const row of [...draft.outbox.values()]) {
    if (row.chain in seen && row.number <= seen[row.chain]) delivered(draft, row);
  }
}

function delivered(draft, row) {
  draft.dropRow(row.key);
  for (const id of row.ids) {
    const { kind, state, isLost } = draft.messages.get(id) ?? {};
    if (isLost) continue;
    // the words about a file are at the desk; the file itself is when the desk says so
    if (["waiting", "sent"].includes(state)) draft.changeMessage(id, { state: kind === "file" ? "sent" : "at_desk" });
  }
}

function takeBody(draft, { body, sender }, nowMs) {
  const { kind, content } = body;
  if (SHOWN.includes(kind)) show(draft, body, nowMs);
  else if (kind === "read") takeRead(draft, b64(content.up_to));
  else if (kind === "fetched") isThere(draft, b64(content.id));
  else if (kind === "missing") goesAgain(draft, b64(content.id));
  else if (kind === "receipt") takeCountersignature(draft, content, sender);
  else if (kind === "end") {
    draft.note({ endedBy: "desk" });
    show(draft, { ...body, kind: "event", content: { text: "ended_by_desk" } }, nowMs);
  }
}

function show(draft, { id, kind, content, clock, at_ms }, nowMs) {
  const key = b64(id);
  const known = draft.messages.get(key);
  if (known?.isAsked && kind === "file") draft.changeMessage(key, { isAsked: false, file: content });
  if (known !== undefined) return; // the same message, in another generation
  const shown = { id: key, mine: false, kind, text: content.text ?? "", at_ms, received_ms: nowMs, clock };
  const message = { ...shown, order: draft.nextOrder(), state: "at_desk", wire: null, carrier: null };
  draft.putMessage(kind === "file" ? { ...message, file: content } : message);
}

function takeRead(draft, upTo) {
  const last = draft.messages.get(upTo);
  if (last === undefined || !last.mine) return;
  for (const { id, mine, kind, clock, state } of [...draft.messages.values()]) {
    if (!mine || clock === null || clock > last.clock) continue;
    // who read the last one has it; an earlier one that is not known to have arrived has not been read either
    if (kind === "file" && ["waiting", "sent"].includes(state)) readBefore(draft, id);
    else if (state === "at_desk" || id === upTo) draft.changeMessage(id, { state: "read" });
  }
}

function takeCountersignature(draft, { receipt, sig }, sender) {
  const own = draft.notes.receipt;
  const desk = draft.session.desks[b64(sender)];
  if (own === null || desk === undefined || !equal(digest("receipt", unb64(own.receipt)), receipt)) return;
  if (isCountersigned(own, b64(sig), desk.sign)) draft.note({ countersigned: { sig: b64(sig), key: desk.sign } });
}
