/** How long to wait before the next try: longer each time, never two browsers at once. */

const FIRST_MS = 500;
const LONGEST_MS = 60000;

export class Backoff {
  constructor() {
    this.tries = 0;
  }

  /** @returns {number} ms; between half and the whole of 0.5 s, 1 s, 2 s … 60 s */
  next() {
    const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.tries);
    this.tries += 1;
    return most / 2 + (Math.random() * most) / 2;
  }

  /** It worked: the next failure starts from the beginning. */
  reset() {
    this.tries = 0;
  }
}
