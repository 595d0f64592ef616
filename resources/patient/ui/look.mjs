/** How the page looks on this device: text size, colours, language. Kept in this browser, sent nowhere. */

const KEY = "vestibule.look";
const root = document.documentElement;

export const SIZES = ["normal", "large", "largest"];
export const SCHEMES = ["auto", "light", "dark"];

/** @returns {{size: string, scheme: string, language: string|null}} */
export function look() {
  const kept = read();
  return {
    size: SIZES.includes(kept.size) ? kept.size : "normal",
    scheme: SCHEMES.includes(kept.scheme) ? kept.scheme : "auto",
    language: typeof kept.language === "string" && /^[a-z]{2,3}$/.test(kept.language) ? kept.language : null,
  };
}

/** @param {object} change some of the fields of `look` */
export function setLook(change) {
  const now = { ...look(), ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(now));
  } catch {
    // storage is off: it holds for this visit
  }
  show(now);
}

/** Puts the choice on the root element, where the stylesheet reads it. */
export function show({ size, scheme }) {
  if (size === "normal") delete root.dataset.size;
  else root.dataset.size = size;
  if (scheme === "auto") delete root.dataset.scheme;
  else root.dataset.scheme = scheme;
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") ?? {};
  } catch {
    return {};
  }
}
