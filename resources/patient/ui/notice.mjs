/** The notice and the consent: nothing can be written before both were on the screen. */
import { h } from "./dom.mjs";
import { icon } from "./icons.mjs";
import { callLink } from "./shell.mjs";

/**
 * @param {Words} words @param {object} office @param {number} version
 * @returns {{title: string, lead: string, parts: {icon: string, title: string, lines: string[]}[]}} all that is told
 */
export function told(words, office, version) {
  const t = (key, values) => words.t(key, values);
  const kind = office.sector === "law" ? "law" : "clinic";
  const days = words.span(office.keeps_days);
  const assistant = { icon: "chip", title: t("notice.assistant"), lines: [t("notice.assistant_1"), t("notice.assistant_2"), t("notice.assistant_3")] };
  return {
    title: t("notice.title"),
    lead: t("notice.lead", { office: office.name }),
    parts: [
      { icon: "person", title: t("notice.who"), lines: [office.who, t("notice.who_1")] },
      ...(office.assistant ? [assistant] : []),
      { icon: "cannot", title: t("notice.cannot"), lines: [t("notice.cannot_1", { number: office.emergency[0] }), t(`notice.cannot_${kind}${office.assistant ? "" : "_alone"}`), t("notice.cannot_3")] },
      { icon: "lock", title: t("notice.safe"), lines: [t("notice.safe_1"), t("notice.safe_2"), t("notice.safe_3")] },
      { icon: "clock", title: t("notice.kept"), lines: [t("notice.kept_1", { span: days }), t("notice.kept_2"), t("notice.kept_3")] },
      { icon: "undo", title: t("notice.back"), lines: [t(office.assistant ? "notice.back_1" : "notice.back_1_none"), office.withdraw, t("notice.back_3")] },
    ],
    version: t("notice.version", { version: String(version) }),
  };
}

/** @returns {string} the same as one text, for the receipt */
export function shownText({ title, lead, parts, version }) {
  return [title, lead, ...parts.flatMap(({ title: head, lines }) => [head, ...lines]), version].join("\n");
}

/**
 * The two ways to agree, alike in everything but their words; one where the office uses no assistant.
 *
 * @param {object} app @param {object} notice as `told` gave it @param {function(): void} [onDone]
 * @returns {HTMLElement[]} the row of buttons, and the place where a failure is told
 */
export function waysToAgree(app, notice, onDone = () => {}) {
  const { words, engine, state } = app;
  const { office } = state;
  const failed = h("p.failed", { role: "alert" });
  const buttons = [];

  async function agree(assistant) {
    for (const each of buttons) each.disabled = true;
    try {
      await engine.consent({ assistant, language: words.language, shown: shownText(notice) });
      onDone();
    } catch {
      failed.textContent = words.t("notice.failed", { phone: office.phone });
      for (const each of buttons) each.disabled = false;
    }
  }

  const way = (key, assistant) =>
    h(
      "button.choice",
      { type: "button", onclick: () => agree(assistant) },
      h("strong", {}, words.t(`notice.agree_${key}`)),
      h("span", {}, words.t(`notice.agree_${key}_more`)),
    );
  buttons.push(...(office.assistant ? [way("with", true), way("without", false)] : [way("plain", false)]));
  return [h("div.choices", { "data-count": buttons.length }, buttons), failed];
}

/** @param {object} app @returns {{element: HTMLElement, update: function(object): void}} */
export function noticeView(app) {
  const { words } = app;
  const { office, notice_version: version } = app.state;
  const notice = told(words, office, version);
  const element = h(
    "main.card-view",
    { id: "main" },
    h(
      "div.card.notice",
      {},
      h("h1", {}, notice.title),
      h("p.lead", {}, notice.lead),
      notice.parts.map(part),
      h(
        "section.agree",
        { "aria-labelledby": "agree" },
        h("h2", { id: "agree" }, words.t("notice.agree")),
        h("p", {}, words.t(office.assistant ? "notice.agree_lead" : "notice.agree_lead_plain")),
        waysToAgree(app, notice),
        h("p", {}, words.t("notice.not_agree"), " ", callLink(office.phone)),
        h("p.quiet.small", {}, notice.version),
      ),
    ),
  );
  return { element, update() {}, title: notice.title };
}

function part({ icon: name, title, lines }) {
  return h(
    "section.part",
    {},
    icon(name, 24),
    h("div", {}, h("h2", {}, title), lines.map((line) => h("p", {}, h("bdi", {}, line)))),
  );
}
