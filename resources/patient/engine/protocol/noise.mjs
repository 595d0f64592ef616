/**
 * The initiator's half of two Noise handshakes: IK (open door) and IKpsk1 (invitation and resumption).
 *
 *     <- s                                  known from the card
 *     -> e, es, s, ss [, psk]               message 1
 *     <- e, ee, se                          message 2
 *
 * Noise_{IK,IKpsk1}_25519_ChaChaPoly_BLAKE2b. The CipherStates of Split() are never used for transport: several desks
 * cannot share one counter, so only the two keys and the hash leave this module.
 * Source: The Noise Protocol Framework, revision 34, §5, §7.5 and §9.
 */
import { concat, u32, utf8 } from "./bytes.mjs";
import { HandshakeRefusedError } from "./errors.mjs";
import { sodium } from "./sodium.mjs";

const HASH_BYTES = 64;
const BLOCK_BYTES = 128;
const KEY_BYTES = 32;
const TAG_BYTES = 16;
const EMPTY = new Uint8Array(0);

/** @typedef {{publicKey: Uint8Array, privateKey: Uint8Array}} KeyPair X25519, 32 B each */

/** @returns {KeyPair} a fresh X25519 pair */
export function newKeyPair() {
  const privateKey = sodium.randombytes_buf(KEY_BYTES);
  return { publicKey: sodium.crypto_scalarmult_base(privateKey), privateKey };
}

export class Initiator {
  /**
   * @param {{prologue: Uint8Array, own: KeyPair, remote: Uint8Array, psk: Uint8Array|null, ephemeral: KeyPair}} given
   *   `psk` null chooses IK, 32 B choose IKpsk1; `ephemeral` must be fresh for every hello.
   */
  constructor({ prologue, own, remote, psk, ephemeral }) {
    this.own = own;
    this.remote = remote;
    this.psk = psk;
    this.ephemeral = ephemeral;
    this.key = null;
    this.nonce = 0;
    const name = utf8(`Noise_${psk === null ? "IK" : "IKpsk1"}_25519_ChaChaPoly_BLAKE2b`);
    this.hash = concat(name, new Uint8Array(HASH_BYTES - name.length));
    this.chainingKey = this.hash;
    this.#mixHash(prologue);
    this.#mixHash(remote);
  }

  /**
   * @param {Uint8Array|function(Uint8Array): Uint8Array} payload or what makes it from h as it stands before it
   * @returns {Uint8Array} message 1: e 32 | s 32+16 | payload+16
   */
  write(payload) {
    this.#mixEphemeral(this.ephemeral.publicKey);
    this.#mixKey(exchange(this.ephemeral.privateKey, this.remote));
    const sealedStatic = this.#seal(this.own.publicKey);
    this.#mixKey(exchange(this.own.privateKey, this.remote));
    if (this.psk !== null) this.#mixKeyAndHash(this.psk);
    const plain = typeof payload === "function" ? payload(this.hash) : payload;
    return concat(this.ephemeral.publicKey, sealedStatic, this.#seal(plain));
  }

  /**
   * @param {Uint8Array} message message 2: e 32 | payload+16
   * @returns {{payload: Uint8Array, hashBefore: Uint8Array}} `hashBefore`: h as it stood before this payload
   */
  read(message) {
    if (message.length < KEY_BYTES + TAG_BYTES) throw new HandshakeRefusedError("length");
    const theirs = message.slice(0, KEY_BYTES);
    this.#mixEphemeral(theirs);
    this.#mixKey(exchange(this.ephemeral.privateKey, theirs));
    this.#mixKey(exchange(this.own.privateKey, theirs));
    const hashBefore = this.hash;
    return { payload: this.#open(message.slice(KEY_BYTES)), hashBefore };
  }

  /** @returns {[Uint8Array, Uint8Array]} k1, k2, 32 B each */
  split() {
    const [k1, k2] = hkdf(this.chainingKey, EMPTY, 2);
    return [k1.slice(0, KEY_BYTES), k2.slice(0, KEY_BYTES)];
  }

  /** @returns {object} all that is needed to read the answer later; secret */
  dump() {
    const { own, remote, psk, ephemeral, key, nonce, hash, chainingKey } = this;
    return { own, remote, psk, ephemeral, key, nonce, hash, chainingKey };
  }

  /** @param {object} dumped what dump() gave @returns {Initiator} as it stood then */
  static load(dumped) {
    return Object.assign(new Initiator({ ...dumped, prologue: EMPTY }), dumped);
  }

  // e: with a PSK in the pattern, the ephemeral key goes into the chaining key as well (§9.2)
  #mixEphemeral(publicKey) {
    this.#mixHash(publicKey);
    if (this.psk !== null) this.#mixKey(publicKey);
  }

  #mixHash(data) {
    this.hash = hashOf(this.hash, data);
  }

  #mixKey(input) {
    const [chainingKey, key] = hkdf(this.chainingKey, input, 2);
    this.chainingKey = chainingKey;
    this.#startCipher(key);
  }

  #mixKeyAndHash(input) {
    const [chainingKey, data, key] = hkdf(this.chainingKey, input, 3);
    this.chainingKey = chainingKey;
    this.#mixHash(data);
    this.#startCipher(key);
  }

  #startCipher(key) {
    this.key = key.slice(0, KEY_BYTES);
    this.nonce = 0;
  }

  #seal(plain) {
    const nonce = nonceOf(this.nonce++);
    const sealed = sodium.crypto_aead_chacha20poly1305_ietf_encrypt(plain, this.hash, null, nonce, this.key);
    this.#mixHash(sealed);
    return sealed;
  }

  #open(sealed) {
    let plain;
    try {
      plain = sodium.crypto_aead_chacha20poly1305_ietf_decrypt(null, sealed, this.hash, nonceOf(this.nonce), this.key);
    } catch {
      throw new HandshakeRefusedError("decrypt");
    }
    this.nonce += 1;
    this.#mixHash(sealed);
    return plain;
  }
}

function exchange(privateKey, publicKey) {
  try {
    return sodium.crypto_scalarmult(privateKey, publicKey); // refuses an all-zero result
  } catch {
    throw new HandshakeRefusedError("point");
  }
}

// 4 zero bytes, then the counter as 8 B little-endian (§12.3)
function nonceOf(counter) {
  return concat(new Uint8Array(4), u32(counter).reverse(), new Uint8Array(4));
}

function hashOf(...parts) {
  return sodium.crypto_generichash(HASH_BYTES, concat(...parts));
}

function hmac(key, data) {
  const padded = concat(key, new Uint8Array(BLOCK_BYTES - key.length));
  const inner = hashOf(padded.map((byte) => byte ^ 0x36), data);
  return hashOf(padded.map((byte) => byte ^ 0x5c), inner);
}

function hkdf(chainingKey, input, count) {
  const secret = hmac(chainingKey, input);
  const outputs = [];
  let last = EMPTY;
  for (let i = 1; i <= count; i += 1) {
    last = hmac(secret, concat(last, Uint8Array.of(i)));
    outputs.push(last);
  }
  return outputs;
}
