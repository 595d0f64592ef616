/** The receipt of the consent: what was agreed to, whether the signatures are right (checked here, offline), a copy. */
import { h } from "./dom.mjs";
import { icon } from "./icons.mjs";
import { shownText, told } from "./notice.mjs";
import { saveBlob } from "./saving.mjs";
import { actions, button, openSheet } from "./sheet.mjs";

/** @param {object} app @param {function(): void} back */
export async function openReceipt(app, back) {
  const { words, state, engine } = app;
  const marks = h("ul.marks", { "aria-live": "polite" });
  const facts = h("dl.receipt");
  const check = async () => {
    const found = await engine.receipt_check();
    facts.replaceChildren(...rows(words, state, found.receipt));
    marks.replaceChildren(
      mark(words, found.is_signed, "receipt.signed", "receipt.not_signed"),
      mark(words, found.is_countersigned, "receipt.countersigned", "receipt.not_countersigned"),
    );
  };
  await check();
  openSheet(
    { words, title: words.t("receipt.title"), back },
    h("p", {}, words.t("receipt.lead")),
    h("div.printable", {}, facts, marks),
    actions(
      button(words.t("receipt.check"), check, "plain", "check"),
      button(words.t("receipt.save"), () => save(app), "plain", "save"),
      button(words.t("receipt.print"), () => printReceipt(), "plain", "printer"),
    ),
    h("p.quiet.small", {}, words.t("receipt.more")),
  );
}

function rows(words, state, receipt) {
  if (receipt === null) return [h("dt", {}, words.t("receipt.none")), h("dd")];
  const pairs = [
    ["receipt.office", state.office.name],
    ["receipt.when", words.moment(receipt.at_ms)],
    ["receipt.version", String(receipt.notice_version)],
    ["receipt.language", new Intl.DisplayNames([words.locale], { type: "language" }).of(receipt.language)],
    ["receipt.assistant", words.t(receipt.assistant ? "receipt.assistant_yes" : "receipt.assistant_no")],
    ["receipt.now", words.t(state.assistant ? "assistant.is_on" : "assistant.is_off")],
  ];
  return pairs.map(([key, value]) => h("div", {}, h("dt", {}, words.t(key)), h("dd", {}, value)));
}

function mark(words, isRight, right, wrong) {
  return h(`li.mark${isRight ? ".is-right" : ""}`, {}, icon(isRight ? "check" : "waiting"), h("span", {}, words.t(isRight ? right : wrong)));
}

// the bytes that were signed, the signatures, and the words they stand for: enough to check it without us
function save({ words, state }) {
  const notice = told(words, state.office, state.notice_version);
  const file = { what: words.t("receipt.file"), office: state.office.name, ...state.receipt, notice: shownText(notice) };
  const blob = new Blob([`${JSON.stringify(file, null, 2)}\n`], { type: "application/json" });
  saveBlob(blob, words.t("receipt.file_name"));
}

function printReceipt() {
  const root = document.documentElement;
  root.classList.add("prints-sheet");
  addEventListener("afterprint", () => root.classList.remove("prints-sheet"), { once: true });
  globalThis.print();
}
