/**
 * Several tabs of one conversation: one writes, the others follow.
 *
 * The lock decides who writes; when that tab closes, the browser hands the lock to the next. Between tabs go wishes and
 * "look again" notes on a channel that never leaves this browser's origin.
 */
import { ChannelError } from "./protocol/errors.mjs";

const CALL_MS = 30000;

const nameOf = (address) => `vestibule ${address}`;

/** @param {string} address of a conversation that was deleted by a tab that had not even opened it */
export function announceGone(address) {
  const channel = new BroadcastChannel(nameOf(address));
  channel.postMessage({ type: "gone" });
  channel.close();
}

export class Tabs {
  /**
   * @param {{address: string, onWriter: function(): Promise<void>, onNote: function(object, boolean): void,
   *   onGone: function(): void, answer: function(string, Array): Promise<*>}} given
   *   `onWriter`: this tab writes from now on; `onNote`: what the writing tab shows besides what is stored, or null: it
   *   is asked for that; `onGone`: nothing is left; `answer`: carries out a wish of another tab
   */
  constructor(given) {
    Object.assign(this, given);
    this.isWriter = false;
    this.waiting = new Map();
    this.channel = new BroadcastChannel(nameOf(this.address));
    this.channel.onmessage = ({ data }) => this.#onMessage(data);
    this.wake = () => this.channel.postMessage({ type: "hello" });
    // somebody looks: the writing tab may be asleep
    globalThis.document.addEventListener("visibilitychange", this.wake);
    this.leaving = new AbortController();
    this.ended = new Promise((end) => {
      this.end = end;
    });
  }

  /** @returns {Promise<void>} once it is known whether this tab writes */
  async join() {
    const name = nameOf(this.address);
    if (navigator.locks === undefined) {
      await this.onWriter(); // Safari before 15.4: every tab writes, each in chains of its own
      this.isWriter = true;
      return;
    }
    if (await this.#hold(name, { ifAvailable: true })) return;
    this.#hold(name, { signal: this.leaving.signal }).catch(() => {});
    this.wake();
  }

  leave() {
    globalThis.document.removeEventListener("visibilitychange", this.wake);
    this.leaving.abort();
    this.end();
    this.channel.close();
  }

  /** @param {object} live shown besides what is stored; no content @param {boolean} isStored that changed as well */
  tell(live, isStored) {
    if (this.isWriter) this.channel.postMessage({ type: "note", live, isStored });
  }

  /** @param {string} name @param {Array} args @returns {Promise<*>} what the writing tab answers */
  call(name, args) {
    const id = crypto.getRandomValues(new Uint32Array(2)).join(".");
    return new Promise((done, fail) => {
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        fail(new ChannelError("tab"));
      }, CALL_MS);
      this.waiting.set(id, { done, fail, timer, name, args });
      this.channel.postMessage({ type: "call", id, name, args });
    });
  }

  // resolves with false when somebody else holds it, with true once this tab writes; holds it until the tab leaves
  #hold(name, how) {
    return new Promise((done, fail) => {
      const request = navigator.locks.request(name, how, async (lock) => {
        if (lock === null) {
          done(false);
          return;
        }
        await this.onWriter();
        this.isWriter = true;
        done(true);
        this.#answerOwn();
        await this.ended;
      });
      request.catch(fail);
    });
  }

  // wishes that went to a tab that closed; what it still did is known by the message's id and not done twice
  #answerOwn() {
    for (const [id, { name, args }] of this.waiting) {
      this.answer(name, args).then(
        (result) => this.#onAnswer({ id, result }),
        (error) => this.#onAnswer({ id, code: error.code ?? "bug" }),
      );
    }
  }

  #onMessage(data) {
    if (data.type === "gone") this.onGone();
    if (data.type === "note" && !this.isWriter) this.onNote(data.live, data.isStored);
    if (data.type === "hello" && this.isWriter) this.onNote(null);
    if (data.type === "call" && this.isWriter) this.#onCall(data);
    if (data.type === "answer") this.#onAnswer(data);
  }

  async #onCall({ id, name, args }) {
    try {
      this.channel.postMessage({ type: "answer", id, result: await this.answer(name, args) });
    } catch (error) {
      this.channel.postMessage({ type: "answer", id, code: error.code ?? "bug" });
    }
  }

  #onAnswer({ id, result, code }) {
    const asked = this.waiting.get(id);
    if (asked === undefined) return;
    this.waiting.delete(id);
    clearTimeout(asked.timer);
    if (code === undefined) asked.done(result);
    else asked.fail(new ChannelError(code));
  }
}
