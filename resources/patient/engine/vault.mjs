/**
 * The records of one conversation, sealed: XChaCha20-Poly1305 under its data key, bound to address, kind and id, so
 * that no record can stand in for another.
 */
import { StoreError } from "./store.mjs";
import { concat, random, utf8 } from "./protocol/bytes.mjs";
import { sodium } from "./protocol/sodium.mjs";
import { dump, load } from "./protocol/stored.mjs";
import { MIN_PIN_CHARS, afterWrongPin, browserLock, newDataKey, openLock, pinLock } from "./lock.mjs";

const NONCE_BYTES = 24;

export class Vault {
  /** @param {Store} store @param {object} lock its row */
  constructor(store, lock) {
    this.store = store;
    this.lock = lock;
    this.address = lock.address;
    this.dataKey = null;
  }

  /**
   * @param {Store} store @param {string} address @param {Array<[string, string, *]>} changes its first records
   * @param {number} nowMs @returns {Promise<Vault>} new and open; or the one that another tab made just before, closed
   */
  static async make(store, address, changes, nowMs) {
    const dataKey = newDataKey();
    const vault = new Vault(store, await browserLock(address, dataKey, nowMs));
    vault.dataKey = dataKey;
    const lock = await store.create(vault.lock, vault.#sealed(changes));
    return lock === vault.lock ? vault : new Vault(store, lock);
  }

  get hasPin() {
    return this.lock.kind === "pin";
  }

  get isOpen() {
    return this.dataKey !== null;
  }

  /**
   * @param {string} [pin] @param {number} nowMs
   * @returns {Promise<{ok: boolean, wait_ms: number}>} `wait_ms`: how long until the next try counts
   */
  async open(pin, nowMs) {
    this.lock = (await this.store.lock(this.address)) ?? this.lock; // another tab may have tried too
    if (this.hasPin && nowMs < this.lock.untilMs) return { ok: false, wait_ms: this.lock.untilMs - nowMs };
    if (this.hasPin && typeof pin !== "string") return { ok: false, wait_ms: 0 };
    if (this.hasPin) await this.#putLock(afterWrongPin(this.lock, nowMs)); // before: a reload does not give a try back
    const dataKey = await openLock(this.lock, pin);
    if (dataKey === null) return { ok: false, wait_ms: Math.max(0, this.lock.untilMs - nowMs) };
    await this.#putLock({ ...this.lock, attempts: 0, untilMs: 0, usedMs: nowMs });
    this.dataKey = dataKey;
    return { ok: true, wait_ms: 0 };
  }

  /** @param {string|null} pin null: by this browser alone @param {number} nowMs */
  async setPin(pin, nowMs) {
    if (pin !== null && pin.length < MIN_PIN_CHARS) throw new StoreError("pin");
    const { address, dataKey } = this;
    const making = pin === null ? browserLock(address, dataKey, nowMs) : pinLock(address, dataKey, pin, nowMs);
    await this.#putLock(await making);
  }

  /** @param {string} kind @returns {Promise<Array<[string, *]>>} id and value of every record of this kind, by id */
  async all(kind) {
    const records = await this.store.records(this.address, kind);
    return records.map(([id, sealed]) => [id, load(this.#open(kind, id, sealed))]);
  }

  /** @returns {Promise<*>} the value, null when there is none */
  async get(kind, id) {
    const sealed = await this.store.record(this.address, kind, id);
    return sealed === undefined ? null : load(this.#open(kind, id, sealed));
  }

  /** @returns {Promise<Uint8Array|null>} bytes that were put as bytes */
  async getBytes(kind, id) {
    const sealed = await this.store.record(this.address, kind, id);
    return sealed === undefined ? null : this.#open(kind, id, sealed);
  }

  /** @param {Array<[string, string, *]>} changes kind, id, value (bytes stay bytes); null deletes */
  write(changes) {
    return this.store.write(this.address, this.#sealed(changes));
  }

  forget() {
    this.dataKey = null;
    return this.store.forget(this.address);
  }

  #putLock(lock) {
    this.lock = lock;
    return this.store.write(this.address, [], lock);
  }

  #sealed(changes) {
    return changes.map(([kind, id, value]) => [kind, id, value === null ? null : this.#seal(kind, id, value)]);
  }

  #seal(kind, id, value) {
    const plain = value instanceof Uint8Array ? value : dump(value);
    const nonce = random(NONCE_BYTES);
    const aad = utf8(`${this.address}/${kind}/${id}`);
    return concat(nonce, sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plain, aad, null, nonce, this.dataKey));
  }

  #open(kind, id, sealed) {
    const aad = utf8(`${this.address}/${kind}/${id}`);
    const [nonce, rest] = [sealed.slice(0, NONCE_BYTES), sealed.slice(NONCE_BYTES)];
    try {
      return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, rest, aad, nonce, this.dataKey);
    } catch {
      throw new StoreError("record");
    }
  }
}
