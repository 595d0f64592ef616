/**
 * From a wish to a frame in the outbox. Every function changes a draft and sends nothing.
 *
 * While no desk has answered, messages travel in hellos (at most 8 under one key and card);
 * afterwards each has a frame of its own.
 */
import { b64, equal, random, unb64 } from "./protocol/bytes.mjs";
import { hellosLeft, isRenewalDue, sayHello } from "./protocol/handshaking.mjs";
import { ID_BYTES, readHeader } from "./protocol/header.mjs";
import { MAX_ITEMS, fitsHello } from "./protocol/hello.mjs";
import { UNCOUNTED, readContent } from "./protocol/kinds.mjs";
import { refuseTooLong, send } from "./protocol/sending.mjs";
import { currentGeneration } from "./protocol/session.mjs";

const EARLY = ["text", "file", "assistant", "withdraw", "end", "erase"];

/** @returns {string} a fresh id for a message */
export function newId() {
  return b64(random(ID_BYTES));
}

/**
 * @param {Draft} draft @param {{id?: string, kind: string, text?: string, wire: object|null, file?: object}} given
 *   `kind` as on the screen; a message with this `id` that is there already is left as it is
 * @param {number} nowMs @returns {string} the message's id
 */
export function compose(draft, { id = newId(), kind, text = "", wire, file }, nowMs) {
  if (wire !== null) {
    readContent(wire.kind, wire.content, false);
    refuseTooLong(wire.kind, wire.content);
  }
  if (draft.messages.has(id)) return id;
  const order = draft.nextOrder();
  const message = { id, mine: true, kind, text, at_ms: nowMs, order, clock: null, state: "waiting" };
  draft.putMessage({ ...message, wire, carrier: null, ...(file === undefined ? {} : { file }) });
  return id;
}

/** Gives every message that nobody carries a carrier, and asks for a new generation when one is due. */
export function flush(draft, office, nowMs) {
  if (draft.session === null || draft.notes.receipt === null) return;
  reviveLost(draft);
  if (currentGeneration(draft.session) === null) flushEarly(draft, office, nowMs);
  else flushFrames(draft, office, nowMs);
}

/** @param {Draft} draft @param {string} kind @param {object} content @returns {void} a frame that no message shows */
export function sendQuietly(draft, kind, content, nowMs) {
  carry(draft, { wire: { kind, content } }, nowMs);
}

function uncarried(draft) {
  const isWaiting = ({ mine, carrier, wire }) => mine && carrier === null && wire !== null;
  return [...draft.messages.values()].filter(isWaiting).sort((a, b) => a.order - b.order);
}

// The old generation is over and nobody acknowledged: the message goes again, under the same id, in the new one.
function reviveLost(draft) {
  const alive = draft.session.generations.map(({ id }) => b64(id));
  for (const row of [...draft.outbox.values()]) {
    if (row.isHello || alive.includes(row.generation)) continue;
    draft.dropRow(row.key);
    row.ids.forEach((id) => draft.changeMessage(id, { carrier: null, state: "waiting" }));
  }
}

function flushFrames(draft, office, nowMs) {
  for (const message of uncarried(draft)) {
    const key = carry(draft, message, nowMs);
    // one that goes again keeps its place on the screen
    draft.changeMessage(message.id, { carrier: key, clock: message.clock ?? draft.session.clock });
  }
  if (isRenewalDue(draft.session, office, nowMs)) greet(draft, office, { receipt: null, messages: [] });
}

function carry(draft, message, nowMs) {
  const { kind, content } = message.wire;
  const given = message.id === undefined ? { nowMs } : { nowMs, id: unb64(message.id) };
  const sent = send(draft.session, kind, content, given);
  draft.session = sent.state;
  return putRow(draft, sent.frame, message.id === undefined ? [] : [message.id], { isQuiet: UNCOUNTED.includes(kind) });
}

function flushEarly(draft, office, nowMs) {
  const { session, notes } = draft;
  const isNewCard = session.hellos.length > 0 && !session.hellos.some((hello) => equal(hello.card, office.cardDigest));
  const waiting = uncarried(draft).filter(({ wire }) => EARLY.includes(wire.kind));
  if (isNewCard) {
    const unanswered = [...draft.messages.values()].filter(({ mine, wire, state }) => {
      return mine && wire !== null && EARLY.includes(wire.kind) && ["waiting", "sent"].includes(state);
    });
    greetWith(draft, office, { receipt: notes.receipt, messages: unanswered.sort((a, b) => a.order - b.order) });
  } else if (!notes.isReceiptCarried || (waiting.length > 0 && hellosLeft(session, office) > 0)) {
    greetWith(draft, office, { receipt: notes.isReceiptCarried ? null : notes.receipt, messages: waiting });
  }
}

function greetWith(draft, office, { receipt, messages }) {
  const fitting = [];
  const items = [];
  let clock = draft.session.clock;
  for (const message of messages) {
    const item = itemOf(message, message.clock ?? clock + 1);
    if (items.length === MAX_ITEMS || !fitsHello([...items, item], receipt)) break;
    clock = Math.max(clock, item.clock);
    items.push(item);
    fitting.push({ ...message, clock: item.clock });
  }
  if (receipt === null && fitting.length === 0) return; // too long for a hello: it waits for a frame
  draft.session = { ...draft.session, clock };
  greet(draft, office, { receipt, messages: fitting, items });
  if (receipt !== null) draft.note({ isReceiptCarried: true });
}

function greet(draft, office, { receipt, messages, items = [] }) {
  const hello = sayHello(draft.session, office, { receipt, items });
  draft.session = hello.state;
  const key = putRow(draft, hello.frame, messages.map(({ id }) => id), { isHello: true, hasReceipt: receipt !== null });
  messages.forEach(({ id, clock }) => draft.changeMessage(id, { carrier: key, clock }));
}

function itemOf({ id, at_ms, wire }, clock) {
  return { id, clock, at_ms, kind: wire.kind, content: wire.content };
}

function putRow(draft, frame, ids, { isHello = false, isQuiet = false, hasReceipt = false }) {
  const header = readHeader(frame);
  const chain = b64(header.chain);
  const key = `${chain}.${String(header.number).padStart(4, "0")}`;
  const place = { key, chain, number: header.number, generation: b64(header.generation), order: draft.nextOrder() };
  draft.putRow({ ...place, frame, ids, isHello, isQuiet, hasReceipt });
  return key;
}
