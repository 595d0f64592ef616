/** A file in a bubble: how far it is, a look at a picture inside the page, saving it. Nothing opens by itself. */
import { PICTURES } from "./attaching.mjs";
import { h, say } from "./dom.mjs";
import { icon } from "./icons.mjs";
import { safeName, saveBlob } from "./saving.mjs";
import { openSheet } from "./sheet.mjs";

export class FilePart {
  /** @param {object} app @param {object} message with a file */
  constructor(app, message) {
    this.app = app;
    this.message = message;
    this.key = null;
    const { words } = app;
    const { name, type, size } = message.file;
    this.isPicture = PICTURES.includes(type);
    this.bar = h("progress", { max: 1, "aria-label": words.t("file.progress"), hidden: true });
    this.problem = h("p.failed", { role: "alert" });
    this.look = h("button.file-do", { type: "button", onclick: () => this.#open() }, words.t(this.isPicture ? "file.show" : "file.get"));
    this.again = h("button.file-do", { type: "button", hidden: true, onclick: () => this.#sendAgain() }, words.t("file.again"));
    this.thumb = h("div.thumb", { hidden: true });
    this.element = h(
      "div.file",
      {},
      this.thumb,
      h("div.file-line", {}, icon(this.isPicture ? "picture" : "paper", 22), h("span", {}, h("span.file-name", { dir: "auto" }, safeName(name)), h("span.file-size", {}, words.size(size)))),
      this.bar,
      this.problem,
      this.again,
      this.look,
    );
  }

  update(message) {
    this.message = message;
    const { progress, is_lost: isLost = false, is_asked: isAsked = false } = message.file;
    const isMoving = (message.mine && progress < 1) || this.isFetching;
    this.bar.hidden = !isMoving;
    this.bar.value = progress;
    this.again.hidden = !isLost || isMoving;
    this.look.hidden = isMoving || isLost || isAsked;
    this.#told(isLost ? "file.lost" : isAsked ? "file.asked" : null);
  }

  // what the file's own state says; what went wrong at a press stays until the next
  #told(key) {
    if (this.key === key) return;
    this.key = key;
    this.problem.classList.toggle("is-calm", key === "file.asked"); // nothing that the person did or has to do
    say(this.problem, key === null ? "" : this.app.words.t(key));
  }

  async #sendAgain() {
    try {
      await this.app.engine.send_again(this.message.id);
      document.getElementById("writing")?.focus(); // another row stands in the place of this one
    } catch {
      say(this.problem, this.app.words.t("sheet.failed"));
    }
  }

  close() {
    if (this.url) URL.revokeObjectURL(this.url);
  }

  async #open() {
    const { words, engine } = this.app;
    if (this.url && this.isPicture) return this.#show();
    this.isFetching = true;
    if (this.key === null) say(this.problem, "");
    this.update(this.message);
    try {
      const blob = await engine.fetch(this.message.id);
      if (PICTURES.includes(blob.type)) this.#keep(blob);
      else saveBlob(blob, this.message.file.name);
    } catch (error) {
      if (error.code !== "asked") say(this.problem, words.t("file.failed"));
    }
    this.isFetching = false;
    this.update(this.message);
    return undefined;
  }

  #keep(blob) {
    this.blob = blob;
    this.url = URL.createObjectURL(blob);
    const { words } = this.app;
    const image = h("img", { src: this.url, alt: words.t("file.picture_alt", { name: safeName(this.message.file.name) }) });
    this.thumb.replaceChildren(h("button.thumb-button", { type: "button", onclick: () => this.#show() }, image));
    this.thumb.hidden = false;
    say(this.look, words.t("file.larger"));
    this.thumb.firstChild.focus();
  }

  #show() {
    const { words } = this.app;
    openSheet(
      { words, title: safeName(this.message.file.name), tone: "picture" },
      h("img.full", { src: this.url, alt: words.t("file.picture_alt", { name: safeName(this.message.file.name) }) }),
      h("div.actions", {}, h("button.button.is-plain", { type: "button", onclick: () => saveBlob(this.blob, this.message.file.name) }, icon("save"), words.t("file.save"))),
    );
  }
}
