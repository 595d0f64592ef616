/**
 * Sends what stands in the outbox, in order, and sends it again on every new connection until a desk names it.
 *
 * Identical bytes cost the gateway nothing: it answers with the place they have already.
 */
import { Backoff } from "./backoff.mjs";

const AT_ONCE = 16;

export class Pump {
  /**
   * @param {{post: Post, rows: function(): object[], onStored: function(object): Promise<void>,
   *   onConflict: function(object): Promise<void>}} given
   */
  constructor(given) {
    Object.assign(this, given);
    this.sent = new Set(); // keys that this connection has carried
    this.stored = new Set(); // keys that the gateway has taken since this page was opened
    this.underWay = 0;
    this.backoff = new Backoff();
  }

  /** A new connection: everything that is not acknowledged goes again. */
  restart() {
    this.sent.clear();
    this.backoff.reset();
    this.run();
  }

  stop() {
    clearTimeout(this.timer);
  }

  run() {
    if (this.post.state !== "online") return;
    const rows = this.rows();
    for (const row of rows) {
      if (this.underWay >= AT_ONCE) return;
      if (!this.sent.has(row.key) && this.#isDue(row, rows)) this.#put(row);
    }
  }

  // nobody acknowledges an ack or a read: once stored, they go again only to close a hole before something that counts
  #isDue({ key, chain, number, isQuiet }, rows) {
    if (!isQuiet || !this.stored.has(key)) return true;
    return rows.some((other) => other.chain === chain && other.number > number && !other.isQuiet);
  }

  async #put(row) {
    this.sent.add(row.key);
    this.underWay += 1;
    try {
      await this.post.put(row.frame);
      this.stored.add(row.key);
      await this.onStored(row);
    } catch (error) {
      await this.#onRefused(row, error.code);
    } finally {
      this.underWay -= 1;
    }
    this.run();
  }

  async #onRefused(row, code) {
    if (code === "down") return; // the next connection begins anew
    if (code === "conflict") {
      await this.onConflict(row);
      return;
    }
    this.timer = setTimeout(() => {
      this.sent.delete(row.key); // full, disk, too fast: it stays here and goes later
      this.run();
    }, this.backoff.next());
  }
}
