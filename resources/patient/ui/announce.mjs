/** One quiet live region for the whole page. What is said in one breath is said once. */
import { h, say } from "./dom.mjs";

const BREATH_MS = 700;

export class Announcer {
  constructor() {
    this.element = h("div.unseen", { role: "status", "aria-live": "polite", "aria-atomic": "true" });
    this.pending = new Map();
  }

  /** @param {string} topic a newer text of the same topic replaces an older one @param {string} text */
  tell(topic, text) {
    this.pending.set(topic, text);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#speak(), BREATH_MS);
  }

  #speak() {
    const text = [...this.pending.values()].join(" ");
    this.pending.clear();
    say(this.element, "");
    requestAnimationFrame(() => say(this.element, text)); // the same words twice are two announcements
  }
}
