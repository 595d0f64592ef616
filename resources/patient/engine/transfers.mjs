/** Attachments between this browser and the gateway: piece by piece, with progress; both ends keep them sealed. */
import { b64, concat } from "./protocol/bytes.mjs";
import { openFile, sealFile } from "./protocol/attachments.mjs";
import { ChannelError } from "./protocol/errors.mjs";
import { chunkCount } from "./protocol/kinds.mjs";

const AT_ONCE = 6; // pieces under way at most: enough to fill a line of 100 ms, 400 kB of memory
const MAX_NAME_BYTES = 255;
// what a browser may show in place; everything else is a download and never a document of this page's origin
const SHOWN_TYPES = ["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"];

/**
 * One piece at first, then more at once as they get through: a slow line is not filled with what it cannot carry.
 *
 * @param {Post} post @param {Uint8Array} blob its fresh name, 16 B @param {Blob} file
 * @param {function(number): void} onProgress 0 to 1
 * @returns {Promise<{blob: string, key: string, digest: string, size: number, chunks: number}>} as it stands in JSON
 */
export async function upload(post, blob, file, onProgress) {
  const underWay = [];
  let most = 1;
  const settle = async () => {
    const [count, index, stored] = underWay.shift();
    await stored;
    most = Math.min(AT_ONCE, most + 1);
    onProgress((index + 1) / count);
  };
  const { key, digest, chunks } = await sealFile(file, async (index, count, piece) => {
    underWay.push([count, index, handled(post.blobPut(blob, index, count, piece))]);
    if (underWay.length >= most) await settle();
  });
  while (underWay.length > 0) await settle();
  return { blob: b64(blob), key: b64(key), digest: b64(digest), size: file.size, chunks };
}

/**
 * @param {Post} post
 * @param {{blob: Uint8Array, key: Uint8Array, digest: Uint8Array, size: number, chunks: number}} file
 * @param {function(number): void} onProgress 0 to 1
 * @returns {Promise<Uint8Array>} the file, checked @throws {ChannelError} code "file", "down" or the gateway's
 */
export async function download(post, file, onProgress) {
  const ahead = new Map();
  const pieces = await openFile(file, async (index) => {
    const most = Math.min(AT_ONCE, index + 1);
    for (let i = index; i < Math.min(index + most, file.chunks); i += 1) {
      if (!ahead.has(i)) ahead.set(i, handled(post.blobGet(file.blob, i)));
    }
    const { total, chunk } = await ahead.get(index);
    ahead.set(index, null);
    if (total !== file.chunks) throw new ChannelError("file");
    onProgress((index + 1) / total);
    return chunk;
  });
  return concat(...pieces);
}

// it is awaited later: until then its failure is nobody's surprise
function handled(promise) {
  promise.catch(() => {});
  return promise;
}

/** @param {File} file chosen @returns {{name: string, type: string, size: number}} @throws {ChannelError} "too_long" */
export function describe(file) {
  if (file.size === 0) throw new ChannelError("empty");
  chunkCount(file.size);
  const type = /^[a-z0-9.+-]+\/[a-z0-9.+-]+$/.test(file.type) && file.type.length <= 100 ? file.type : "";
  return { name: shortName(file.name), type: type || "application/octet-stream", size: file.size };
}

/** @param {Uint8Array} bytes @param {string} type as the other side named it @returns {Blob} of a harmless type */
export function blobOf(bytes, type) {
  return new Blob([bytes], { type: SHOWN_TYPES.includes(type) ? type : "application/octet-stream" });
}

function shortName(name) {
  let clean = name.replace(/[/\\\u0000-\u001f]/g, "_") || "file";
  while (new TextEncoder().encode(clean).length > MAX_NAME_BYTES) clean = [...clean].slice(1).join("");
  return clean;
}

