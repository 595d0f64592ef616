/** What the person was told, to be read again at any time; and agreed to again when the practice changed it. */
import { h } from "./dom.mjs";
import { icon } from "./icons.mjs";
import { told, waysToAgree } from "./notice.mjs";
import { button, closeSheet, openSheet } from "./sheet.mjs";

/** @param {object} app @param {function(): void} back */
export function openNotice(app, back) {
  const { words, state } = app;
  const notice = told(words, state.office, state.notice_version);
  openSheet({ words, title: notice.title, back }, lines(notice), h("p.quiet.small", {}, notice.version));
}

/** @param {object} app @returns {HTMLElement} a line that shows itself when the notice is newer than the consent */
export function changedNotice(app) {
  const { words, engine, state } = app;
  const read = button(words.t("changed.read"), () => openChanged(app));
  const bar = h("div.banner.is-changed", { hidden: true }, icon("paper"), h("div.beside", {}, h("p", {}, words.t("changed.bar")), read));
  const look = async () => {
    const { receipt } = await engine.receipt_check();
    bar.hidden = receipt === null || receipt.notice_version >= state.notice_version;
  };
  look().catch(() => {}); // a wish of another tab that closed: the next visit asks again
  app.lookForChanges = look;
  return bar;
}

function openChanged(app) {
  const { words, state } = app;
  const notice = told(words, state.office, state.notice_version);
  const done = () => {
    closeSheet();
    app.lookForChanges().catch(() => {});
  };
  openSheet(
    { words, title: words.t("changed.title") },
    h("p", {}, words.t("changed.why")),
    lines(notice),
    h("h3", {}, words.t("notice.agree")),
    waysToAgree(app, notice, done),
    h("p", {}, words.t("changed.not")),
    h("p.quiet.small", {}, notice.version),
  );
}

function lines({ lead, parts }) {
  return [
    h("p", {}, lead),
    parts.map(({ title, lines: texts }) => h("section.again", {}, h("h3", {}, title), texts.map((text) => h("p", {}, h("bdi", {}, text))))),
  ];
}
