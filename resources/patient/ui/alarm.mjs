/** Something about the conversation is not as it should be: what it means and what to do, in words for everybody. */
import { h } from "./dom.mjs";
import { openSafety } from "./safety.mjs";
import { callLink } from "./shell.mjs";
import { actions, button, closeSheet, openSheet } from "./sheet.mjs";

/** @param {object} app @param {"gap"|"fork"|"changed"} alarm */
export function openAlarm(app, alarm) {
  const { words, state, engine } = app;
  const seen = () => {
    engine.dismiss_alarm().catch(() => {});
    closeSheet();
  };
  const compare = () => openSafety(app, () => openAlarm(app, alarm));
  openSheet(
    { words, title: words.t(`alarm.${alarm}.title`), tone: "urgent" },
    h("p", {}, words.t(`alarm.${alarm}.text`), " ", callLink(state.office.phone)),
    actions(state.safety !== "" && button(words.t("alarm.compare"), compare, "main"), button(words.t("alarm.seen"), seen)),
  );
}
