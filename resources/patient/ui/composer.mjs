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
const LIST_PATIENCE_MS = 1000; // a stalled line must not keep anybody from sending

/** @returns {Promise<PhraseList>} an empty one, after a while */
function none() {
  return new Promise((done) => setTimeout(() => done(new PhraseList([])), LIST_PATIENCE_MS));
}

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
  let isSending = false;

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
    if (isSending) return;
    if (text === "") {
      field.focus();
      return;
    }
    if (text.length > MAX_CHARS) {
      say(problem, words.t("compose.too_long", { n: MAX_CHARS }));
      field.focus();
      return;
    }
    isSending = true; // until it is kept: a second press must not send it twice
    send.disabled = true;
    const lists = await Promise.race([list, none()]);
    const kind = lists.find(text);
    if (kind === null || (await warn(app, kind, lists))) await leave(text);
    isSending = false;
    send.disabled = false;
    field.focus();
  }

  // what is typed while the engine keeps the message stays in the field; what could not be kept goes back into it
  async function leave(text) {
    field.value = "";
    onInput();
    try {
      await engine.send(text);
      app.keepDraft();
      onSent();
    } catch {
      field.value = field.value === "" ? text : `${text}\n${field.value}`;
      onInput();
      say(problem, words.t("compose.failed"));
    }
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
