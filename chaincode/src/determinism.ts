/**
 * What the bundle puts in the place of `Date` and `Math` in every file of ours (build.cjs): the same, without what differs between
 * endorsers. The process's own globals stay, because gRPC and the shim's logger live on them.
 */

const RealDate = globalThis.Date;

function refuse(what: string): never {
  throw new Error(`${what} differs between endorsers`);
}

class DeterministicDate extends RealDate {
  constructor(...time: [] | [number | string | Date]) {
    super(time.length === 0 ? refuse('new Date()') : time[0]);
  }

  static override now(): number {
    return refuse('Date.now()');
  }
}

const deterministicMath: typeof globalThis.Math = Object.create(globalThis.Math, {
  random: { value: () => refuse('Math.random()') },
  // Object.create is typed as any; Math is an object without constructor, and this one inherits all of it
}) as typeof globalThis.Math;

export { DeterministicDate as Date, deterministicMath as Math };
