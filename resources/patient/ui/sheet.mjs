/** Sheets: modal dialogs of the browser itself, so that focus stays inside and Escape closes. One is open at a time. */
import { freshId, h } from "./dom.mjs";
import { icon } from "./icons.mjs";

let open = null;

/**
 * @param {{words: Words, title: string, back?: function(): void, onclose?: function(): void, tone?: string}} given
 *   `back`: where the arrow leads; without it there is only the cross
 * @param {...Node} children
 * @returns {{element: HTMLDialogElement, close: function(): void}}
 */
export function openSheet({ words, title, back = null, onclose = () => {}, tone = "plain" }, ...children) {
  const returnTo = open?.returnTo ?? document.activeElement;
  closeSheet({ keepsFocus: true });
  const titleId = freshId("sheet");
  const close = () => closeSheet();
  const heading = h("h2.sheet-title", { id: titleId, tabindex: "-1" }, title);
  const bar = h(
    "div.sheet-bar",
    {},
    back && h("button.round", { type: "button", "aria-label": words.t("sheet.back"), onclick: back }, icon("back")),
    heading,
    h("button.round", { type: "button", "aria-label": words.t("sheet.close"), onclick: close }, icon("close")),
  );
  const body = h("div.sheet-body", {}, ...children);
  const element = h("dialog.sheet", { "aria-labelledby": titleId, "data-tone": tone }, h("div.sheet-inner", {}, bar, body));
  element.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (back === null) close();
    else back();
  });
  element.addEventListener("click", (event) => event.target === element && close()); // beside the sheet
  open = { element, returnTo, onclose };
  document.getElementById("page").append(element);
  element.showModal();
  heading.focus();
  return { element, close };
}

/** Closes what is open, and gives the focus back to where it was before. */
export function closeSheet({ keepsFocus = false } = {}) {
  if (open === null) return;
  const { element, returnTo, onclose } = open;
  open = null;
  element.close();
  element.remove();
  onclose();
  if (!keepsFocus && returnTo?.isConnected) returnTo.focus();
}

/** @returns {boolean} */
export function isSheetOpen() {
  return open !== null;
}

/** A row of choices at the end of a sheet. @param {...HTMLElement} buttons */
export function actions(...buttons) {
  return h("div.actions", {}, ...buttons);
}

/** @param {string} text @param {function(): void} onclick @param {string} [kind] "main", "quiet", "danger" or "plain" */
export function button(text, onclick, kind = "plain", iconName = null) {
  return h(`button.button.is-${kind}`, { type: "button", onclick }, iconName && icon(iconName), h("span", {}, text));
}
