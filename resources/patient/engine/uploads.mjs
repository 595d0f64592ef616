/** Attachments of a conversation: one upload at a time, downloads when asked; progress is shown, never stored. */
import { random } from "./protocol/bytes.mjs";
import { ChannelError } from "./protocol/errors.mjs";
import { blobOf, download, upload } from "./transfers.mjs";

const BLOB_BYTES = 16;

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
    const file = this.conversation.messages.get(id)?.file;
    if (file === undefined) throw new ChannelError("unknown");
    const kept = await this.conversation.vault.getBytes("file", id);
    if (kept !== null) return blobOf(kept, file.type);
    const bytes = await download(this.post, file, (progress) => this.#show(id, progress));
    await this.change((draft) => draft.putFile(id, bytes));
    this.post.blobDrop(file.blob).catch(() => {}); // it goes with the mailbox otherwise
    return blobOf(bytes, file.type);
  }

  async #upload({ id, file, blob: broken }) {
    try {
      if (broken !== undefined) await this.#drop(broken);
      const blob = random(BLOB_BYTES);
      await this.change((draft) => draft.changeMessage(id, { blob })); // so that a broken one can be dropped, later too
      const bytes = await this.conversation.vault.getBytes("file", id);
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
