/** Saving something as a file on the person's device. */
import { h } from "./dom.mjs";

const KEPT_MS = 60000;

/** @param {Blob} blob @param {string} name */
export function saveBlob(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = h("a", { href: url, download: safeName(name), hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS); // the browser may still be reading
}

/** @param {string} name from outside @returns {string} without paths, hidden beginnings and signs that turn words round */
export function safeName(name) {
  const clean = name.replace(/[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069/\\:*?"<>|]/g, "_");
  return clean.replace(/^\.+/, "_").slice(-100) || "file";
}
