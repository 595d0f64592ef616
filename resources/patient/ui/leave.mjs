/**
 * Leaving at once: the screen is cleared, and a blank page takes this page's place in the history of the tab.
 *
 * Where to? Going to some weather site would tell that site, and break the promise that the page speaks to nobody else;
 * a page of the practice would still show its name. A blank page needs no network and says nothing. Decision 0024.
 */

const TWICE_MS = 700;
const BLANK = "about:blank";

/** @param {function(): void} before last quick thing: keep the unsent words, close the engine */
export function leaveNow(before) {
  try {
    before();
  } finally {
    document.title = "";
    document.documentElement.classList.add("is-left");
    document.body.replaceChildren();
    location.replace(BLANK);
  }
}

/** Escape twice leaves, wherever the focus is. @param {function(): void} act */
export function onEscapeTwice(act) {
  let lastMs = -Infinity;
  const listen = (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    if (event.timeStamp - lastMs < TWICE_MS) act();
    lastMs = event.timeStamp;
  };
  addEventListener("keydown", listen, { capture: true });
}
