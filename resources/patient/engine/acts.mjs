/** What the writing tab carries out, for itself and for the other tabs. Arguments and results can be cloned. */
import { dropFragment } from "./arrival.mjs";
import { wishedAgain } from "./attached.mjs";
import { compose, sendQuietly } from "./outgoing.mjs";
import { makeReceipt } from "./protocol/receipts.mjs";
import { currentGeneration } from "./protocol/session.mjs";
import { describe } from "./transfers.mjs";

export const ACTS = Object.freeze({
  consent: async ({ conversation, runner, office }, assistant, language, shown) => {
    const isFirst = conversation.notes.receipt === null;
    await runner.change((draft) => {
      const receipt = receiptOf(draft, office, { assistant, language, shown });
      draft.note({ assistant, countersigned: null, receipt });
      if (!isFirst) compose(draft, event("consented", "consent", { receipt }), Date.now());
    });
    if (!isFirst) return;
    dropFragment();
    globalThis.navigator.storage?.persist?.().catch(() => {}); // a wish: the browser may still clear what is kept
    runner.start();
  },
  set_assistant: ({ runner }, on) => {
    const message = on ? event("assistant_on", "assistant", { on }) : event("assistant_off", "withdraw");
    return say(runner, message, { assistant: on });
  },
  send: ({ runner }, text, id) => say(runner, { id, kind: "text", text, wire: { kind: "text", content: { text } } }),
  attach: async ({ runner }, file, id) => {
    const described = describe(file);
    const bytes = new Uint8Array(await file.arrayBuffer());
    return runner.change((draft) => {
      draft.putFile(id, bytes);
      return compose(draft, { id, kind: "file", wire: null, file: described }, Date.now());
    });
  },
  send_again: ({ runner }, id) => runner.change((draft) => wishedAgain(draft, id)),
  fetch: ({ runner }, id) => runner.uploads.fetch(id),
  read_up_to: async ({ conversation, runner }, id) => {
    const message = conversation.messages.get(id);
    if (message === undefined || message.mine || message.order <= conversation.notes.readTo) return;
    if (currentGeneration(conversation.session) === null) return;
    await runner.change((draft) => {
      draft.note({ readTo: message.order });
      // first that it arrived: a desk must not hear of the reading before
      if (draft.session.owesAck) sendQuietly(draft, "ack", {}, Date.now());
      sendQuietly(draft, "read", { up_to: id }, Date.now());
    });
  },
  set_pin: async ({ vault, runner }, pin) => {
    await vault.setPin(pin, Date.now());
    await runner.change(() => {}); // tells the other tabs
  },
  end: ({ runner }) => say(runner, event("ended", "end"), { endedBy: "me" }),
  ask_erase: ({ runner }) => say(runner, event("erase_asked", "erase"), { isEraseAsked: true }),
  forget: async (engine) => {
    engine.runner.stop();
    await engine.vault.forget();
    engine.leaveForgotten();
  },
  dismiss_alarm: ({ runner }) => runner.change((draft) => draft.note({ alarm: null })),
});

function event(text, kind, content = {}) {
  return { kind: "event", text, wire: { kind, content } };
}

// a message, and the notes that change with it, in one transaction
function say(runner, message, notes = {}) {
  return runner.change((draft) => {
    draft.note(notes);
    return compose(draft, message, Date.now());
  });
}

function receiptOf({ session }, office, { assistant, language, shown }) {
  const { officeId, noticeDigest, notice } = office;
  const papers = { office: officeId, notice: noticeDigest, noticeVersion: notice.version };
  const given = { ...papers, language, shown, assistant, address: session.address, atMs: Date.now() };
  return makeReceipt(given, session.sign.privateKey);
}
