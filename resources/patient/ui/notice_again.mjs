/** What the person was told, to be read again at any time. */
import { h } from "./dom.mjs";
import { told } from "./notice.mjs";
import { openSheet } from "./sheet.mjs";

/** @param {object} app @param {function(): void} back */
export function openNotice({ words, state }, back) {
  const notice = told(words, state.office, state.notice_version);
  openSheet(
    { words, title: notice.title, back },
    h("p", {}, notice.lead),
    notice.parts.map(({ title, lines }) => h("section.again", {}, h("h3", {}, title), lines.map((line) => h("p", {}, line)))),
    h("p.quiet.small", {}, notice.version),
  );
}
