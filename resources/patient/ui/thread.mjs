/** The thread: rows by id, changed in place, with a line for each day. */
import { Bubble } from "./bubble.mjs";
import { h } from "./dom.mjs";

const GROUP_MS = 300000;

export class Thread {
  /** @param {object} app */
  constructor(app) {
    this.app = app;
    this.rows = new Map();
    this.list = h("ol.thread-list");
    this.element = h("div.thread", { role: "log", "aria-live": "off", "aria-label": app.words.t("thread.label") }, this.list);
  }

  /** @param {object[]} messages in screen order */
  update(messages) {
    const wanted = this.#wanted(messages);
    const keys = new Set(wanted.map(([key]) => key));
    for (const [key, row] of this.rows) {
      if (keys.has(key)) continue;
      row.close?.();
      row.element.remove();
      this.rows.delete(key);
    }
    let at = this.list.firstChild;
    for (const [key] of wanted) {
      const { element } = this.rows.get(key);
      if (element === at) at = at.nextSibling;
      else this.list.insertBefore(element, at);
    }
  }

  close() {
    for (const row of this.rows.values()) row.close?.();
  }

  #wanted(messages) {
    const wanted = [];
    let day = "";
    messages.forEach((message, place) => {
      const today = this.app.words.day(message.at_ms);
      const isNewDay = today !== day;
      if (isNewDay) wanted.push(this.#day(`day ${today}`, today));
      day = today;
      const row = this.rows.get(message.id) ?? new Bubble(this.app, message);
      this.rows.set(message.id, row);
      row.update(message, placeInGroup(messages, place, isNewDay));
      wanted.push([message.id]);
    });
    return wanted;
  }

  #day(key, text) {
    if (!this.rows.has(key)) this.rows.set(key, { element: h("li.day", {}, h("span", {}, text)) });
    return [key];
  }
}

// the first of a group says who speaks; the state stands under the last of those that share it
function placeInGroup(messages, place, isNewDay) {
  const [before, message, after] = [messages[place - 1], messages[place], messages[place + 1]];
  const isFirst = isNewDay || before?.mine !== message.mine || before.kind !== message.kind || message.at_ms - before.at_ms > GROUP_MS;
  const next = messages.slice(place + 1).find(({ mine, kind }) => mine && kind !== "event");
  const showsState = message.mine && (after?.mine !== true || after.kind === "event" || next?.state !== message.state);
  return { isFirst, showsState };
}
