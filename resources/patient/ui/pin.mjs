/** Setting, changing and taking away the PIN. */
import { h, say } from "./dom.mjs";
import { actions, button, closeSheet, openSheet } from "./sheet.mjs";

const MIN_CHARS = 6;

/** @param {object} app @param {function(): void} back */
export function openPin(app, back) {
  const { words, state, engine } = app;
  const problem = h("p.failed", { role: "alert", id: "pin-new-problem" });
  const first = field("pin-new", "new-password");
  const second = field("pin-again", "new-password");

  async function keep(event) {
    event.preventDefault();
    if ([...first.value].length < MIN_CHARS) return wrong("pin.too_short", first);
    if (first.value !== second.value) return wrong("pin.differs", second);
    return finish(first.value, "pin.is_set");
  }
  function wrong(key, where) {
    say(problem, words.t(key, { n: MIN_CHARS }));
    where.focus();
  }
  async function finish(pin, key) {
    try {
      await engine.set_pin(pin);
      closeSheet();
      app.announcer.tell("pin", words.t(key));
    } catch {
      say(problem, words.t("sheet.failed"));
    }
  }

  openSheet(
    { words, title: words.t(state.has_pin ? "pin.change" : "pin.set"), back },
    h("p", {}, words.t("pin.why")),
    h("p.note", {}, words.t("pin.lost")),
    h(
      "form.pin-form",
      { onsubmit: keep, novalidate: true },
      h("input", { type: "text", autocomplete: "username", value: "chat", hidden: true }), // for the browser's key ring
      h("label", { for: "pin-new" }, words.t("pin.new", { n: MIN_CHARS })),
      first,
      h("label", { for: "pin-again" }, words.t("pin.again")),
      second,
      problem,
      actions(
        h("button.button.is-main", { type: "submit" }, words.t("pin.keep")),
        state.has_pin && button(words.t("pin.remove"), () => finish(null, "pin.is_gone"), "danger"),
      ),
    ),
  );
}

function field(id, autocomplete) {
  return h("input.field.pin", { id, type: "password", autocomplete, maxlength: 64, "aria-describedby": "pin-new-problem" });
}
