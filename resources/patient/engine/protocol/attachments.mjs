/**
 * Attachments: encrypted piece by piece, filled up to a few counts of pieces.
 *
 * Key and header go into the message, `key` = key 32 | header 24; the gateway holds pieces of 65,536 + 17 B only.
 * A broken upload starts again under a new key. Source: channel.md §9.
 */
import { concat, equal, random } from "./bytes.mjs";
import { FileDigest } from "./digests.mjs";
import { FrameRefusedError } from "./errors.mjs";
import { CHUNK_BYTES, chunkCount } from "./kinds.mjs";
import { sodium } from "./sodium.mjs";

const KEY_BYTES = 32;
const TAG_MESSAGE = 0;
const TAG_FINAL = 3;

/**
 * @param {Blob} file 1 to 26,214,400 B
 * @param {function(number, number, Uint8Array): Promise<void>} put stores one piece: (index, count, bytes)
 * @returns {Promise<{key: Uint8Array, digest: Uint8Array, chunks: number}>} for the message
 */
export async function sealFile(file, put) {
  const chunks = chunkCount(file.size);
  const key = random(KEY_BYTES);
  const { state, header } = sodium.crypto_secretstream_xchacha20poly1305_init_push(key);
  const digest = new FileDigest(file.size);
  for (let index = 0; index < chunks; index += 1) {
    const plain = new Uint8Array(await file.slice(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES).arrayBuffer());
    digest.update(plain);
    const tag = index === chunks - 1 ? TAG_FINAL : TAG_MESSAGE;
    await put(index, chunks, sodium.crypto_secretstream_xchacha20poly1305_push(state, filled(plain), null, tag));
  }
  return { key: concat(key, header), digest: digest.final(), chunks };
}

/**
 * @param {{key: Uint8Array, digest: Uint8Array, size: number, chunks: number}} file as the message names it
 * @param {function(number): Promise<Uint8Array>} get fetches one piece
 * @returns {Promise<Uint8Array[]>} the file, piece by piece @throws {FrameRefusedError} code "file"
 */
export async function openFile(file, get) {
  const header = file.key.slice(KEY_BYTES);
  const state = sodium.crypto_secretstream_xchacha20poly1305_init_pull(header, file.key.slice(0, KEY_BYTES));
  const digest = new FileDigest(file.size);
  const pieces = [];
  for (let index = 0; index < file.chunks; index += 1) {
    const wanted = index === file.chunks - 1 ? TAG_FINAL : TAG_MESSAGE;
    const piece = cut(pull(state, await get(index), wanted), file.size - index * CHUNK_BYTES);
    digest.update(piece);
    if (piece.length > 0) pieces.push(piece);
  }
  if (!equal(digest.final(), file.digest)) throw new FrameRefusedError("file");
  return pieces;
}

function filled(plain) {
  return plain.length === CHUNK_BYTES ? plain : concat(plain, new Uint8Array(CHUNK_BYTES - plain.length));
}

function pull(state, sealed, wantedTag) {
  if (sealed.length !== CHUNK_BYTES + sodium.crypto_secretstream_xchacha20poly1305_ABYTES) {
    throw new FrameRefusedError("file");
  }
  const opened = sodium.crypto_secretstream_xchacha20poly1305_pull(state, sealed, null);
  if (!opened || opened.tag !== wantedTag) throw new FrameRefusedError("file");
  return opened.message;
}

// what stands behind the end of the file must be the zeros that fill it up
function cut(plain, left) {
  const end = Math.min(Math.max(left, 0), plain.length);
  if (plain.subarray(end).some((byte) => byte !== 0)) throw new FrameRefusedError("file");
  return plain.slice(0, end);
}
