/** What may be said in the channel: one schema for the content of each kind. Source: channel.md §7. */
import { ChannelError } from "./errors.mjs";
import { binary, record, text, truth, whole } from "./schema.mjs";

export const MAX_FILE_BYTES = 26214400;
export const CHUNK_BYTES = 65536;
const CHUNK_COUNTS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 400];
const MAX_TEXT_BYTES = 12000;

const RECEIPT_OBJECT = record({ receipt: binary(), sig: binary(64) });
const NOTHING = record({});
const TEXT = record({ text: text(1, MAX_TEXT_BYTES, /^[^\u0000]*$/) });
const READ = record({ up_to: binary(16) });
const NAMED = record({ id: binary(16) });
const FILE_FIELDS = record({
  blob: binary(16),
  key: binary(56),
  digest: binary(32),
  size: whole(1, MAX_FILE_BYTES),
  chunks: whole(1, 400),
  name: text(1, 255, /^[^/\\\u0000-\u001f]*$/),
  type: text(3, 100, /^[a-z0-9.+-]+\/[a-z0-9.+-]+$/),
});

const FILE = (value) => {
  const file = FILE_FIELDS(value);
  if (file.chunks !== chunkCount(file.size)) throw new ChannelError("schema");
  return file;
};

const FROM_PATIENT = {
  text: TEXT,
  file: FILE,
  fetched: NAMED,
  missing: NAMED,
  ack: NOTHING,
  read: READ,
  end: NOTHING,
  consent: record({ receipt: RECEIPT_OBJECT }),
  withdraw: NOTHING,
  assistant: record({ on: truth }),
  erase: NOTHING,
};
const FROM_DESK = {
  text: TEXT,
  file: FILE,
  fetched: NAMED,
  missing: NAMED,
  ack: record({ desks: whole(1, 64) }),
  read: READ,
  end: NOTHING,
  receipt: record({ receipt: binary(32), sig: binary(64) }),
  away: TEXT,
  renew: NOTHING,
  erased: NOTHING,
  desk: record({ roster: binary(), roster_sig: binary(64) }),
};

/** Kinds that do not count towards the 200 messages of a generation. */
export const UNCOUNTED = Object.freeze(["ack", "read"]);

/** @param {number} size bytes @returns {number} into how many chunks a file of this size is padded */
export function chunkCount(size) {
  const count = CHUNK_COUNTS.find((each) => size <= each * CHUNK_BYTES);
  if (size > MAX_FILE_BYTES || count === undefined) throw new ChannelError("too_long");
  return count;
}

/**
 * @param {string} kind @param {object} content as parsed, untrusted @param {boolean} isFromDesk
 * @returns {object} the content, binary fields as bytes @throws {ChannelError} code "schema"
 */
export function readContent(kind, content, isFromDesk) {
  const kinds = isFromDesk ? FROM_DESK : FROM_PATIENT;
  if (!Object.keys(kinds).includes(kind)) throw new ChannelError("schema");
  return kinds[kind](content);
}
