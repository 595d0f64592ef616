/**
 * The one door to libsodium: every other module takes its primitives from here.
 *
 * `sodium` may be used once `ready` is fulfilled; the engine waits for it before anything else.
 * Source: libsodium.js 0.8.4, `vendor/libsodium/README.md`.
 */
import sodium from "../../vendor/libsodium/libsodium-wrappers.mjs";

/** @type {Promise<void>} */
export const ready = sodium.ready;
export { sodium };
