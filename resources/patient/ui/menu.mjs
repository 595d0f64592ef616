/** The menu: everything that is not writing. */
import { h } from "./dom.mjs";
import { confirmEnd, confirmErase, confirmForget } from "./ending.mjs";
import { icon } from "./icons.mjs";
import { openPin } from "./pin.mjs";
import { openReceipt } from "./receipt.mjs";
import { openSafety } from "./safety.mjs";
import { openSettings } from "./settings.mjs";
import { openNotice } from "./notice_again.mjs";
import { closeSheet, openSheet } from "./sheet.mjs";

/** @param {object} app */
export function openMenu(app) {
  const { words, state, engine } = app;
  const back = () => openMenu(app);
  const isChat = state.stage === "chat";
  const assistant = () => {
    engine.set_assistant(!state.assistant).catch(() => {});
    closeSheet();
  };
  const print = () => {
    closeSheet();
    requestAnimationFrame(() => globalThis.print());
  };
  const row = (name, key, act, more = null, tone = "") =>
    h(
      `button.menu-row${tone}`,
      { type: "button", onclick: act },
      icon(name),
      h("span.menu-text", {}, h("span", {}, words.t(key)), more && h("span.menu-more", {}, more)),
      h("span.menu-next", {}, icon("next", 16)),
    );
  openSheet(
    { words, title: words.t("menu.title") },
    group(words.t("menu.look"), [row("display", "settings.title", () => openSettings(app, back), words.t("menu.look_more"))]),
    group(words.t("menu.trust"), [
      isChat && state.office.assistant &&
        row("chip", state.assistant ? "assistant.turn_off" : "assistant.turn_on", assistant, words.t(state.assistant ? "assistant.is_on" : "assistant.is_off")),
      row("paper", "notice.again", () => openNotice(app, back)),
      state.receipt !== null && row("shield", "receipt.title", () => openReceipt(app, back)),
      state.safety !== "" && row("phone", "safety.title", () => openSafety(app, back), words.t("menu.safety_more")),
      row("lock", state.has_pin ? "pin.change" : "pin.set", () => openPin(app, back), words.t(state.has_pin ? "menu.pin_on" : "menu.pin_off")),
      row("printer", "menu.print", print),
    ]),
    group(words.t("menu.leaving"), [
      isChat && row("stop", "end.title", () => confirmEnd(app, back), words.t("menu.end_more")),
      !state.is_erase_asked && row("paper", "erase.title", () => confirmErase(app, back), words.t("menu.erase_more")),
      row("trash", "forget.title", () => confirmForget(app, back), words.t("menu.forget_more")),
    ]),
  );
}

function group(title, rows) {
  return h("section.menu-group", {}, h("h3", {}, title), rows);
}
