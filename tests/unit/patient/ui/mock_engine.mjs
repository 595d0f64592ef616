/**
 * Stands in for the engine in tests of the screens: the state is what the test says, and every call is written down.
 * `window.mock.set({...})` changes the state; `window.mock.calls` are [name, …args]; `window.mock.fails = name` makes one fail.
 */
const OFFICES = {
  clinic: {
    name: "Linden Street Family Practice", sector: "clinic", country: "us", phone: "+1 555 010 0142", emergency: ["911"],
    who: "The reception of Linden Street Family Practice. Dr. Amara Lindqvist's team.", keeps_days: 3650, assistant: true,
    languages: ["en", "es"], withdraw: "Call us at +1 555 010 0142 or write to 12 Linden Street. You need no reason.",
  },
  law: {
    name: "Marsh & Okafor, Attorneys at Law", sector: "law", country: "us", phone: "+1 555 010 0177", emergency: ["911"],
    who: "The front desk of Marsh & Okafor.", keeps_days: 2190, assistant: true, languages: ["en", "es"],
    withdraw: "Call us at +1 555 010 0177 or hand in a note at the desk.",
  },
};
const EMPTY = {
  stage: "loading", reason: null, office: null, notice_version: 0, messages: [], connection: "offline", assistant: false,
  has_pin: false, safety: "", receipt: null, alarm: null, is_erase_asked: false, draft: "",
};

class Mock {
  constructor() {
    this.state = EMPTY;
    this.calls = [];
    this.listeners = new Set();
    this.fails = null;
    this.agreedTo = 3;
    this.offices = OFFICES;
    this.pins = { right: "654321", wait_ms: 0 };
  }

  set(change) {
    this.state = { ...this.state, ...change };
    for (const listener of [...this.listeners]) listener(this.state);
  }

  add(message) {
    this.set({ messages: [...this.state.messages, message] });
  }

  called(name, ...args) {
    this.calls.push([name, ...args]);
    if (this.fails !== name) return;
    const error = new Error("refused");
    error.code = "refused";
    throw error;
  }
}

const mock = new Mock();
globalThis.mock = mock;

function say(kind, text, more = {}) {
  mock.add({ id: `own-${mock.state.messages.length}`, mine: true, kind, text, at_ms: Date.now(), state: "waiting", ...more });
}

export class Engine {
  static async open() {
    const kept = JSON.parse(sessionStorage.getItem("mock") ?? "{}");
    await new Promise((done) => { setTimeout(done, kept.open_ms ?? 0); });
    const { office: name = "clinic", languages, ...more } = kept;
    const office = name && { ...mock.offices[name], ...(languages ? { languages } : {}) };
    mock.state = { ...EMPTY, stage: "notice", notice_version: 3, office, connection: "online", ...more };
    return new Engine();
  }

  subscribe(listener) {
    mock.listeners.add(listener);
    listener(mock.state);
    return () => mock.listeners.delete(listener);
  }

  async consent(given) {
    mock.called("consent", given);
    mock.agreedTo = mock.state.notice_version;
    mock.set({ stage: "chat", assistant: given.assistant, safety: "01234 56789 13579 24680 11223 34455 66778 89900", receipt: { receipt: "cmVjZWlwdA", sig: "c2ln", countersigned: "Y28" } });
  }

  async set_assistant(on) {
    mock.called("set_assistant", on);
    mock.set({ assistant: on });
    say("event", on ? "assistant_on" : "assistant_off");
  }

  async send(text) {
    mock.called("send", text);
    say("text", text);
  }

  async attach(file) {
    mock.called("attach", file.name, file.size);
    say("file", "", { file: { name: file.name, type: file.type, size: file.size, progress: 0.4 } });
  }

  async send_again(id) { mock.called("send_again", id); }

  async fetch(id) {
    mock.called("fetch", id);
    return (await globalThis.fetch("/test/picture.png")).blob();
  }

  async read_up_to(id) { mock.called("read_up_to", id); }
  async set_draft(text) { mock.called("set_draft", text); }
  async set_pin(pin) { mock.called("set_pin", pin); mock.set({ has_pin: pin !== null }); }
  async end() { mock.called("end"); mock.set({ stage: "ended" }); }
  async ask_erase() { mock.called("ask_erase"); mock.set({ is_erase_asked: true }); say("event", "erase_asked"); }
  async forget() { mock.called("forget"); mock.set({ ...EMPTY, stage: "no_link", reason: "forgotten" }); }
  async dismiss_alarm() { mock.called("dismiss_alarm"); mock.set({ alarm: null }); }
  close() { mock.called("close"); }

  async unlock(pin) {
    mock.called("unlock", pin);
    if (pin !== mock.pins.right) return { ok: false, wait_ms: mock.pins.wait_ms };
    mock.set({ stage: "chat" });
    return { ok: true, wait_ms: 0 };
  }

  async receipt_check() {
    mock.called("receipt_check");
    const isCountersigned = mock.state.receipt?.countersigned !== null;
    return { ok: true, is_signed: true, is_countersigned: isCountersigned, receipt: { notice_version: mock.agreedTo, language: "en", assistant: true, at_ms: 1795000000000 } };
  }
}
