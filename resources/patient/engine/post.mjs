/** The page's end of the gateway: keeps one line up, tries again when it breaks, and asks over it. */
import { Backoff } from "./backoff.mjs";
import { Line, PostError } from "./line.mjs";
import { write } from "./post_codec.mjs";
import { readU32, readU64 } from "./protocol/bytes.mjs";

const SEQ_BYTES = 8;
// a gateway that lost a mailbox, or has not heard of it yet, gets it from the desk
const PASSING = ["busy", "unknown"];
const LASTING_MS = 5000; // a line that held so long was a good one

export class Post {
  /**
   * @param {{url: string, address: Uint8Array, signIn: function(): object,
   *   onSignedIn: function(): Promise<void>, onFrame: function(Uint8Array): Promise<void>,
   *   onState: function(string): void, onRefused: function(string): void}} given
   *   `signIn`: how to sign in now
   */
  constructor(given) {
    Object.assign(this, given);
    this.backoff = new Backoff();
    this.state = "offline";
    this.line = null;
    this.isStopped = true;
    this.signedInMs = 0;
    this.wake = () => this.#connect();
    this.rest = () => this.line?.close();
  }

  start() {
    this.isStopped = false;
    globalThis.addEventListener("online", this.wake);
    globalThis.addEventListener("offline", this.rest);
    globalThis.document?.addEventListener("visibilitychange", this.wake);
    this.#connect();
  }

  stop() {
    this.isStopped = true;
    globalThis.removeEventListener("online", this.wake);
    globalThis.removeEventListener("offline", this.rest);
    globalThis.document?.removeEventListener("visibilitychange", this.wake);
    clearTimeout(this.timer);
    this.line?.close();
    this.#setState("offline");
  }

  /** @param {Uint8Array} frame @returns {Promise<number>} its seq, once the gateway holds it durably */
  async put(frame) {
    const payload = await this.#ask((req) => write.put(req, this.address, frame));
    if (payload.length !== SEQ_BYTES) throw new PostError("malformed");
    return readU64(payload, 0);
  }

  /** @returns {Promise<void>} once the gateway holds this piece of an attachment */
  async blobPut(blob, index, total, chunk) {
    await this.#ask((req) => write.blobPut(req, this.address, blob, index, total, chunk));
  }

  /** @returns {Promise<{total: number, chunk: Uint8Array}>} one piece of an attachment */
  async blobGet(blob, index) {
    const payload = await this.#ask((req) => write.blobGet(req, this.address, blob, index));
    if (payload.length < 4) throw new PostError("malformed");
    return { total: readU32(payload, 0), chunk: payload.slice(4) };
  }

  /** The attachment is here; the gateway may delete it. */
  async blobDrop(blob) {
    await this.#ask((req) => write.blobDrop(req, this.address, blob));
  }

  #ask(make) {
    return this.state === "online" ? this.line.ask(make) : Promise.reject(new PostError("down"));
  }

  #connect() {
    if (this.isStopped || this.line !== null) return;
    clearTimeout(this.timer);
    this.#setState("connecting");
    this.line = new Line({
      url: this.url,
      way: this.signIn(),
      onSignedIn: () => this.#onSignedIn(),
      onFrame: this.onFrame,
      onClosed: (refused) => this.#onClosed(refused),
    });
  }

  async #onSignedIn() {
    this.signedInMs = Date.now();
    await this.onSignedIn();
    this.#setState("online");
  }

  #onClosed(refused) {
    this.line = null;
    if (this.state === "online" && Date.now() - this.signedInMs > LASTING_MS) this.backoff.reset();
    this.#setState("offline");
    if (this.isStopped) return;
    if (refused === null || PASSING.includes(refused)) {
      this.timer = setTimeout(() => this.#connect(), this.backoff.next());
      return;
    }
    this.stop();
    this.onRefused(refused);
  }

  #setState(state) {
    if (this.state === state) return;
    this.state = state;
    this.onState(state);
  }
}
