import type { Span } from "./inputs";

/** Numbers that look drawn by lot and are the same at every run (mulberry32). */
export function drawer(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A second out of a span. */
export function within([least, most]: Span, draw: () => number): number {
  return least + (most - least) * draw();
}

/** Moments of arrivals, in seconds, until an end: each as likely in any second as in another (Poisson). */
export function arrivals(perMinute: number, seconds: number, draw: () => number): number[] {
  const moments: number[] = [];
  for (let at = 0; ;) {
    at += (-Math.log(1 - draw()) * 60) / perMinute;
    if (at >= seconds) return moments;
    moments.push(at);
  }
}

/** The value that a share of all does not exceed (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}
