/** The three ways to end: end the conversation, ask the practice to delete it, forget it on this device. */
import { h } from "./dom.mjs";
import { actions, button, closeSheet, openSheet } from "./sheet.mjs";

/** @param {object} app @param {function(): void} [back] */
export function confirmEnd(app, back = null) {
  confirm(app, { stem: "end", lines: ["1", "2", "3"], act: () => app.engine.end(), back });
}

/** @param {object} app @param {function(): void} [back] */
export function confirmErase(app, back = null) {
  confirm(app, { stem: "erase", lines: ["1", "2", "3"], act: () => app.engine.ask_erase(), back });
}

/** @param {object} app @param {function(): void} [back] */
export function confirmForget(app, back = null) {
  const unsent = app.state.messages.filter(({ mine, state }) => mine && state === "waiting").length;
  const more = unsent > 0 ? [app.words.t("forget.unsent", { n: unsent })] : [];
  confirm(app, { stem: "forget", lines: ["1", "2", "3"], more, act: () => app.engine.forget(), back });
}

// the button says what happens; the other one, that nothing does
function confirm({ words }, { stem, lines, more = [], act, back }) {
  const failed = h("p.failed", { role: "alert" });
  const doIt = async () => {
    try {
      await act();
      closeSheet();
    } catch {
      failed.textContent = words.t("sheet.failed");
    }
  };
  openSheet(
    { words, title: words.t(`${stem}.title`), back, tone: "danger" },
    h("ul.facts", {}, [...more, ...lines.map((line) => words.t(`${stem}.${line}`))].map((line) => h("li", {}, line))),
    failed,
    actions(button(words.t(`${stem}.do`), doIt, "danger"), button(words.t(`${stem}.keep`), () => closeSheet())),
  );
}
