/** What the page shows: a plain record made anew after every change. Field names: the engine's contract with `ui/`. */
import { safetyNumber } from "./protocol/safety.mjs";

const NOWHERE = {
  stage: "loading",
  reason: null,
  office: null,
  notice_version: 0,
  messages: [],
  connection: "offline",
  assistant: false,
  has_pin: false,
  safety: "",
  receipt: null,
  is_erase_asked: false,
  draft: "",
  alarm: null,
};
const REFUSALS = { claimed: "used", token: "used", expired: "expired", closed: "revoked" };

/** @param {string} stage @param {object} [more] @returns {object} a state without a conversation */
export function bare(stage, more = {}) {
  return { ...NOWHERE, stage, ...more };
}

/** @param {string} code of a gateway @returns {string} the stage that it means for somebody who comes anew */
export function stageOfRefusal(code) {
  return REFUSALS[code] ?? "refused";
}

/** @param {Office} office @returns {object} */
export function officeView({ notice }) {
  const { name, sector, country, phone, emergency, keeps_days, assistant, languages, who, withdraw } = notice;
  return { name, sector, country, phone, emergency, keeps_days, assistant, languages, who, withdraw };
}

/**
 * @param {Conversation} conversation @param {Office} office
 * @param {{connection: string, refused: string|null, alarm: string|null, progress: object}} live
 * @returns {object}
 */
export function view(conversation, office, live) {
  const { notes, session, vault } = conversation;
  return {
    ...NOWHERE,
    stage: stageOf(notes, live),
    reason: live.refused,
    office: officeView(office),
    notice_version: office.notice.version,
    messages: conversation.inOrder.map((message) => messageView(message, live.progress)),
    connection: live.connection,
    assistant: notes.assistant,
    has_pin: vault.hasPin,
    safety: session === null ? "" : safetyOf(session),
    receipt: notes.receipt === null ? null : { ...notes.receipt, countersigned: notes.countersigned?.sig ?? null },
    draft: conversation.unsent,
    is_erase_asked: notes.isEraseAsked,
    alarm: live.alarm === "changed" ? live.alarm : (notes.alarm ?? live.alarm),
  };
}

function stageOf(notes, { refused }) {
  if (notes.endedBy !== null) return "ended";
  if (refused !== null) return notes.isClaimed && refused === "closed" ? "ended" : stageOfRefusal(refused);
  return notes.receipt === null ? "notice" : "chat";
}

function messageView({ id, mine, kind, text, at_ms, state, file, wire, isLost = false, isAsked = false }, progress) {
  const shown = { id, mine, kind, text, at_ms, state };
  if (file === undefined) return shown;
  const { name, type, size } = file;
  const isUp = mine && wire !== null;
  const how = { progress: isUp ? 1 : (progress[id] ?? 0), is_lost: isLost, is_asked: isAsked };
  return { ...shown, file: { name, type, size, ...how } };
}

function safetyOf({ root, own, sign, address }) {
  return safetyNumber({ root, patientStatic: own.publicKey, patientVerify: sign.publicKey, address });
}
