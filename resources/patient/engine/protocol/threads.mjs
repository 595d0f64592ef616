/**
 * How the frames of one sender hang together in a generation: what is missing, and what forks.
 *
 * Each chain of the other side keeps `frames`: number → list of [name, prev, when it came (Unix ms)], more than one
 * only where a sender exists twice, and `missing`: number → since when.
 * Source: channel.md §6.2.
 */

/** @param {object} generation @param {string} owner base64url @returns {Array} all frames of this sender */
function framesOf(generation, owner) {
  const chains = Object.values(generation.theirs).filter((chain) => chain.owner === owner);
  return chains.flatMap((chain) => Object.values(chain.frames).flat());
}

/**
 * @param {object} generation before the frame joined it @param {string} owner @param {string} prev "" for a first frame
 * @returns {boolean} another frame of this sender names the same frame before it
 */
export function forks(generation, owner, prev) {
  return framesOf(generation, owner).some(([, before]) => before === prev);
}

/** @param {object} state @returns {number|null} since when (Unix ms) something that was sent to us is missing */
export function gapSinceMs(state) {
  const since = state.generations.flatMap((generation) => {
    const chains = Object.values(generation.theirs);
    const owners = [...new Set(chains.map((chain) => chain.owner))];
    const numbers = chains.flatMap((chain) => Object.values(chain.missing));
    return [...numbers, ...owners.flatMap((owner) => awaited(framesOf(generation, owner)))];
  });
  return since.length === 0 ? null : Math.min(...since);
}

function awaited(frames) {
  const names = new Set(frames.map(([name]) => name));
  return frames.filter(([, prev]) => prev !== "" && !names.has(prev)).map(([, , atMs]) => atMs);
}
