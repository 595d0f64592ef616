/** Something about the conversation is not as it should be: what it means and what to do, in words for everybody. */
import { h } from "./dom.mjs";
import { openSafety } from "./safety.mjs";
import { callButton } from "./shell.mjs";
import { actions, button, closeSheet, openSheet } from "./sheet.mjs";

const COMPARED = ["fork", "changed"]; // whether somebody is in between says nothing of what was lost
const LASTING = "fork"; // the others are a state: they end by themselves when it does

/** @param {object} app @param {"gap"|"withheld"|"fork"|"changed"} alarm */
export function openAlarm(app, alarm) {
  const { words, state, engine } = app;
  const seen = () => {
    if (alarm === LASTING) engine.dismiss_alarm().catch(() => {});
    closeSheet();
  };
  const compare = () => openSafety(app, () => openAlarm(app, alarm));
  openSheet(
    { words, title: words.t(`alarm.${alarm}.title`), tone: "urgent" },
    h("p", {}, words.t(`alarm.${alarm}.what`)),
    h("p", {}, words.t(`alarm.${alarm}.then`)),
    h("h3", {}, words.t("alarm.do")),
    h("p", {}, words.t(`alarm.${alarm}.do`)),
    actions(
      callButton(words, state.office.phone),
      COMPARED.includes(alarm) && state.safety !== "" && button(words.t("alarm.compare"), compare),
      button(words.t(alarm === LASTING ? "alarm.seen" : "sheet.good"), seen),
    ),
  );
}
