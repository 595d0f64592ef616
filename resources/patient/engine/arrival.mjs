/**
 * Which conversation does this load of the page mean? One by a link, one that is stored here, or the open door.
 *
 * The fragment holds a secret: it is taken out of the address bar before anything else happens.
 */
import { peek } from "./line.mjs";
import { fetchOffice } from "./office.mjs";
import { b64, random } from "./protocol/bytes.mjs";
import { verifyOffice } from "./protocol/documents.mjs";
import { Invitation } from "./protocol/invitation.mjs";
import { newSession } from "./protocol/session.mjs";
import { bare, officeView, stageOfRefusal } from "./view.mjs";
import { Vault } from "./vault.mjs";

const LOCAL = ["127.0.0.1", "localhost", "[::1]"];

/** @returns {string} the gateway's socket, beside the page */
export function socketUrl({ protocol, host, hostname }) {
  const isPlain = protocol === "http:" && LOCAL.includes(hostname);
  return `${isPlain ? "ws" : "wss"}://${host}/ws`;
}

/**
 * Until a conversation is kept, this tab's entry in the history remembers the link, so that "try again" may reload.
 *
 * @returns {string} the fragment that stood in the address bar, "" for none; it stands there no longer
 */
export function takeFragment() {
  const { history, location } = globalThis;
  const fragment = location.hash || (history.state?.link ?? "");
  if (location.hash !== "") history.replaceState({ link: fragment }, "", location.pathname);
  return fragment;
}

/** The link is not needed any more. */
export function dropFragment() {
  if (globalThis.history.state !== null) globalThis.history.replaceState(null, "", globalThis.location.pathname);
}

/**
 * @param {Store} store @param {string} fragment @returns {Promise<{vault: Vault}|{state: object}>} a conversation that
 *   is here (perhaps locked), or what the page shows instead
 */
export async function arrive(store, fragment) {
  const locks = await store.locks();
  if (fragment !== "") return arriveByLink(store, locks, fragment);
  if (locks.length > 0) return { vault: new Vault(store, locks[0]) };
  return arriveAtDoor(store);
}

async function arriveByLink(store, locks, fragment) {
  let invitation;
  try {
    invitation = Invitation.parse(fragment);
  } catch {
    return withOffice(bare("no_link", { reason: "link" }));
  }
  const lock = locks.find(({ address }) => address === b64(invitation.address));
  if (lock !== undefined) return { vault: new Vault(store, lock) };
  const found = await firstOffice((officeId) => invitation.names(officeId));
  if (found.state !== undefined) return found;
  const { address, token } = invitation;
  const refusal = await refusalOf({ address, token }, found.office);
  if (refusal !== null) return { state: refusal };
  const psk = invitation.psk(found.office.officeId);
  return begin(store, found, { address, psk, inviteToken: token });
}

async function arriveAtDoor(store) {
  const found = await firstOffice(() => true);
  if (found.state !== undefined) return found.state.reason === "down" ? found : { state: bare("no_link") };
  if (!found.office.card.open_door) return { state: bare("no_link", { office: officeView(found.office) }) };
  return begin(store, found, { address: random(16), psk: null, inviteToken: null });
}

/**
 * A conversation that waits for consent is worth no more than its link: used elsewhere, over or taken back meanwhile?
 *
 * @param {Conversation} conversation @param {Office} office @returns {Promise<object|null>} what to show instead
 */
export async function deadLink({ notes, session }, office) {
  if (notes.receipt !== null || notes.inviteToken === null) return null;
  const refusal = await refusalOf({ address: session.address, token: notes.inviteToken }, office);
  return refusal?.stage === "refused" ? null : refusal;
}

async function refusalOf(who, office) {
  const refused = await peek(socketUrl(globalThis.location), who);
  if (refused === null || ["down", "busy"].includes(refused)) return null;
  return bare(stageOfRefusal(refused), { office: officeView(office), reason: refused });
}

// whose page it is, so that a person without a link at least finds the telephone number
async function withOffice(state) {
  const found = await firstOffice(() => true);
  return { state: found.office === undefined ? state : { ...state, office: officeView(found.office) } };
}

async function firstOffice(names) {
  try {
    const document = await fetchOffice();
    const atMs = Date.now();
    return { document, atMs, office: verifyOffice(document, { nowS: Math.floor(atMs / 1000), names }) };
  } catch (error) {
    return { state: bare("refused", { reason: error.code ?? "bug" }) };
  }
}

// Keys are made now and used only after consent; an unused conversation holds nothing of the person.
async function begin(store, { document, atMs, office }, { address, psk, inviteToken }) {
  const session = newSession({ officeId: office.officeId, root: office.root, address, psk });
  const notes = { openDoor: psk === null, inviteToken, ownToken: random(32), office: { document, atMs } };
  const first = [
    ["notes", "all", notes],
    ["session", "all", session],
  ];
  return { vault: await Vault.make(store, b64(address), first, atMs) };
}
