/** A link that does not open a conversation: what happened, and what to do now. */
import { h } from "./dom.mjs";
import { icon } from "./icons.mjs";
import { button } from "./sheet.mjs";
import { callLink } from "./shell.mjs";

const STAGES = {
  loading: ["waiting", false],
  used: ["link", false],
  expired: ["clock", false],
  revoked: ["undo", false],
  erased: ["trash", false],
  no_link: ["link", false],
};

/** @param {object} state @returns {string} the stem of the words for this state */
export function problemOf({ stage, reason }) {
  if (stage === "no_link") return { forgotten: "forgotten", link: "broken" }[reason] ?? "no_link";
  if (stage !== "refused") return stage;
  if (["down", "busy"].includes(reason)) return "down";
  if (reason === "unknown") return "later";
  return reason === "bug" ? "bug" : "refused";
}

/** @param {object} app @returns {{element: HTMLElement, update: function(object): void}} */
export function problemView(app) {
  const { words, state } = app;
  const problem = problemOf(state);
  const phone = state.office?.phone;
  const [name] = STAGES[state.stage] ?? ["warning"];
  const steps = ["do_1", "do_2"].map((key) => `problem.${problem}.${key}`).filter((key) => words.has(key));
  const again = ["down", "later", "bug", "refused"].includes(problem);
  const element = h(
    "main.card-view",
    { id: "main" },
    h(
      "div.card.problem",
      {},
      icon(problem === "down" ? "offline" : name, 40),
      h("h1", {}, words.t(`problem.${problem}.title`)),
      h("p.lead", {}, words.t(`problem.${problem}.why`)),
      steps.length > 0 && h("h2", {}, words.t("problem.what_now")),
      steps.length > 0 && h("ul.steps", {}, steps.map((key) => h("li", {}, words.t(key)))),
      h("p.call-us", {}, phone ? [words.t("problem.call"), " ", callLink(phone)] : words.t("problem.call_unknown")),
      again && h("div.actions", {}, button(words.t("problem.again"), () => location.reload(), "main")),
    ),
  );
  return { element, update() {}, title: words.t(`problem.${problem}.title`) };
}

/** @param {object} app while the engine starts */
export function loadingView({ words }) {
  const element = h(
    "main.card-view",
    { id: "main" },
    h("div.card.problem", {}, icon("arch", 40), h("h1.plain", {}, words.t("loading.title")), h("p.quiet", {}, words.t("loading.more"))),
  );
  return { element, update() {}, title: words.t("loading.title") };
}
