/**
 * The page's words: `texts/<language>.json`, a flat table with placeholders: {"leave": "Leave", "call": "Call {phone}"}.
 *
 * A key with forms ("days.one", "days.other") is chosen by the number `n` and the language's own rule.
 */

export const LANGUAGES = ["en", "es"];

export class Words {
  /** @param {string} language one of LANGUAGES @returns {Promise<Words>} */
  static async load(language) {
    const response = await fetch(`/texts/${language}.json`, { credentials: "omit" });
    if (!response.ok) throw new Error("texts");
    return new Words(language, await response.json());
  }

  constructor(language, table) {
    this.language = language;
    this.table = table;
    this.dir = table["page.dir"];
    const region = new Set(navigator.languages ?? []);
    this.locale = [...region].find((each) => each.split("-")[0] === language) ?? language;
    this.plural = new Intl.PluralRules(this.locale);
  }

  /** @param {string} key @param {Object<string, string|number>} [values] @returns {string} */
  t(key, values = {}) {
    let text = this.table[key];
    if (text === undefined && "n" in values) {
      text = this.table[`${key}.${this.plural.select(values.n)}`] ?? this.table[`${key}.other`];
    }
    if (text === undefined) throw new Error(`no words: ${key}`);
    return text.replace(/\{([a-z_]+)\}/g, (whole, name) => {
      const value = values[name];
      if (value === undefined) return whole;
      return typeof value === "number" ? value.toLocaleString(this.locale) : this.apart(value);
    });
  }

  /** @param {string} text of its own direction @returns {string} which the words around it do not turn over */
  apart(text) {
    return this.dir === "rtl" ? `\u2068${text}\u2069` : text;
  }

  /** @param {string} key @returns {boolean} */
  has(key) {
    return key in this.table;
  }

  /** @param {number} days @returns {string} "30 days", "6 months", "10 years": the way people say it */
  span(days) {
    if (days === 0) return this.t("span.none");
    if (days < 90) return this.t("span.days", { n: days });
    if (days < 730) return this.t("span.months", { n: Math.round(days / 30.4) });
    return this.t("span.years", { n: Math.round(days / 365.25) });
  }

  /** @param {number} ms @returns {string} "14:05" */
  clock(ms) {
    return dateOf(ms).toLocaleTimeString(this.locale, { hour: "numeric", minute: "2-digit" });
  }

  /** @param {number} ms @returns {string} "Today", "Yesterday", "Tuesday, 24 November" */
  day(ms, nowMs = Date.now()) {
    const gap = Math.round((midnight(nowMs) - midnight(ms)) / 86400000);
    if (gap === 0) return this.t("day.today");
    if (gap === 1) return this.t("day.yesterday");
    const year = dateOf(ms).getFullYear() === new Date(nowMs).getFullYear() ? {} : { year: "numeric" };
    return dateOf(ms).toLocaleDateString(this.locale, { weekday: "long", day: "numeric", month: "long", ...year });
  }

  /** @param {number} ms @returns {string} day and time, in full */
  moment(ms) {
    return dateOf(ms).toLocaleString(this.locale, { dateStyle: "long", timeStyle: "short" });
  }

  /** @param {number} bytes @returns {string} "340 KB", "2.1 MB" */
  size(bytes) {
    const isSmall = bytes < 1000000;
    const amount = isSmall ? Math.max(1, Math.round(bytes / 1000)) : bytes / 1000000;
    return this.apart(`${amount.toLocaleString(this.locale, { maximumFractionDigits: 1 })} ${isSmall ? "KB" : "MB"}`);
  }
}

const LAST_MS = 8.64e15; // the last moment that Date knows; a desk's clock may say anything

/** @param {number} ms from outside @returns {Date} */
export function dateOf(ms) {
  return new Date(Math.min(ms, LAST_MS));
}

/** @param {string|null} chosen @param {string[]} offered by the office @returns {string} one of LANGUAGES */
export function bestLanguage(chosen, offered = LANGUAGES) {
  const wished = [chosen, ...(navigator.languages ?? []).map((each) => each.split("-")[0].toLowerCase())];
  const possible = available(offered);
  return wished.find((each) => possible.includes(each)) ?? possible[0];
}

/** @param {string[]} offered by the office @returns {string[]} those that this page speaks */
export function available(offered) {
  const both = LANGUAGES.filter((each) => offered.includes(each));
  return both.length > 0 ? both : LANGUAGES;
}

function midnight(ms) {
  return dateOf(ms).setHours(12, 0, 0, 0); // noon: no clock change moves a day
}
