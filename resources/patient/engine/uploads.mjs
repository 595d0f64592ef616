/** Attachments of a conversation: one upload at a time, downloads when asked; progress is shown, never stored. */
import { ask, sayFetched } from "./attached.mjs";
import { random } from "./protocol/bytes.mjs";
import { ChannelError } from "./protocol/errors.mjs";
import { blobOf, download, upload } from "./transfers.mjs";

const BLOB_BYTES = 16;
const TRIES = 3;

export class Uploads {
  /**
   * @param {{post: Post, conversation: Conversation, change: function(function(Draft): *): Promise<*>,
   *   onProgress: function(Object<string, number>): void}} given `change`: runs on a draft and commits it
   */
  constructor(given) {
    Object.assign(this, given);
    this.progress = {};
    this.isBusy = false;
  }

  /** Uploads the first attachment that waits, then the next; does nothing while offline or busy. */
  async run() {
    if (this.isBusy || this.post.state !== "online") return;
    const next = this.conversation.inOrder.find(({ mine, kind, wire }) => mine && kind === "file" && wire === null);
    if (next === undefined) return;
    this.isBusy = true;
    const isDone = await this.#upload(next);
    this.isBusy = false;
    if (isDone) this.run();
  }

  /** @param {string} id of a message @returns {Promise<Blob>} kept here, or fetched, checked and kept */
  async fetch(id) {
    const { file, bytesOf = id } = this.conversation.messages.get(id) ?? {};
    if (file === undefined) throw new ChannelError("unknown");
    const kept = await this.conversation.vault.getBytes("file", bytesOf);
    if (kept !== null) return blobOf(kept, file.type);
    const bytes = await this.#download(id, file);
    await this.change((draft) => {
      draft.putFile(id, bytes);
      sayFetched(draft, id, Date.now());
    });
    this.post.blobDrop(file.blob).catch(() => {}); // it goes with the mailbox otherwise
    return blobOf(bytes, file.type);
  }

  // what the gateway does not have, or has otherwise than it was described, is asked for again
  async #download(id, file, triesLeft = TRIES) {
    try {
      return await download(this.post, file, (progress) => this.#show(id, progress));
    } catch (error) {
      if (error.code === "file" && triesLeft > 1) return this.#download(id, file, triesLeft - 1);
      if (!["file", "unknown"].includes(error.code)) throw error;
      await this.change((draft) => ask(draft, id, Date.now()));
      throw new ChannelError("asked");
    }
  }

  async #upload({ id, file, blob: broken, bytesOf = id }) {
    try {
      if (broken !== undefined) await this.#drop(broken);
      const blob = random(BLOB_BYTES);
      await this.change((draft) => draft.changeMessage(id, { blob })); // so that a broken one can be dropped, later too
      const bytes = await this.conversation.vault.getBytes("file", bytesOf);
      const sent = await upload(this.post, blob, new Blob([bytes]), (progress) => this.#show(id, progress));
      const wire = { kind: "file", content: { ...sent, name: file.name, type: file.type } };
      await this.change((draft) => draft.changeMessage(id, { wire }));
      return true;
    } catch {
      return false; // the line broke, or the gateway is full: again under a new key, at the next connection or tick
    }
  }

  async #drop(blob) {
    try {
      await this.post.blobDrop(blob);
    } catch (error) {
      if (error.code === "down") throw error; // else it is gone already
    }
  }

  #show(id, progress) {
    this.progress = { ...this.progress, [id]: progress };
    this.onProgress(this.progress);
  }
}
