/** The warning before a message that sounds like an emergency is sent. It warns; it never keeps anybody from sending. */
import { h } from "./dom.mjs";
import { callButton } from "./shell.mjs";
import { actions, button, closeSheet, openSheet } from "./sheet.mjs";

const SCRIPTS = ["suicide", "violence", "arrest"];

/**
 * @param {object} app @param {string} kind of the phrase @param {PhraseList} list
 * @returns {Promise<boolean>} whether it is to be sent
 */
export function warn({ words, state }, kind, list) {
  const { office } = state;
  const crisis = list.crisisNumber(office.country ?? "");
  const script = kind === "suicide" && crisis === null ? "default" : kind;
  const key = SCRIPTS.includes(script) ? script : office.sector === "law" ? "law" : "default";
  const numbers = [...(key === "suicide" ? [crisis] : []), ...office.emergency, ...(key === "law" || key === "arrest" ? [office.phone] : [])];
  return new Promise((decide) => {
    let isSent = false;
    const finish = (sends) => {
      isSent = sends;
      closeSheet();
    };
    openSheet(
      { words, title: words.t(`urgent.${key}.title`), tone: "urgent", onclose: () => decide(isSent) },
      h("p.lead", {}, words.t(`urgent.${key}.text`)),
      h("div.calls", {}, [...new Set(numbers)].map((number) => callButton(words, number, "big-call"))),
      h("p", {}, words.t("urgent.not_watched")),
      actions(button(words.t("urgent.send"), () => finish(true)), button(words.t("urgent.back"), () => finish(false))),
    );
  });
}
