/** The safety number: eight groups that two people read to each other by telephone. */
import { h } from "./dom.mjs";
import { callLink } from "./shell.mjs";
import { openSheet } from "./sheet.mjs";

/** @param {object} app @param {function(): void} [back] */
export function openSafety({ words, state }, back = null) {
  const groups = state.safety.split(" ");
  openSheet(
    { words, title: words.t("safety.title"), back },
    h("p", {}, words.t("safety.why")),
    h(
      "ol.safety",
      { "aria-label": words.t("safety.label"), dir: "ltr" },
      groups.map((digits) => h("li", {}, h("span", { "aria-hidden": "true" }, digits), h("span.unseen", {}, [...digits].join(" ")))),
    ),
    h("h3", {}, words.t("safety.how")),
    h(
      "ol.steps",
      {},
      h("li", {}, words.t("safety.how_1"), " ", callLink(state.office.phone)),
      h("li", {}, words.t("safety.how_2")),
      h("li", {}, words.t("safety.how_3")),
    ),
    h("p.note", {}, words.t("safety.differs")),
  );
}
