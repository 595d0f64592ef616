/**
 * Does a text hold one of the office's emergency phrases? It only ever warns: no hit means "nothing of the list was
 * found", never "not urgent". The desk looks again with the whole list and with misspellings (app/domain/interlock.py).
 *
 * Lists: phrases/<sector>.<language>.json, made from resources/phrases by packaging/patient/renew.py:
 * {"v":1,"crisis":{country:number},"phrases":[[kind, gap, slots, any order?], …]}; a slot is "cant|cannot", words folded.
 */

const PARTS = /[\s\p{P}\p{Z}\p{S}]+/u;

/** @param {string} text @returns {string[]} words without case, accents, apostrophes and doubled letters */
export function folded(text) {
  const plain = text.normalize("NFKD").replace(/[\p{M}\p{Cf}'’‘ʼ´`′]/gu, "").toLowerCase();
  return plain.split(PARTS).filter((word) => word !== "").map((word) => word.replace(/([a-z])\1+/g, "$1"));
}

export class PhraseList {
  /** @param {string} sector @param {string[]} languages @returns {Promise<PhraseList>} empty where nothing can be had */
  static async load(sector, languages) {
    const lists = await Promise.all(languages.map((language) => fetchList(`/phrases/${sector}.${language}.json`)));
    return new PhraseList(lists.filter((list) => list !== null));
  }

  /** @param {{crisis: object, phrases: Array}[]} lists */
  constructor(lists) {
    this.crisis = lists[0]?.crisis ?? {};
    this.phrases = lists.flatMap(({ phrases }) => phrases.flatMap(variants));
  }

  /** @param {string} text @returns {string|null} the kind of the first phrase that stands in it */
  find(text) {
    const words = folded(text);
    return this.phrases.find(({ gap, slots }) => stands(words, slots, gap))?.kind ?? null;
  }

  /** @param {string} country @returns {string|null} whom to call when life feels unbearable */
  crisisNumber(country) {
    return this.crisis[country.toLowerCase()] ?? null;
  }
}

// is there a place for each slot, with at most `gap` other words between one and the next?
function stands(words, slots, gap) {
  const from = (slot, least, most) => {
    if (slot === slots.length) return true;
    for (let place = least; place <= Math.min(most, words.length - 1); place += 1) {
      const used = slots[slot].find((way) => way.every((word, step) => words[place + step] === word));
      if (used !== undefined && from(slot + 1, place + used.length, place + used.length + gap)) return true;
    }
    return false;
  };
  return from(0, 0, words.length - 1);
}

// a phrase as sequences of slots; a slot: the ways to say it, each a sequence of words
function variants([kind, gap, slots, inAnyOrder]) {
  const ways = slots.map((slot) => slot.split("|").map((way) => way.split("_")));
  return (inAnyOrder ? orders(ways) : [ways]).map((order) => ({ kind, gap, slots: order }));
}

function orders(items) {
  if (items.length < 2) return [items];
  return items.flatMap((item, place) => orders(without(items, place)).map((rest) => [item, ...rest]));
}

function without(items, place) {
  return [...items.slice(0, place), ...items.slice(place + 1)];
}

async function fetchList(url) {
  try {
    const response = await fetch(url, { credentials: "omit" });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
