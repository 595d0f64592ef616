/** What stands around every screen: the practice's name, the way out, the emergency number, and the main part. */
import { h } from "./dom.mjs";
import { icon } from "./icons.mjs";

/**
 * @param {{words: Words, office: object|null, onLeave: function(): void, onMenu: function(): void, menuLabel: string,
 *   menuIcon: string}} given
 * @param {HTMLElement} main
 * @returns {HTMLElement[]}
 */
export function shell({ words, office, onLeave, onMenu, menuLabel, menuIcon }, main) {
  const skip = h("button.skip", { type: "button", onclick: () => focusMain(main) }, words.t("shell.skip"));
  const brand = h("div.brand", {}, icon("arch", 28), h("span.brand-name", {}, office?.name ?? words.t("shell.no_name")));
  const menu = h("button.round", { type: "button", "aria-label": menuLabel, title: menuLabel, onclick: onMenu }, icon(menuIcon));
  const leave = h(
    "button.leave",
    { type: "button", onclick: onLeave, title: words.t("shell.leave_long"), "aria-label": words.t("shell.leave_long") },
    icon("leave"),
    h("span", { "aria-hidden": "true" }, words.t("shell.leave")),
  );
  const header = h("header.top", {}, skip, h("div.top-row", {}, brand, menu, leave));
  return [h("div.bars", {}, header, strip(words, office)), main];
}

/** @returns {HTMLElement} the emergency number of the notice, or how to find it */
function strip(words, office) {
  const numbers = office?.emergency ?? [];
  const links = numbers.flatMap((number, place) => [place > 0 && words.t("strip.or"), callLink(number, "strip-number")]);
  const text = words.t(numbers.length === 0 ? "strip.unknown" : "strip.call");
  return h(
    "aside.strip",
    { "aria-label": words.t("strip.label") },
    h("p", {}, icon("phone", 18), h("span.strip-text", {}, h("strong", {}, words.t("strip.emergency")), " ", text, " "), h("span.strip-numbers", {}, links)),
  );
}

/** @param {string} number as people write it @returns {HTMLAnchorElement} */
export function callLink(number, className = "call") {
  return h(`a.${className}`, { href: `tel:${number.replace(/[^0-9+*#]/g, "")}`, dir: "ltr" }, number);
}

/** @param {Words} words @param {string} number as people write it @returns {HTMLAnchorElement} the thing to do next */
export function callButton(words, number, className = "button.is-main") {
  const link = callLink(number, className);
  link.replaceChildren(icon("phone"), h("span", {}, words.t("urgent.call", { number })));
  link.removeAttribute("dir");
  return link;
}

/** Moves the focus to the heading of the screen, so that a screen reader begins there. */
export function focusMain(main) {
  const heading = main.querySelector("h1");
  if (heading === null) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}
