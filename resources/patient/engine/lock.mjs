/**
 * How the key of a conversation is kept: by this browser alone, or behind a PIN.
 *
 *     browser: AES-256-GCM under a WebCrypto key that cannot be exported, stored beside it
 *     pin:     AES-256-GCM under PBKDF2-SHA-256(PIN, salt 16, 600,000 rounds)
 *
 * A PIN keeps out whoever borrows the telephone, and slows down whoever copies the profile; six digits do not stop a
 * patient attacker (decision 0023). Wrong attempts make the next wait longer, also after a reload.
 */
import { random, utf8 } from "./protocol/bytes.mjs";

const ROUNDS = 600000;
const FREE_ATTEMPTS = 4;
const FIRST_WAIT_MS = 15000;
const LONGEST_WAIT_MS = 3600000;
const KEY_BYTES = 32;
export const MIN_PIN_CHARS = 6;

const gcm = (iv) => ({ name: "AES-GCM", iv });

/** @returns {Uint8Array} a fresh key for the records of a conversation */
export function newDataKey() {
  return random(KEY_BYTES);
}

/** @param {string} address @param {Uint8Array} dataKey @param {number} nowMs @returns {Promise<object>} a lock row */
export async function browserLock(address, dataKey, nowMs) {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const iv = random(12);
  const wrapped = new Uint8Array(await crypto.subtle.encrypt(gcm(iv), key, dataKey));
  return { address, kind: "browser", key, iv, wrapped, usedMs: nowMs, attempts: 0, untilMs: 0 };
}

/** @param {string} pin at least MIN_PIN_CHARS @returns {Promise<object>} a lock row */
export async function pinLock(address, dataKey, pin, nowMs) {
  const [salt, iv] = [random(16), random(12)];
  const key = await pinKey(pin, salt, ROUNDS);
  const wrapped = new Uint8Array(await crypto.subtle.encrypt(gcm(iv), key, dataKey));
  return { address, kind: "pin", salt, rounds: ROUNDS, iv, wrapped, usedMs: nowMs, attempts: 0, untilMs: 0 };
}

/** @param {object} lock @param {string} [pin] @returns {Promise<Uint8Array|null>} the data key; null: wrong PIN */
export async function openLock(lock, pin) {
  const key = lock.kind === "browser" ? lock.key : await pinKey(pin, lock.salt, lock.rounds);
  try {
    return new Uint8Array(await crypto.subtle.decrypt(gcm(lock.iv), key, lock.wrapped));
  } catch {
    return null;
  }
}

/** @param {object} lock @param {number} nowMs @returns {object} the row after one more wrong PIN */
export function afterWrongPin(lock, nowMs) {
  const attempts = lock.attempts + 1;
  const beyond = attempts - FREE_ATTEMPTS;
  const waitMs = beyond <= 0 ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (beyond - 1));
  return { ...lock, attempts, untilMs: nowMs + waitMs };
}

async function pinKey(pin, salt, iterations) {
  const raw = await crypto.subtle.importKey("raw", utf8(pin.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(how, raw, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}
