/**
 * What this end can tell of a gateway that loses or keeps back: that a frame of the desk is missing, and that a desk
 * which is there and speaks does not have a message of ours.
 *
 * Silence alone tells nothing, because a closed office is silent too; so both need something that did come. What is
 * told here ends by itself as soon as the frames come. Source: channel.md §6.2, decision 0032.
 */
import { gapSinceMs } from "./protocol/threads.mjs";

const PATIENCE_MS = 30000;

export class Watch {
  constructor() {
    // key of an outbox row → {sinceMs: the gateway took it, spokeMs: a desk spoke long after}
    this.stored = new Map();
  }

  /** The gateway says that it holds this row. */
  onStored(key, nowMs) {
    if (!this.stored.has(key)) this.stored.set(key, { sinceMs: nowMs, spokeMs: null });
  }

  /** A frame of a desk came that had not come before. */
  onDesk(nowMs) {
    for (const seen of this.stored.values()) {
      if (nowMs - seen.sinceMs > PATIENCE_MS) seen.spokeMs ??= nowMs;
    }
  }

  /**
   * @param {object|null} session @param {object[]} rows of the outbox: what no desk has named yet
   * @returns {null|"gap"|"withheld"}
   */
  alarm(session, rows, nowMs) {
    const isLate = (sinceMs) => sinceMs !== null && nowMs - sinceMs > PATIENCE_MS;
    const waiting = new Map(rows.map((row) => [row.key, row]));
    for (const key of [...this.stored.keys()]) if (!waiting.has(key)) this.stored.delete(key);
    if (session !== null && isLate(gapSinceMs(session))) return "gap";
    // an answer may have been on its way when ours went: only what stays so is told
    const spokeMs = ({ key }) => this.stored.get(key)?.spokeMs ?? null;
    const isKept = (row) => !row.isHello && row.ids.length > 0 && isLate(spokeMs(row));
    return rows.some(isKept) ? "withheld" : null;
  }
}
