// When each boundary of a workload resolves. A yield is a turn of the event loop.

import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";

export const SIBLINGS = 10;
export const LEVELS = 4;
export const PARAGRAPHS = 1000;

const STAGGERED = [50, 20, 80, 10, 120, 35, 65, 95, 5, 150];

export async function yields(count) {
  for (let i = 0; i < count; i++) await turn();
}

export const yieldsOf = (i) => 1 + (i % 7);

export const parked = (i) => sleep(25_000 + 400 * i);

/** Resolves with the time on CLOCK_MONOTONIC in nanoseconds. */
export async function staggered(i) {
  await sleep(STAGGERED[i]);
  return process.hrtime.bigint();
}

export const tick = () => sleep(5);
