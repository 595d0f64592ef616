/** Choosing a file, looking at it once more, sending it. */
import { h, say } from "./dom.mjs";
import { icon } from "./icons.mjs";
import { actions, button, closeSheet, openSheet } from "./sheet.mjs";

export const PICTURES = ["image/jpeg", "image/png", "image/gif", "image/webp"];
const TYPES = [...PICTURES, "application/pdf"];
const MAX_BYTES = 25 * 1024 * 1024;

/** Opens the device's own chooser. @param {object} app */
export function chooseFile(app) {
  const input = h("input", { type: "file", accept: TYPES.join(","), hidden: true });
  input.addEventListener("change", () => {
    if (input.files.length > 0) preview(app, input.files[0]);
    input.remove();
  });
  input.addEventListener("cancel", () => input.remove());
  document.getElementById("page").append(input);
  input.click();
}

function preview(app, file) {
  const { words, engine } = app;
  const refusal = refusalOf(file);
  if (refusal !== null) {
    openSheet({ words, title: words.t("file.cannot") }, h("p", {}, words.t(refusal)), actions(button(words.t("sheet.good"), () => closeSheet(), "main")));
    return;
  }
  const url = PICTURES.includes(file.type) ? URL.createObjectURL(file) : null;
  const problem = h("p.failed", { role: "alert" });
  let isSending = false;
  const send = async () => {
    if (isSending) return;
    isSending = true;
    try {
      await engine.attach(file, () => {});
      closeSheet();
    } catch (error) {
      isSending = false;
      say(problem, words.t(error.code === "too_long" ? "file.too_big" : "sheet.failed"));
    }
  };
  openSheet(
    { words, title: words.t("file.send_title"), onclose: () => url !== null && URL.revokeObjectURL(url) },
    url !== null && h("img.preview", { src: url, alt: words.t("file.preview") }),
    h("p.file-line", {}, icon(url === null ? "paper" : "picture"), h("span.file-name", { dir: "auto" }, file.name), h("span.quiet", {}, words.size(file.size))),
    url !== null && h("p.note", {}, words.t("file.place")),
    problem,
    actions(button(words.t("file.send"), send, "main"), button(words.t("file.do_not"), () => closeSheet())),
  );
}

/** @param {File} file @returns {string|null} the words for why it cannot be sent */
export function refusalOf(file) {
  if (!TYPES.includes(file.type)) return "file.wrong_type";
  if (file.size > MAX_BYTES) return "file.too_big";
  return file.size === 0 ? "file.empty" : null;
}
