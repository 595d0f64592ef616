// Runs before the first paint: text size and colours as this person chose them, so that nothing flashes or jumps.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("has-script");
  try {
    const { size, scheme, language } = JSON.parse(localStorage.getItem("vestibule.look") ?? "{}");
    if (["large", "largest"].includes(size)) root.dataset.size = size;
    if (["light", "dark"].includes(scheme)) root.dataset.scheme = scheme;
    if (/^[a-z]{2,3}$/.test(language)) root.lang = language;
  } catch {
    // storage is off, or holds something else: the defaults are fine
  }
})();
