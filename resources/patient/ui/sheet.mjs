/**
 * Sheets over the screen. The way out and the emergency number stay in reach: a sheet lies under the two bars at the
 * top, and only the rest of the main part is out of reach meanwhile. One sheet is open at a time; Escape closes it.
 */
import { freshId, h } from "./dom.mjs";
import { icon } from "./icons.mjs";

let open = null;

/**
 * @param {{words: Words, title: string, back?: function(): void, onclose?: function(): void, tone?: string}} given
 *   `back`: where the arrow leads; without it there is only the cross
 * @param {...Node} children
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
  const sheet = h("div.sheet", { role: "dialog", "aria-labelledby": titleId, "data-tone": tone }, bar, h("div.sheet-body", {}, children));
  const veil = h("div.veil", { onclick: (event) => event.target === veil && close() }, sheet);
  const watch = new AbortController();
  addEventListener("resize", () => fit(veil), { signal: watch.signal });
  addEventListener("keydown", (event) => event.key === "Escape" && (back ?? close)(), { signal: watch.signal });
  open = { veil, returnTo, onclose, watch };
  const main = document.getElementById("main");
  for (const part of beside(main)) part.inert = true;
  document.documentElement.classList.add("has-sheet");
  main.append(veil);
  fit(veil);
  heading.focus({ preventScroll: true });
}

/** Closes what is open, and gives the focus back to where it was before. */
export function closeSheet({ keepsFocus = false } = {}) {
  if (open === null) return;
  const { veil, returnTo, onclose, watch } = open;
  open = null;
  watch.abort();
  veil.remove();
  document.documentElement.classList.remove("has-sheet");
  for (const part of document.querySelectorAll("#main [inert]")) part.inert = false;
  onclose();
  if (!keepsFocus && returnTo?.isConnected) returnTo.focus({ preventScroll: true });
}

/** @returns {boolean} */
export function isSheetOpen() {
  return open !== null;
}

/** A row of choices at the end of a sheet. @param {...HTMLElement} buttons */
export function actions(...buttons) {
  return h("div.actions", {}, ...buttons.filter(Boolean));
}

/** @param {string} text @param {function(): void} onclick @param {string} [kind] "main", "danger" or "plain" */
export function button(text, onclick, kind = "plain", iconName = null) {
  return h(`button.button.is-${kind}`, { type: "button", onclick }, iconName && icon(iconName), h("span", {}, text));
}

// everything but the heading, which still says where one is
function beside(part) {
  const others = [...part.children].filter((child) => child.tagName !== "H1");
  return others.flatMap((child) => (child.querySelector("h1") === null ? [child] : beside(child)));
}

// how much the bars at the top take depends on the text size and on how the number wraps
function fit(veil) {
  const bars = document.querySelector(".strip").getBoundingClientRect().bottom;
  veil.style.setProperty("--above", `${Math.max(0, Math.round(bars))}px`);
}
