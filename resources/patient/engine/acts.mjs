/** What the writing tab carries out, for itself and for the other tabs. Arguments and results can be cloned. */
import { dropFragment } from "./arrival.mjs";
import { makeReceipt } from "./protocol/receipts.mjs";

const event = (text, kind, content = {}) => ({ kind: "event", text, wire: { kind, content } });

export const ACTS = Object.freeze({
  consent: ({ conversation, runner, office }, assistant, language, shown) => {
    const sign = (draft) => {
      const receipt = receiptOf(draft, office, { assistant, language, shown });
      draft.note({ assistant, countersigned: null, receipt });
    };
    if (conversation.notes.receipt !== null) return runner.consentAgain(sign);
    dropFragment();
    globalThis.navigator.storage?.persist?.().catch(() => {}); // a wish: the browser may still clear what is kept
    return runner.change(sign).then(() => runner.start());
  },
  set_assistant: ({ runner }, on) => {
    const message = on ? event("assistant_on", "assistant", { on }) : event("assistant_off", "withdraw");
    return runner.say(message, { assistant: on });
  },
  send: ({ runner }, text, id) => runner.say({ id, kind: "text", text, wire: { kind: "text", content: { text } } }),
  attach: ({ runner }, file, id) => runner.attach(file, id),
  fetch: ({ runner }, id) => runner.uploads.fetch(id),
  read_up_to: ({ runner }, id) => runner.readUpTo(id),
  set_pin: async ({ vault, runner }, pin) => {
    await vault.setPin(pin, Date.now());
    await runner.change(() => {}); // tells the other tabs
  },
  end: ({ runner }) => runner.say(event("ended", "end"), { endedBy: "me" }),
  ask_erase: ({ runner }) => runner.say(event("erase_asked", "erase"), { isEraseAsked: true }),
  forget: async (engine) => {
    engine.runner.stop();
    await engine.vault.forget();
    engine.leaveForgotten();
  },
  dismiss_alarm: ({ runner }) => runner.change((draft) => draft.note({ alarm: null })),
});

function receiptOf({ session }, office, { assistant, language, shown }) {
  const { officeId, noticeDigest, notice } = office;
  const papers = { office: officeId, notice: noticeDigest, noticeVersion: notice.version };
  const given = { ...papers, language, shown, assistant, address: session.address, atMs: Date.now() };
  return makeReceipt(given, session.sign.privateKey);
}
