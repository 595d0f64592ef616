/** The conversation: banners, thread, composer. */
import { openAlarm } from "./alarm.mjs";
import { composer } from "./composer.mjs";
import { h, say, set } from "./dom.mjs";
import { confirmErase, confirmForget } from "./ending.mjs";
import { icon } from "./icons.mjs";
import { changedNotice } from "./notice_again.mjs";
import { button } from "./sheet.mjs";
import { callLink } from "./shell.mjs";
import { Thread } from "./thread.mjs";

const PATIENCE_MS = 2500; // a short gap in the line is nobody's business
const NEAR_PX = 160;
const READ_ALOUD_CHARS = 400;

/** @param {object} app @returns {{element: HTMLElement, update: function(object): void, close: function(): void}} */
export function chatView(app) {
  return new Chat(app);
}

class Chat {
  constructor(app) {
    this.app = app;
    const { words, state } = app;
    this.title = words.t("chat.title");
    this.thread = new Thread(app);
    this.banner = h("div.banner", { hidden: true }, icon("offline"), h("p"));
    this.alarm = h("div.alarm", { hidden: true });
    this.empty = h("div.empty", {}, icon("arch", 44), h("p.lead", {}, words.t("chat.empty")), h("p.quiet", {}, words.t(`chat.empty_${state.office.sector === "law" ? "law" : "clinic"}`)));
    this.newer = h("button.newer", { type: "button", hidden: true, onclick: () => this.#toEnd() }, words.t("chat.newer"));
    this.foot = state.stage === "ended" ? this.#ended() : composer(app, () => this.#toEnd());
    this.element = h(
      "main.chat",
      { id: "main" },
      h("h1.unseen", {}, words.t("chat.heading", { office: state.office.name })),
      this.empty,
      this.thread.element,
      this.newer,
      this.foot.element,
    );
    const changed = state.stage === "chat" ? [changedNotice(app)] : [];
    this.foot.element.prepend(...changed, this.alarm, this.banner);
    this.known = null;
    this.onScroll = () => this.#onScroll();
    addEventListener("scroll", this.onScroll, { passive: true });
    document.addEventListener("visibilitychange", this.onScroll);
  }

  update(state) {
    const wasNear = this.#isNearEnd();
    this.empty.hidden = state.messages.length > 0;
    this.thread.update(state.messages);
    this.foot.update(state);
    this.#connection(state.connection);
    this.#alarm(state.alarm);
    const news = this.#news(state);
    if (this.known === null || wasNear) requestAnimationFrame(() => this.#toEnd());
    else if (news) this.newer.hidden = false;
    this.known = new Map(state.messages.map((message) => [message.id, message.state]));
    this.#tellRead();
  }

  close() {
    clearTimeout(this.patience);
    removeEventListener("scroll", this.onScroll);
    document.removeEventListener("visibilitychange", this.onScroll);
    this.thread.close();
  }

  // announces what came, and where the person's newest message is; nothing at the first showing
  #news({ messages }) {
    if (this.known === null) return false;
    const { words, announcer } = this.app;
    const fresh = messages.filter(({ id, mine }) => !mine && !this.known.has(id));
    for (const { kind, text, file } of fresh) {
      const body = kind === "file" ? file.name : kind === "event" ? words.t(words.has(`event.${text}`) ? `event.${text}` : "event.other") : text;
      announcer.tell("news", words.t("chat.new", { text: body.slice(0, READ_ALOUD_CHARS) }));
    }
    const own = messages.filter(({ mine, kind }) => mine && kind !== "event").at(-1);
    if (own !== undefined && this.known.get(own.id) !== own.state) announcer.tell("state", words.t("chat.own", { state: words.t(`state.${own.state}`) }));
    return fresh.length > 0;
  }

  #connection(connection) {
    const { words, announcer } = this.app;
    if (connection === "online") {
      clearTimeout(this.patience);
      this.patience = undefined;
      if (!this.banner.hidden) announcer.tell("line", words.t("chat.back_online"));
      this.banner.hidden = true;
      return;
    }
    const show = () => {
      say(this.banner.querySelector("p"), words.t("chat.offline"));
      if (this.banner.hidden) announcer.tell("line", words.t("chat.offline"));
      const wasNear = this.#isNearEnd();
      this.banner.hidden = this.app.state.stage === "ended";
      if (wasNear) this.#toEnd();
    };
    this.patience ??= setTimeout(show, connection === "offline" && globalThis.navigator.onLine === false ? 0 : PATIENCE_MS);
  }

  #alarm(alarm) {
    const { app } = this;
    const before = this.alarm.dataset.kind ?? null;
    if (alarm === before) return;
    this.alarm.hidden = alarm === null;
    set(this.alarm, "data-kind", alarm);
    if (alarm === null) {
      app.announcer.tell("alarm", app.words.t(`alarm.${before}.over`));
      return;
    }
    const title = app.words.t(`alarm.${alarm}.title`);
    const what = button(app.words.t("alarm.what"), () => openAlarm(app, alarm));
    this.alarm.replaceChildren(icon("warning"), h("div.beside", {}, h("p", {}, title), what));
    app.announcer.tell("alarm", title);
  }

  #ended() {
    const { app } = this;
    const { words } = app;
    const erase = button(words.t("erase.title"), () => confirmErase(app));
    const element = h(
      "section.composer.is-ended",
      { "aria-label": words.t("ended.title") },
      h("h2", {}, words.t("ended.title")),
      h("p", {}, words.t("ended.more"), " ", callLink(app.state.office.phone)),
      h("div.actions", {}, erase, button(words.t("forget.title"), () => confirmForget(app), "danger")),
    );
    return { element, update: ({ is_erase_asked: isAsked }) => { erase.hidden = isAsked === true; } };
  }

  #isNearEnd() {
    const root = document.documentElement;
    return root.scrollHeight - root.scrollTop - root.clientHeight < NEAR_PX;
  }

  #toEnd() {
    this.newer.hidden = true;
    document.documentElement.scrollTop = document.documentElement.scrollHeight;
  }

  #onScroll() {
    if (!this.#isNearEnd()) return;
    this.newer.hidden = true;
    this.#tellRead();
  }

  // "read" is said when the newest words of the desk stood on a visible screen
  #tellRead() {
    if (document.visibilityState !== "visible" || !this.#isNearEnd()) return;
    const last = this.app.state.messages.filter(({ mine, kind }) => !mine && kind !== "event").at(-1);
    if (last === undefined || last.id === this.toldRead) return;
    this.toldRead = last.id;
    this.app.engine.read_up_to(last.id).catch(() => {});
  }
}
