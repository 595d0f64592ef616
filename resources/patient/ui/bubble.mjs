/** One row of the thread: words, a file, an automatic answer, or something that happened. */
import { h, set, unseen } from "./dom.mjs";
import { FilePart } from "./file_part.mjs";
import { icon } from "./icons.mjs";
import { dateOf } from "./words.mjs";

const STATES = ["waiting", "sent", "at_desk", "read"];

/** A row that changes in place: a screen reader keeps its position. */
export class Bubble {
  /** @param {object} app @param {object} message */
  constructor(app, message) {
    this.words = app.words;
    if (message.kind === "event") {
      this.element = h("li.event", {}, h("span", {}, eventText(this.words, message.text)));
      return;
    }
    this.#build(app, message);
  }

  /** @param {object} message @param {{isFirst: boolean, showsState: boolean}} place in its group */
  update(message, { isFirst, showsState }) {
    if (message.kind === "event") return;
    this.element.classList.toggle("is-first", isFirst);
    this.file?.update(message);
    if (!message.mine) return;
    set(this.foot, "data-state", message.state);
    this.foot.classList.toggle("is-short", !showsState);
    if (this.shown === message.state) return;
    this.shown = message.state;
    if (STATES.includes(message.state)) this.state.replaceChildren(icon(message.state, 16), h("span", {}, this.words.t(`state.${message.state}`)));
  }

  close() {
    this.file?.close();
  }

  #build(app, message) {
    const { words } = this;
    const isAway = message.kind === "away";
    const who = message.mine ? "bubble.you" : isAway ? "bubble.away" : "bubble.desk";
    this.state = h("span.state");
    this.foot = h("div.bubble-foot", {}, h("time", { datetime: dateOf(message.at_ms).toISOString() }, words.clock(message.at_ms)), this.state);
    const name = message.mine ? unseen(`${words.t(who)}: `) : h("div.bubble-who", {}, isAway && icon("clock", 16), h("span", {}, words.t(who)), unseen(": "));
    if (message.kind === "file") this.file = new FilePart(app, message);
    const body = this.file ? this.file.element : h("div.bubble-text", { dir: "auto" }, message.text);
    const side = message.mine ? "is-mine" : "is-theirs";
    this.element = h(`li.bubble.${side}${isAway ? ".is-away" : ""}`, {}, h("div.bubble-box", {}, name, body), this.foot);
  }
}

/** @param {Words} words @param {string} code @returns {string} */
export function eventText(words, code) {
  return words.t(words.has(`event.${code}`) ? `event.${code}` : "event.other");
}
