/**
 * The page's end of the gateway: signs in, keeps the connection up, sends and answers.
 *
 * What is pushed is handed to `onFrame` one by one; TAKEN goes out only after that promise is fulfilled, so only after
 * the frame is durable here. Requests that are under way when the connection breaks fail with code "down": whoever
 * asked keeps the bytes and asks again.
 */
import { Backoff } from "./backoff.mjs";
import { read, readWelcome, write, writeSignIn } from "./post_codec.mjs";
import { equal, readU32, readU64 } from "./protocol/bytes.mjs";
import { ChannelError } from "./protocol/errors.mjs";

const SIGN_IN_MS = 15000;
const REQUEST_MS = 30000;
const SECOND_TRY = ["busy", "unknown"]; // a gateway that lost its box gets it back from the desk

/** The gateway said no, or is not there. `code`: "down", or a word of post_codec.mjs. */
export class PostError extends ChannelError {}

export class Post {
  /**
   * @param {{url: string, address: Uint8Array, signIns: function(): object[], isLasting: function(): boolean,
   *   onSignedIn: function(object): Promise<void>, onFrame: function(Uint8Array): Promise<void>,
   *   onState: function(string): void, onRefused: function(string): void}} given
   *   `signIns`: ways to sign in, the best first; `isLasting`: the mailbox stood before, so "unknown" may pass
   */
  constructor(given) {
    Object.assign(this, given);
    this.backoff = new Backoff();
    this.state = "offline";
    this.waiting = new Map();
    this.nextReq = 1;
    this.isStopped = true;
    this.incoming = Promise.resolve();
    this.wake = () => this.#retryNow();
    this.rest = () => this.socket?.close();
  }

  start() {
    this.isStopped = false;
    globalThis.addEventListener("online", this.wake);
    globalThis.addEventListener("offline", this.rest);
    globalThis.document?.addEventListener("visibilitychange", this.wake);
    this.#connect(0);
  }

  stop() {
    this.isStopped = true;
    globalThis.removeEventListener("online", this.wake);
    globalThis.removeEventListener("offline", this.rest);
    globalThis.document?.removeEventListener("visibilitychange", this.wake);
    clearTimeout(this.timer);
    this.socket?.close();
    this.#setState("offline");
  }

  /** @param {Uint8Array} frame @returns {Promise<number>} its seq, once the gateway holds it durably */
  async put(frame) {
    const payload = await this.#ask((req) => write.put(req, this.address, frame));
    if (payload.length !== 8) throw new PostError("malformed");
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

  #retryNow() {
    if (this.isStopped || this.socket !== undefined || globalThis.document?.visibilityState === "hidden") return;
    clearTimeout(this.timer);
    this.#connect(0);
  }

  #connect(which) {
    const ways = this.signIns();
    const way = ways[which];
    const socket = new WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.#setState("connecting");
    const deadline = setTimeout(() => socket.close(), SIGN_IN_MS);
    let refused = null;
    let isIn = false;
    socket.onopen = () => socket.send(writeSignIn(way));
    socket.onmessage = ({ data }) => {
      if (isIn) {
        this.#onMessage(socket, data);
        return;
      }
      clearTimeout(deadline);
      refused = welcomeOf(data);
      if (refused !== null) socket.close();
      else {
        isIn = true;
        this.#onSignedIn(way);
      }
    };
    socket.onclose = () => {
      clearTimeout(deadline);
      this.#onClosed(socket, refused, which + 1 < ways.length ? which + 1 : null);
    };
  }

  #onSignedIn(way) {
    this.backoff.reset();
    // what follows the welcome waits until the claim is written down
    this.incoming = this.incoming.then(() => this.onSignedIn(way)).then(() => this.#setState("online"));
    this.incoming.catch(() => this.socket?.close());
  }

  #onClosed(socket, refused, nextWay) {
    if (this.socket !== socket) return;
    this.socket = undefined;
    this.incoming = Promise.resolve();
    for (const { fail } of this.waiting.values()) fail(new PostError("down"));
    this.waiting.clear();
    if (this.isStopped) return;
    if (refused === "token" && nextWay !== null) {
      this.#connect(nextWay);
      return;
    }
    this.#setState("offline");
    if (refused !== null && !(SECOND_TRY.includes(refused) && (refused === "busy" || this.isLasting()))) {
      this.stop();
      this.onRefused(refused);
      return;
    }
    this.timer = setTimeout(() => this.#retryNow(), this.backoff.next());
  }

  #onMessage(socket, data) {
    let message;
    try {
      message = read(data);
    } catch {
      socket.close();
      return;
    }
    if (message.op === "frame") this.#onPushed(socket, message);
    else this.#onReply(message);
  }

  #onPushed(socket, { address, seq, frame }) {
    if (!equal(address, this.address)) return;
    this.incoming = this.incoming
      .then(() => this.onFrame(frame))
      .then(() => this.#take(socket, seq))
      .catch(() => socket.close()); // could not be stored: it stays at the gateway and comes again
  }

  #take(socket, seq) {
    if (socket.readyState !== WebSocket.OPEN) return;
    this.nextReq += 1;
    socket.send(write.taken(this.nextReq, this.address, seq));
  }

  #onReply(reply) {
    const asked = this.waiting.get(reply.req);
    if (asked === undefined) return; // the answer to a TAKEN
    this.waiting.delete(reply.req);
    clearTimeout(asked.timer);
    if (reply.op === "ok") asked.done(reply.payload);
    else asked.fail(new PostError(reply.code));
  }

  #ask(make) {
    const { socket } = this;
    if (this.state !== "online" || socket === undefined) return Promise.reject(new PostError("down"));
    this.nextReq += 1;
    const req = this.nextReq;
    return new Promise((done, fail) => {
      // no answer for so long: the line is dead although nobody said so
      const timer = setTimeout(() => socket.close(), REQUEST_MS);
      const failing = (error) => {
        clearTimeout(timer);
        fail(error);
      };
      this.waiting.set(req, { done, fail: failing, timer });
      socket.send(make(req));
    });
  }

  #setState(state) {
    if (this.state === state) return;
    this.state = state;
    this.onState(state);
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
    const socket = new WebSocket(url);
    const deadline = setTimeout(() => socket.close(), SIGN_IN_MS);
    socket.onopen = () => socket.send(writeSignIn({ ...who, peek: true }));
    socket.onmessage = ({ data }) => done(welcomeOf(data));
    socket.onclose = () => {
      clearTimeout(deadline);
      done("down");
    };
  });
}
