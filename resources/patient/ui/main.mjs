/** Starts the page: words and look first, then the engine; then one screen for each stage. */
import { Engine } from "../engine/engine.mjs";
import { Announcer } from "./announce.mjs";
import { chatView } from "./chat.mjs";
import { leaveNow, onEscapeTwice } from "./leave.mjs";
import { lockedView } from "./locked.mjs";
import { look, setLook, show } from "./look.mjs";
import { openMenu } from "./menu.mjs";
import { noticeView } from "./notice.mjs";
import { loadingView, problemView } from "./problem.mjs";
import { openSettings } from "./settings.mjs";
import { closeSheet, isSheetOpen } from "./sheet.mjs";
import { focusMain, shell } from "./shell.mjs";
import { bestLanguage, Words } from "./words.mjs";

const NOTHING = { stage: "loading", reason: null, office: null, messages: [], safety: "", receipt: null };
const VIEWS = { loading: loadingView, notice: noticeView, locked: lockedView, chat: chatView, ended: chatView };

class App {
  async start() {
    this.page = document.getElementById("page");
    this.announcer = new Announcer();
    document.body.append(this.announcer.element);
    this.state = NOTHING;
    this.draft = "";
    onEscapeTwice(() => this.leave());
    show(look());
    await this.setLanguage(bestLanguage(look().language), { isChosen: false });
    try {
      this.engine = await Engine.open();
      this.engine.subscribe((state) => this.#onState(state));
    } catch {
      this.#onState({ ...NOTHING, stage: "refused", reason: "bug" });
    }
    addEventListener("pagehide", () => this.keepDraft?.());
  }

  leave() {
    leaveNow(() => {
      this.keepDraft?.();
      this.engine?.close();
    });
  }

  /** @param {string} language @param {{isChosen?: boolean}} [how] by the person, then it is kept */
  async setLanguage(language, { isChosen = true } = {}) {
    this.keepDraft?.();
    this.words = await Words.load(language);
    if (isChosen) setLook({ language });
    const root = document.documentElement;
    root.lang = language;
    root.dir = this.words.dir;
    closeSheet();
    this.#rebuild();
  }

  #onState(state) {
    const before = this.state;
    this.state = state;
    if (this.#keyOf(before) !== this.#keyOf(state)) this.#enter();
    else this.view.update(state);
  }

  // an office that does not speak the person's language is told in one that it speaks
  async #enter() {
    closeSheet();
    const language = bestLanguage(look().language, this.state.office?.languages);
    if (language !== this.words.language) await this.setLanguage(language, { isChosen: false });
    else this.#rebuild();
    if (!isSheetOpen()) focusMain(this.view.element);
  }

  #keyOf({ stage, reason, office, notice_version: version }) {
    return JSON.stringify([stage, reason, office, version]);
  }

  #rebuild() {
    this.view?.close?.();
    this.keepDraft = null;
    const { words, state } = this;
    const make = VIEWS[state.stage] ?? problemView;
    this.view = make(this);
    const hasMenu = ["chat", "ended"].includes(state.stage);
    const around = {
      words,
      office: state.office,
      onLeave: () => this.leave(),
      onMenu: () => (hasMenu ? openMenu(this) : openSettings(this)),
      menuLabel: words.t(hasMenu ? "menu.title" : "settings.title"),
      menuIcon: hasMenu ? "menu" : "display",
    };
    this.page.dataset.stage = state.stage;
    this.page.replaceChildren(...shell(around, this.view.element));
    document.title = words.t("page.title", { screen: this.view.title });
    this.view.update(state);
  }
}

new App().start();
