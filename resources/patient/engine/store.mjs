/**
 * What this browser keeps, in IndexedDB: one row per conversation with its lock, and sealed records.
 *
 *     locks    key: address (base64url)                 how the data key is kept; when it was last used
 *     records  key: [address, kind, id]                 sealed bytes; kind and id are names, never content
 *
 * `write` puts all its changes into one transaction and resolves when they are on disk ("strict" where the browser
 * knows it), so a state and the frame that it sent are stored together or not at all.
 */
import { ChannelError } from "./protocol/errors.mjs";

const NAME = "vestibule";
const VERSION = 1;

/** The browser cannot keep anything: no IndexedDB, disk full, or the site's data was cleared. */
export class StoreError extends ChannelError {}

/** @param {IDBRequest} request @returns {Promise<*>} */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new StoreError("store"));
  });
}

function openDatabase() {
  let request;
  try {
    request = indexedDB.open(NAME, VERSION);
  } catch {
    return Promise.reject(new StoreError("store"));
  }
  request.onupgradeneeded = () => {
    request.result.createObjectStore("locks", { keyPath: "address" });
    request.result.createObjectStore("records");
  };
  return done(request);
}

export class Store {
  /** @returns {Promise<Store>} @throws {StoreError} */
  static async open() {
    const store = new Store();
    store.database = await openDatabase();
    return store;
  }

  close() {
    this.database.close();
  }

  /** @returns {Promise<object[]>} the locks of all conversations, the one used last first */
  async locks() {
    const all = await done(this.#begin("readonly").objectStore("locks").getAll());
    return all.sort((a, b) => b.usedMs - a.usedMs);
  }

  /** @param {string} address @returns {Promise<object|undefined>} */
  lock(address) {
    return done(this.#begin("readonly").objectStore("locks").get(address));
  }

  /** @param {string} address @param {string} kind @returns {Promise<Array<[string, Uint8Array]>>} id, sealed bytes */
  async records(address, kind) {
    const range = IDBKeyRange.bound([address, kind], [address, kind, []]);
    const records = this.#begin("readonly").objectStore("records");
    const [keys, values] = await Promise.all([done(records.getAllKeys(range)), done(records.getAll(range))]);
    return keys.map((key, index) => [key[2], values[index]]);
  }

  /** @returns {Promise<Uint8Array|undefined>} one sealed record */
  record(address, kind, id) {
    return done(this.#begin("readonly").objectStore("records").get([address, kind, id]));
  }

  /**
   * @param {string} address @param {Array<[string, string, Uint8Array|null]>} changes kind, id, sealed bytes or null to
   *   delete @param {object|null} [lock] to be put in the same transaction
   * @returns {Promise<void>} once it is durable
   */
  write(address, changes, lock = null) {
    const transaction = this.#begin("readwrite");
    const records = transaction.objectStore("records");
    for (const [kind, id, sealed] of changes) {
      if (sealed === null) records.delete([address, kind, id]);
      else records.put(sealed, [address, kind, id]);
    }
    if (lock !== null) transaction.objectStore("locks").put(lock);
    return finished(transaction);
  }

  /**
   * @param {object} lock of a new conversation @param {Array<[string, string, Uint8Array]>} changes its first records
   * @returns {Promise<object>} the lock that stands now: another tab's, when it was faster, and then nothing is written
   */
  async create(lock, changes) {
    const transaction = this.#begin("readwrite");
    const locks = transaction.objectStore("locks");
    const known = await done(locks.get(lock.address));
    if (known === undefined) {
      locks.put(lock);
      const records = transaction.objectStore("records");
      for (const [kind, id, sealed] of changes) records.put(sealed, [lock.address, kind, id]);
    }
    await finished(transaction);
    return known ?? lock;
  }

  /** Deletes a conversation: its keys, its messages, its lock. */
  forget(address) {
    const transaction = this.#begin("readwrite");
    transaction.objectStore("records").delete(IDBKeyRange.bound([address], [address, []]));
    transaction.objectStore("locks").delete(address);
    return finished(transaction);
  }

  #begin(mode) {
    try {
      return this.database.transaction(["locks", "records"], mode, { durability: "strict" });
    } catch {
      throw new StoreError("store");
    }
  }
}

function finished(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(new StoreError("store"));
    transaction.onerror = () => reject(new StoreError("store"));
  });
}
