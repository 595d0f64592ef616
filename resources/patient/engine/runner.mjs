/**
 * The one tab that writes: takes frames, makes frames, keeps the connection.
 *
 * Everything that changes the conversation runs one after another in `#next`, each as one draft that is committed
 * before anything is sent.
 */
import { takeFrame } from "./incoming.mjs";
import { fetchNewer, keptOffice } from "./office.mjs";
import { flush, sendQuietly } from "./outgoing.mjs";
import { Post } from "./post.mjs";
import { Pump } from "./pump.mjs";
import { unb64 } from "./protocol/bytes.mjs";
import { ChannelError } from "./protocol/errors.mjs";
import { currentGeneration, freshChain } from "./protocol/session.mjs";
import { Uploads } from "./uploads.mjs";
import { Watch } from "./watch.mjs";

const ACK_AFTER_MS = 250;
const TICK_MS = 10000;
const OFFICE_MS = 6 * 3600000;

export class Runner {
  /**
   * @param {{conversation: Conversation, url: string, onChange: function(boolean): void}} given
   *   `onChange`: whether what is stored changed, or only what is live (the connection, an alarm, progress)
   */
  constructor({ conversation, url, onChange }) {
    this.conversation = conversation;
    this.onChange = onChange;
    this.office = keptOffice(conversation.notes.office);
    this.queue = Promise.resolve();
    this.watch = new Watch();
    this.live = { connection: "offline", refused: null, alarm: null, progress: {} };
    this.post = new Post({
      url,
      address: unb64(conversation.vault.address),
      signIn: () => this.#signIn(),
      onSignedIn: () => this.#onSignedIn(),
      onFrame: (frame) => this.#take(frame),
      onState: (connection) => this.#onConnection(connection),
      onRefused: (code) => this.#show({ refused: code }),
    });
    this.pump = new Pump({
      post: this.post,
      rows: () => this.conversation.rows,
      onStored: (row) => this.#onStored(row),
      onConflict: (row) => this.#onConflict(row),
    });
    this.uploads = new Uploads({
      post: this.post,
      conversation,
      change: (act) => this.change(act),
      onProgress: (progress) => this.#show({ progress }),
    });
  }

  start() {
    if (this.ticker !== undefined) return;
    this.ticker = setInterval(() => this.#tick(), TICK_MS);
    this.#attempt(() => {});
    this.refreshOffice();
    this.post.start();
  }

  stop() {
    clearInterval(this.ticker);
    clearTimeout(this.acking);
    this.pump.stop();
    this.post.stop();
  }

  /** Runs `act` on a draft after all that came before, commits it, then lets it leave. @returns what `act` returns */
  change(act) {
    return this.#next(async () => {
      const draft = this.conversation.draft();
      const result = act(draft);
      this.#flush(draft);
      await this.conversation.commit(draft);
      this.#settle();
      return result;
    });
  }

  async refreshOffice() {
    const found = await fetchNewer(this.office, Date.now());
    if (found.isOther) this.#show({ alarm: "changed" });
    if (found.office === undefined) return;
    this.office = found.office;
    if (this.live.alarm === "changed") this.#show({ alarm: null });
    await this.#attempt((draft) => draft.note({ office: found.kept }));
  }

  // when the papers name another office, nothing more is made for it until a person has compared the number
  #flush(draft) {
    if (this.live.alarm !== "changed") flush(draft, this.office, Date.now());
  }

  // on our own account: what cannot be stored now is tried again at the next tick
  async #attempt(act) {
    try {
      await this.change(act);
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
    }
  }

  #next(act) {
    const result = this.queue.then(act);
    this.queue = result.catch(() => {});
    return result;
  }

  // after a commit: send, acknowledge soon, upload what waits, tell who looks
  #settle() {
    this.#lookForGaps();
    this.pump.run();
    this.#ackSoon();
    this.uploads.run();
    this.onChange(true);
  }

  // until the gateway has said yes once, the claim is repeated: the same claim again is no second use of the link
  #signIn() {
    const { ownToken, inviteToken, isClaimed, openDoor } = this.conversation.notes;
    const { address } = this.post;
    if (isClaimed) return { address, token: ownToken };
    return openDoor ? { address, token: ownToken, open: true } : { address, token: inviteToken, claim: ownToken };
  }

  async #onSignedIn() {
    if (this.conversation.notes.isClaimed) return;
    await this.change((draft) => draft.note({ isClaimed: true, inviteToken: null }));
  }

  #onConnection(connection) {
    this.#show({ connection });
    if (connection !== "online") return;
    this.pump.restart();
    this.uploads.run();
  }

  #take(frame) {
    return this.#next(async () => {
      const draft = this.conversation.draft();
      let taken;
      try {
        taken = takeFrame(draft, frame, { office: this.office, nowMs: Date.now() });
        this.#flush(draft);
        confirm(draft);
      } catch (error) {
        if (!(error instanceof ChannelError)) throw error;
        return; // refused: dropped, nothing has changed
      }
      if (taken.isErased) {
        await this.#erase();
        return;
      }
      await this.conversation.commit(draft);
      if (taken.isNew) this.watch.onDesk(Date.now());
      this.#settle();
    });
  }

  async #erase() {
    this.stop();
    await this.conversation.vault.forget();
    this.#show({ refused: "erased" });
  }

  #ackSoon() {
    const { session } = this.conversation;
    if (!session?.owesAck || currentGeneration(session) === null || this.acking !== undefined) return;
    this.acking = setTimeout(() => {
      this.acking = undefined;
      if (this.conversation.session.owesAck) this.#attempt((draft) => sendQuietly(draft, "ack", {}, Date.now()));
    }, ACK_AFTER_MS);
  }

  // only the alarm of other papers is not ours to end
  #lookForGaps() {
    if (this.live.alarm === "changed") return;
    const alarm = this.watch.alarm(this.conversation.session, this.conversation.rows, Date.now());
    if (this.live.alarm !== alarm) this.#show({ alarm });
  }

  #onStored(row) {
    this.watch.onStored(row.key, Date.now());
    return this.#next(async () => {
      const isNews = (message) => message?.state === "waiting" && !message.isLost;
      const draft = this.conversation.draft();
      const news = row.ids.filter((id) => isNews(draft.messages.get(id)));
      if (news.length === 0) return;
      news.forEach((id) => draft.changeMessage(id, { state: "sent" }));
      await this.conversation.commit(draft);
      this.onChange(true);
    });
  }

  // Other bytes stand under this number: this profile was copied and both copies ran. The message goes in a new chain.
  #onConflict(row) {
    return this.change((draft) => {
      draft.dropRow(row.key);
      draft.session = freshChain(draft.session);
      row.ids.forEach((id) => draft.changeMessage(id, { carrier: null, state: "waiting" }));
    });
  }

  #tick() {
    const isOld = Date.now() - this.conversation.notes.office.atMs > OFFICE_MS;
    if (isOld || this.live.alarm === "changed") this.refreshOffice();
    this.#lookForGaps();
    this.uploads.run();
    this.#attempt(() => {}); // a new generation may be due
  }

  #show(changed) {
    this.live = { ...this.live, ...changed };
    this.onChange(false);
  }
}

// A desk sends in a generation only after our first frame in it: if nothing else went, say so at once.
function confirm(draft) {
  const generation = currentGeneration(draft.session);
  if (generation !== null && generation.prev === "") sendQuietly(draft, "ack", {}, Date.now());
}
