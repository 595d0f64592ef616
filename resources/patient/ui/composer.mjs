/** Where the person writes. Typing works without a connection; a warning comes before words that sound like danger. */
import { chooseFile } from "./attaching.mjs";
import { h, say, set } from "./dom.mjs";
import { icon } from "./icons.mjs";
import { PhraseList } from "./phrases.mjs";
import { warn } from "./urgent.mjs";
import { available } from "./words.mjs";

const MAX_CHARS = 4000; // of UTF-16: at most 12,000 bytes, the limit of a message (channel.md §6)
const COUNT_FROM = 3500;
const KEEP_MS = 400;

/** @param {object} app @param {function(): void} onSent @returns {{element: HTMLElement, update: function(object): void}} */
export function composer(app, onSent) {
  const { words, engine } = app;
  const list = PhraseList.load(app.state.office.sector, available([]));
  const field = h("textarea.writing", { id: "writing", rows: 1, placeholder: words.t("compose.placeholder"), autocomplete: "off", "aria-describedby": "compose-help" });
  const grow = h("div.grow", {}, field);
  const send = h("button.send", { type: "submit", "aria-label": words.t("compose.send"), title: words.t("compose.send") }, icon("send", 22));
  const attach = h("button.round", { type: "button", "aria-label": words.t("file.attach"), title: words.t("file.attach"), onclick: () => chooseFile(app) }, icon("clip", 22));
  const count = h("span.count");
  const problem = h("p.failed", { role: "alert" });
  const assistant = h("button.assistant", { type: "button", onclick: () => turn() });
  let keeping;

  const draft = () => field.value;
  const keep = () => engine.set_draft?.(draft())?.catch?.(() => {});
  app.keepDraft = () => {
    clearTimeout(keeping);
    app.draft = draft();
    keep();
  };

  function onInput() {
    grow.dataset.text = field.value;
    app.draft = field.value;
    const left = MAX_CHARS - field.value.length;
    say(count, field.value.length < COUNT_FROM ? "" : left >= 0 ? words.t("compose.left", { n: left }) : words.t("compose.over", { n: -left }));
    set(count, "data-over", left < 0);
    if (problem.textContent !== "") say(problem, "");
    clearTimeout(keeping);
    keeping = setTimeout(keep, KEEP_MS);
  }

  async function submit(event) {
    event?.preventDefault();
    const text = field.value.trim();
    if (text === "") return field.focus();
    if (text.length > MAX_CHARS) {
      say(problem, words.t("compose.too_long", { n: MAX_CHARS }));
      return field.focus();
    }
    const lists = await list;
    const kind = lists.find(text);
    if (kind !== null && !(await warn(app, kind, lists))) return field.focus();
    try {
      await engine.send(text);
      field.value = "";
      onInput();
      app.keepDraft();
      onSent();
    } catch {
      say(problem, words.t("compose.failed"));
    }
    return field.focus();
  }

  function turn() {
    engine.set_assistant(!app.state.assistant).catch(() => say(problem, words.t("sheet.failed")));
  }

  field.addEventListener("input", onInput);
  field.addEventListener("keydown", (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && submit(event));
  field.value = app.draft || app.state.draft || "";
  onInput();

  const element = h(
    "section.composer",
    { "aria-label": words.t("compose.label") },
    h(
      "form",
      { onsubmit: submit },
      problem,
      h("div.compose-row", {}, attach, h("label.unseen", { for: "writing" }, words.t("compose.label")), grow, send),
      h("div.compose-foot", {}, assistant, h("span.help", { id: "compose-help" }, words.t("compose.help")), count),
    ),
  );
  return {
    element,
    field,
    update({ office, assistant: isOn }) {
      assistant.hidden = !office.assistant;
      if (assistant.dataset.on === String(isOn)) return;
      assistant.dataset.on = String(isOn);
      assistant.replaceChildren(
        icon("chip", 18),
        h("span", {}, words.t(isOn ? "assistant.is_on" : "assistant.is_off"), h("span.do", {}, words.t(isOn ? "assistant.off_short" : "assistant.on_short"))),
      );
    },
  };
}
