/**
 * The engine of the patient page: the only module that `ui/` imports.
 *
 *     const engine = await Engine.open();
 *     const stop = engine.subscribe((state) => …);     // called at once, and after every change
 *
 * The state is a plain record (view.mjs). Methods return promises; they fail with an error whose `code` is a short
 * fixed word and which carries no content. In a second tab of the same conversation they are carried out by the first.
 */
import { ACTS } from "./acts.mjs";
import { arrive, deadLink, dropFragment, socketUrl, takeFragment } from "./arrival.mjs";
import { Conversation } from "./conversation.mjs";
import { keptOffice } from "./office.mjs";
import { newId } from "./outgoing.mjs";
import { unb64 } from "./protocol/bytes.mjs";
import { ChannelError } from "./protocol/errors.mjs";
import { isCountersigned, isSigned, readReceipt } from "./protocol/receipts.mjs";
import { ready } from "./protocol/sodium.mjs";
import { Runner } from "./runner.mjs";
import { Store } from "./store.mjs";
import { Tabs, announceGone } from "./tabs.mjs";
import { bare, view } from "./view.mjs";

// what a tab shows when nothing is left here
const GONE = { erased: bare("erased"), forgotten: bare("no_link", { reason: "forgotten" }) };
const QUIET = Object.freeze({ connection: "offline", refused: null, alarm: null, progress: {} });

export class Engine {
  /** @returns {Promise<Engine>} already at its first stage */
  static async open() {
    const engine = new Engine();
    await engine.#start(takeFragment());
    return engine;
  }

  constructor() {
    this.state = bare("loading");
    this.listeners = new Set();
    this.live = QUIET;
  }

  /** @param {function(object): void} listener @returns {function(): void} ends it */
  subscribe(listener) {
    this.listeners.add(listener);
    listener(this.state);
    return () => this.listeners.delete(listener);
  }

  /**
   * @param {{assistant: boolean, language: string, shown: string}} given `shown`: the text that stood on the screen
   * @returns {Promise<void>} once the receipt is kept here; it travels by itself
   */
  consent({ assistant, language, shown }) {
    return this.#act("consent", assistant, language, shown);
  }

  /** @param {boolean} on whether the assistant may propose; "withdraw" is sent when it is turned off */
  set_assistant(on) {
    return this.#act("set_assistant", on);
  }

  /** @param {string} text 1 to 12,000 bytes @returns {Promise<string>} the message's id */
  async send(text) {
    const id = await this.#act("send", text, newId());
    await this.set_draft("");
    return id;
  }

  /** @param {string} text what stands in the composer: kept sealed for the next start, shown in `state.draft` then */
  set_draft(text) {
    return this.conversation?.keepUnsent(text) ?? Promise.resolve();
  }

  /** @param {File} file 1 byte to 25 MB @param {function(number): void} [onprogress] 0 to 1 */
  async attach(file, onprogress = () => {}) {
    const id = await this.#act("attach", file, newId());
    const stop = this.subscribe(({ messages }) => {
      const progress = messages.find((message) => message.id === id)?.file.progress ?? 1;
      onprogress(progress);
      if (progress === 1) queueMicrotask(() => stop());
    });
    return id;
  }

  /** @param {string} id of a message with a file @returns {Promise<Blob>} fails with "asked": it is sent again */
  fetch(id) {
    return this.#act("fetch", id);
  }

  /** @param {string} id of a file of ours that is lost, `is_lost`: it is uploaded once more */
  send_again(id) {
    return this.#act("send_again", id);
  }

  /** @param {string} id of the last message that was seen */
  read_up_to(id) {
    return this.#act("read_up_to", id);
  }

  /** @param {string} pin @returns {Promise<{ok: boolean, wait_ms: number}>} */
  async unlock(pin) {
    const opened = await this.vault.open(pin, Date.now());
    if (opened.ok) await this.#enter();
    return opened;
  }

  /** @param {string|null} pin at least six characters; null takes it away */
  set_pin(pin) {
    return this.#act("set_pin", pin);
  }

  /** Ends the conversation: it can still be read here. */
  end() {
    return this.#act("end");
  }

  /** Asks the office to delete the conversation. */
  ask_erase() {
    return this.#act("ask_erase");
  }

  /** Deletes everything of this conversation in this browser, unsent messages too; also without its PIN. */
  async forget() {
    if (this.tabs !== undefined) {
      await this.#act("forget");
      return;
    }
    if (this.vault === undefined) throw new ChannelError("stage");
    await this.vault.forget();
    announceGone(this.vault.address);
    this.#publish(GONE.forgotten);
  }

  /** The person has seen the alarm. */
  dismiss_alarm() {
    return this.#act("dismiss_alarm");
  }

  /** @returns {Promise<{ok: boolean, is_signed: boolean, is_countersigned: boolean, receipt: object|null}>} offline */
  async receipt_check() {
    const { receipt, countersigned } = this.conversation?.notes ?? { receipt: null, countersigned: null };
    if (receipt === null) return { ok: false, is_signed: false, is_countersigned: false, receipt: null };
    const signed = isSigned(receipt, this.conversation.session.sign.publicKey);
    const counter = countersigned !== null && isCountersigned(receipt, countersigned.sig, countersigned.key);
    const { notice_version, language, assistant, at_ms } = readReceipt(unb64(receipt.receipt));
    const fields = { notice_version, language, assistant, at_ms };
    return { ok: signed, is_signed: signed, is_countersigned: counter, receipt: fields };
  }

  /** Ends the engine of this page: its connection and its place among the tabs. */
  close() {
    this.runner?.stop();
    this.tabs?.leave();
    this.store?.close();
    this.listeners.clear();
  }

  async #start(fragment) {
    const reason = await unfit();
    if (reason !== null) {
      this.#publish(bare("refused", { reason }));
      return;
    }
    try {
      this.store = await Store.open();
      const found = await arrive(this.store, fragment);
      if (found.state !== undefined) {
        this.#publish(found.state);
        return;
      }
      this.vault = found.vault;
      if (this.vault.isOpen || (await this.vault.open(undefined, Date.now())).ok) await this.#enter();
      else this.#publish(bare("locked", { has_pin: true }));
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      this.#publish(bare("refused", { reason: error.code }));
    }
  }

  async #enter() {
    await this.#reload();
    const dead = await deadLink(this.conversation, this.office);
    if (dead !== null) {
      await this.vault.forget();
      this.#publish(dead);
      return;
    }
    if (this.conversation.notes.receipt !== null) dropFragment();
    this.tabs = new Tabs({
      address: this.vault.address,
      onWriter: () => this.#becomeWriter(),
      onNote: (live, isStored) => this.#onNote(live, isStored),
      onGone: () => this.leaveForgotten(),
      answer: (name, args) => ACTS[name](this, ...args),
    });
    await this.tabs.join();
    this.#show();
  }

  async #reload() {
    this.conversation = await Conversation.load(this.vault);
    this.office = keptOffice(this.conversation.notes.office);
  }

  async #becomeWriter() {
    if (this.live.refused in GONE) return;
    await this.#reload();
    const url = socketUrl(globalThis.location);
    const onChange = (isStored) => this.#onChange(isStored);
    this.runner = new Runner({ conversation: this.conversation, url, onChange });
    if (this.conversation.notes.receipt !== null) this.runner.start();
    this.#show();
  }

  #onChange(isStored) {
    this.live = this.runner.live;
    this.office = this.runner.office;
    this.tabs?.tell(this.live, isStored);
    this.#show();
  }

  // another tab wrote, or asks what we know
  async #onNote(live, isStored) {
    if (live === null) {
      this.runner?.post.wake();
      this.tabs.tell(this.live, true);
      return;
    }
    this.live = live;
    if (isStored && !(live.refused in GONE)) {
      await this.#reload();
      this.vault.lock = (await this.store.lock(this.vault.address)) ?? this.vault.lock;
    }
    this.#show();
  }

  #show() {
    const gone = GONE[this.live.refused];
    this.#publish(gone ?? view(this.conversation, this.office, this.live));
  }

  #publish(state) {
    this.state = state;
    for (const listener of [...this.listeners]) listener(state);
  }

  #act(name, ...args) {
    if (this.tabs === undefined) return Promise.reject(new ChannelError("stage"));
    return this.tabs.isWriter ? ACTS[name](this, ...args) : this.tabs.call(name, args);
  }

  /** For ACTS: after everything here was deleted. */
  leaveForgotten() {
    this.runner?.stop();
    this.live = { ...QUIET, refused: "forgotten" };
    this.tabs.tell(this.live, false);
    this.#show();
    setTimeout(() => this.close(), 0); // after the answer to the tab that wished it
  }
}

// Without https there is no WebCrypto; an old browser runs no WebAssembly under a strict policy.
async function unfit() {
  if (!globalThis.isSecureContext) return "insecure";
  return ready.then(
    () => null,
    () => "browser",
  );
}
