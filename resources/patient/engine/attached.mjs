/**
 * Where a file is: its message says nothing of that, so a file of ours is at the desk when the desk says `fetched`, and
 * goes again under a new name when it says `missing`. Every function changes a draft. Source: channel.md §9.
 *
 * A message of ours with a file may have, besides what conversation.mjs says: `bytesOf`: the message under whose id the
 * bytes are kept here, when it took another's place; `again`: how often it went again by itself; `isLost`: it goes no
 * more unless the person wishes it; `isReadBefore`: the desk has read up to it, and not fetched it yet. One of the
 * desk: `isAsked`: the desk was asked to send it again.
 */
import { newId, sendQuietly } from "./outgoing.mjs";

const MAX_AGAIN = 3; // a gateway that loses every one must not make a telephone upload for ever

const isOnItsWay = (message) => message?.mine && message.kind === "file" && ["waiting", "sent"].includes(message.state);

/** @param {Draft} draft @param {string} id that the desk names: it has all of this file */
export function isThere(draft, id) {
  const message = draft.messages.get(id);
  if (!isOnItsWay(message)) return;
  draft.changeMessage(id, { state: message.isReadBefore ? "read" : "at_desk", isLost: false });
}

/** @param {Draft} draft @param {string} id of a file that is read once it is there */
export function readBefore(draft, id) {
  draft.changeMessage(id, { isReadBefore: true });
}

/** @param {Draft} draft @param {string} id that the desk names: the gateway does not have this file */
export function goesAgain(draft, id) {
  const message = draft.messages.get(id);
  if (!isOnItsWay(message) || message.wire === null) return;
  const again = (message.again ?? 0) + 1;
  if (again > MAX_AGAIN) draft.changeMessage(id, { isLost: true, state: "waiting" });
  else takePlace(draft, message, again);
}

/** @param {Draft} draft @param {string} id of a lost file that the person sends again @returns {void} */
export function wishedAgain(draft, id) {
  const message = draft.messages.get(id);
  if (isOnItsWay(message) && message.isLost) takePlace(draft, message, 0);
}

// the desk has given the old message up: a new one under a new id stands in its place, and is uploaded like any other
function takePlace(draft, message, again) {
  const { id, bytesOf = id } = message;
  const anew = { state: "waiting", wire: null, carrier: null, isLost: false };
  draft.dropMessage(id);
  draft.putMessage({ ...message, ...anew, id: newId(), bytesOf, again });
}

/** @param {Draft} draft @param {string} id of a file of the desk @param {number} nowMs: it is kept and checked here */
export function sayFetched(draft, id, nowMs) {
  sendQuietly(draft, "fetched", { id }, nowMs);
}

/** Asks the desk for a file that cannot be had, once. @param {Draft} draft @param {string} id @param {number} nowMs */
export function ask(draft, id, nowMs) {
  if (draft.messages.get(id)?.isAsked) return;
  draft.changeMessage(id, { isAsked: true });
  sendQuietly(draft, "missing", { id }, nowMs);
}
