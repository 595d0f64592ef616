/**
 * Making elements. Text from outside only ever arrives as a text node: nothing here parses HTML, and the page's policy
 * (trusted types "none") would refuse it.
 */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} tag with classes: "p.quiet.small"
 * @param {object} given attributes; `onclick` and other functions become listeners; `false`, `null` and `undefined` are
 *   left out, `true` becomes an empty attribute
 * @param {...(Node|string|null|false|Array)} children
 * @returns {HTMLElement}
 */
export function h(tag, given = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length > 0) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(given)) set(element, key, value);
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Changes an attribute only when it differs: screen readers notice every change. */
export function set(element, key, value) {
  if (typeof value === "function") element.addEventListener(key.slice(2), value);
  else if (value === false || value === null || value === undefined) element.removeAttribute(key);
  else if (element.getAttribute(key) !== String(value === true ? "" : value)) {
    element.setAttribute(key, value === true ? "" : String(value));
  }
}

/** Changes the text only when it differs. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {string[]} paths the strokes of an icon on a 20 × 20 grid @returns {SVGElement} silent for screen readers */
export function drawing(paths, size = 20) {
  const svg = document.createElementNS(SVG, "svg");
  const given = { viewBox: "0 0 20 20", width: size, height: size, "aria-hidden": "true", focusable: "false", class: "icon" };
  for (const [key, value] of Object.entries(given)) svg.setAttribute(key, value);
  for (const path of paths) {
    const stroke = document.createElementNS(SVG, "path");
    stroke.setAttribute("d", path);
    svg.append(stroke);
  }
  return svg;
}

/** @returns {HTMLElement} read by screen readers only */
export function unseen(text) {
  return h("span.unseen", {}, text);
}

let count = 0;

/** @returns {string} an id that nothing else on the page has */
export function freshId(stem) {
  count += 1;
  return `${stem}-${count}`;
}
