/**
 * One conversation as this browser holds it: the session, the messages, what is still to be acknowledged, and notes.
 *
 * Nothing is changed in place. An act takes a `Draft`, changes the draft, and `commit` stores all of it in one
 * transaction; only then does the conversation change and only then may anything leave (promise P4). When the
 * transaction fails, nothing happened.
 *
 * A message: {id, mine, kind, text, at_ms, order, clock, state, wire, carrier, file?}
 *   `wire`: {kind, content} as it stands in JSON, null while its attachment is not uploaded; `carrier`: the outbox row
 *   that carries it, null while none does; `order`: in which it came about here; `clock`: null until it is carried
 * A row of the outbox: {key, chain, number, generation, frame, ids, order, isHello, isQuiet, hasReceipt}
 */
import { freshChain } from "./protocol/session.mjs";

const NO_NOTES = Object.freeze({
  openDoor: false,
  inviteToken: null,
  ownToken: null,
  isClaimed: false,
  office: null, // {document, atMs}: what was accepted last
  receipt: null,
  isReceiptCarried: false,
  countersigned: null, // {sig, key}
  assistant: false,
  endedBy: null,
  isEraseAsked: false,
  readTo: -1,
  alarm: null,
  order: 0,
});

export class Conversation {
  constructor(vault) {
    this.vault = vault;
    this.notes = NO_NOTES;
    this.session = null;
    this.unsent = ""; // what stands in the composer
    this.messages = new Map();
    this.outbox = new Map();
  }

  /** @param {Vault} vault open @returns {Promise<Conversation>} as stored, ready to send in a fresh chain */
  static async load(vault) {
    const loaded = new Conversation(vault);
    const [notes, session, unsent, messages, outbox] = await Promise.all([
      vault.get("notes", "all"),
      vault.get("session", "all"),
      vault.get("unsent", "all"),
      vault.all("message"),
      vault.all("out"),
    ]);
    if (notes !== null) loaded.notes = { ...NO_NOTES, ...notes };
    if (session !== null) loaded.session = freshChain(session);
    loaded.unsent = unsent ?? "";
    loaded.messages = new Map(messages);
    loaded.outbox = new Map(outbox);
    return loaded;
  }

  /** @returns {Draft} */
  draft() {
    return new Draft(this);
  }

  /** @param {Draft} draft @returns {Promise<void>} once all of it is durable */
  async commit(draft) {
    const changes = draft.changes();
    if (changes.length > 0) await this.vault.write(changes);
    this.notes = draft.notes;
    this.session = draft.session;
    this.messages = draft.messages;
    this.outbox = draft.outbox;
  }

  /** @param {string} text what stands in the composer; kept sealed, sent to nobody @returns {Promise<void>} */
  keepUnsent(text) {
    this.unsent = text;
    return this.vault.write([["unsent", "all", text === "" ? null : text]]);
  }

  /** @returns {object[]} rows of the outbox in the order in which they were made */
  get rows() {
    return [...this.outbox.values()].sort((a, b) => a.order - b.order);
  }

  /** @returns {object[]} messages in the order of the screen: by clock, and what nobody carries yet at the end */
  get inOrder() {
    const rank = ({ clock, order }) => [clock === null ? 1 : 0, clock ?? order];
    return [...this.messages.values()].sort((a, b) => {
      const [x, y] = [rank(a), rank(b)];
      return x[0] - y[0] || x[1] - y[1] || (a.id < b.id ? -1 : 1);
    });
  }
}

export class Draft {
  constructor(conversation) {
    this.before = conversation;
    this.notes = conversation.notes;
    this.session = conversation.session;
    this.messages = new Map(conversation.messages);
    this.outbox = new Map(conversation.outbox);
    this.bytes = [];
  }

  /** @param {object} changed fields of the notes */
  note(changed) {
    this.notes = { ...this.notes, ...changed };
  }

  /** @returns {number} the next place in the order of this browser */
  nextOrder() {
    this.note({ order: this.notes.order + 1 });
    return this.notes.order;
  }

  /** @param {object} message new, or changed */
  putMessage(message) {
    this.messages.set(message.id, message);
  }

  /** @param {string} id @param {object} changed fields of a message that is there */
  changeMessage(id, changed) {
    const message = this.messages.get(id);
    if (message !== undefined) this.messages.set(id, { ...message, ...changed });
  }

  /** @param {string} id of a message; what the outbox holds of it goes its way */
  dropMessage(id) {
    this.messages.delete(id);
  }

  /** @param {object} row of the outbox */
  putRow(row) {
    this.outbox.set(row.key, row);
  }

  /** @param {string} key @returns {void} */
  dropRow(key) {
    this.outbox.delete(key);
  }

  /** @param {string} id of a message @param {Uint8Array|null} bytes of its attachment */
  putFile(id, bytes) {
    this.bytes.push(["file", id, bytes]);
  }

  /** @returns {Array<[string, string, *]>} what differs from before */
  changes() {
    const { before } = this;
    const changes = [...this.bytes];
    if (this.notes !== before.notes) changes.push(["notes", "all", this.notes]);
    if (this.session !== before.session) changes.push(["session", "all", this.session]);
    changes.push(...differences("message", before.messages, this.messages));
    changes.push(...differences("out", before.outbox, this.outbox));
    return changes;
  }
}

function differences(kind, before, after) {
  const gone = [...before.keys()].filter((key) => !after.has(key)).map((key) => [kind, key, null]);
  const put = [...after].filter(([key, value]) => before.get(key) !== value);
  return [...gone, ...put.map(([key, value]) => [kind, key, value])];
}
