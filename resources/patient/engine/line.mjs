/**
 * One connection to the gateway, from sign-in to its end.
 *
 * What is pushed is handed to `onFrame` one by one; TAKEN goes out only after that promise is fulfilled, so only after
 * the frame is durable here. Requests that are under way when the connection breaks fail with code "down": whoever
 * asked keeps the bytes and asks again.
 */
import { read, readWelcome, write, writeSignIn } from "./post_codec.mjs";
import { equal } from "./protocol/bytes.mjs";
import { ChannelError } from "./protocol/errors.mjs";

const SIGN_IN_MS = 15000;
const SILENCE_MS = 60000;
const WATCH_MS = 10000;

/** The gateway said no, or is not there. `code`: "down", or a word of post_codec.mjs. */
export class PostError extends ChannelError {}

export class Line {
  /**
   * @param {{url: string, way: object, onSignedIn: function(): Promise<void>,
   *   onFrame: function(Uint8Array): Promise<void>, onClosed: function(string|null): void}} given
   *   `way`: how to sign in; `onClosed`: with the gateway's code when it did not let us in
   */
  constructor(given) {
    Object.assign(this, given);
    this.waiting = new Map();
    this.lastReq = 0;
    this.incoming = null; // the chain of frames under way; null before the welcome
    this.refused = null;
    this.socket = new WebSocket(this.url);
    this.socket.binaryType = "arraybuffer";
    this.heardMs = Date.now();
    this.buffered = 0;
    this.watch = setInterval(() => this.#lookAfter(), WATCH_MS);
    this.deadline = setTimeout(() => this.close(), SIGN_IN_MS);
    this.socket.onopen = () => this.socket.send(writeSignIn(this.way));
    this.socket.onmessage = ({ data }) => (this.incoming === null ? this.#onWelcome(data) : this.#onMessage(data));
    this.socket.onclose = () => this.#onClose();
  }

  close() {
    this.socket.close();
  }

  /** @param {function(number): Uint8Array} make with its number @returns {Promise<Uint8Array>} the payload of the OK */
  ask(make) {
    if (this.socket.readyState !== WebSocket.OPEN) return Promise.reject(new PostError("down"));
    this.lastReq += 1;
    const req = this.lastReq;
    return new Promise((done, fail) => {
      if (this.waiting.size === 0) this.heardMs = Date.now();
      this.waiting.set(req, { done, fail });
      this.socket.send(make(req));
    });
  }

  #onWelcome(data) {
    clearTimeout(this.deadline);
    this.refused = welcomeOf(data);
    if (this.refused !== null) this.close();
    // frames that follow the welcome wait until the claim is written down
    else this.#after(this.onSignedIn());
  }

  // Nothing comes and nothing leaves for so long while something waits: the line is dead although nobody said so. A
  // slow line drains its buffer, so it is left alone.
  #lookAfter() {
    if (this.socket.bufferedAmount < this.buffered) this.heardMs = Date.now();
    this.buffered = this.socket.bufferedAmount;
    if (this.waiting.size > 0 && Date.now() - this.heardMs > SILENCE_MS) this.close();
  }

  #onMessage(data) {
    this.heardMs = Date.now();
    let message;
    try {
      message = read(data);
    } catch {
      this.close();
      return;
    }
    if (message.op !== "frame") this.#onReply(message);
    else if (equal(message.address, this.way.address)) this.#onPushed(message);
  }

  #onPushed({ seq, frame }) {
    this.#after(this.incoming.then(() => this.onFrame(frame)).then(() => this.#take(seq)));
  }

  // what could not be stored stays at the gateway and comes again on the next line
  #after(work) {
    this.incoming = work;
    work.catch(() => this.close());
  }

  #take(seq) {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    this.lastReq += 1;
    this.socket.send(write.taken(this.lastReq, this.way.address, seq));
  }

  #onReply(reply) {
    const asked = this.waiting.get(reply.req);
    if (asked === undefined) return; // the answer to a TAKEN
    this.waiting.delete(reply.req);
    if (reply.op === "ok") asked.done(reply.payload);
    else asked.fail(new PostError(reply.code));
  }

  #onClose() {
    clearTimeout(this.deadline);
    clearInterval(this.watch);
    for (const { fail } of this.waiting.values()) fail(new PostError("down"));
    this.waiting.clear();
    this.onClosed(this.refused);
  }
}

function welcomeOf(data) {
  try {
    return readWelcome(data);
  } catch {
    return "version";
  }
}

/**
 * Asks whether a link would still open its mailbox, without using it up.
 *
 * @param {string} url @param {{address: Uint8Array, token: Uint8Array}} who
 * @returns {Promise<string|null>} null: it would; else a code of the gateway, or "down"
 */
export function peek(url, who) {
  return new Promise((done) => {
    const onSignedIn = async () => {
      done(null);
      line.close();
    };
    const onClosed = (refused) => done(refused ?? "down"); // after a welcome it comes too late to count
    const line = new Line({ url, way: { ...who, peek: true }, onSignedIn, onFrame: async () => {}, onClosed });
  });
}
