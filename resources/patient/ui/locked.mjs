/** The PIN before the conversation. */
import { h, say } from "./dom.mjs";
import { icon } from "./icons.mjs";
import { confirmForget } from "./ending.mjs";

/** @param {object} app @returns {{element: HTMLElement, update: function(object): void}} */
export function lockedView(app) {
  const { words, engine } = app;
  const problem = h("p.failed", { id: "pin-problem", role: "alert" });
  const field = h("input.field.pin", {
    id: "pin", type: "password", autocomplete: "current-password", "aria-describedby": "pin-problem", required: true, maxlength: 64,
  });
  const submit = h("button.button.is-main", { type: "submit" }, words.t("locked.open"));
  let waitUntilMs = 0;

  async function tryPin(event) {
    event.preventDefault();
    if (field.value === "" || submit.disabled) return;
    submit.disabled = true;
    say(problem, "");
    const { ok, wait_ms: waitMs } = await engine.unlock(field.value);
    if (ok) return;
    field.value = "";
    waitUntilMs = Date.now() + waitMs;
    say(problem, waitMs > 0 ? words.t("locked.wrong_wait", { n: Math.ceil(waitMs / 1000) }) : words.t("locked.wrong"));
    setTimeout(() => { submit.disabled = false; }, Math.max(0, waitUntilMs - Date.now()));
    field.focus();
  }

  const element = h(
    "main.card-view",
    { id: "main" },
    h(
      "div.card.problem",
      {},
      icon("lock", 40),
      h("h1", {}, words.t("locked.title")),
      h("p.lead", {}, words.t("locked.why")),
      h("form.pin-form", { onsubmit: tryPin, novalidate: true }, h("input", { type: "text", autocomplete: "username", value: "chat", hidden: true }), h("label", { for: "pin" }, words.t("locked.label")), field, submit),
      problem,
      h("details.more", {}, h("summary", {}, words.t("locked.forgot")), h("p", {}, words.t("locked.forgot_more")),
        h("button.button.is-danger", { type: "button", onclick: () => confirmForget(app) }, words.t("forget.do"))),
    ),
  );
  return { element, update() {}, title: words.t("locked.title") };
}
