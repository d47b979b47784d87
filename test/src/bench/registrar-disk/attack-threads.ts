import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Hit } from '../dictionary/attack';
import { type Means } from './keyed-forms';

/** Guesses that a thread tries before it says so. */
const STRIDE = 100_000;

/** A dictionary attack with what somebody has. */
export interface ThreadedAttack {
  readonly parts: readonly Uint8Array[];
  readonly means: Means;
  readonly district: string;
  readonly count: number;
}

/** What one thread is given: the attack, and which of the strides are its own. */
export interface ThreadShare extends ThreadedAttack {
  readonly stride: number;
  readonly first: number;
  readonly step: number;
}

/** What a thread says after each of its strides. */
export interface StrideTried {
  readonly tried: number;
  readonly hits: readonly Hit[];
}

/** Tries the first so many guesses in every form, on each core a part of them. @param report called after each stride, with what all have tried */
export async function attackOnThreads(attack: ThreadedAttack, report: (tried: number, count: number) => void): Promise<readonly Hit[]> {
  const step = Math.min(availableParallelism(), Math.ceil(attack.count / STRIDE));
  const hits: Hit[] = [];
  let tried = 0;
  const take = (stride: StrideTried): void => {
    hits.push(...stride.hits);
    report((tried += stride.tried), attack.count);
  };
  await Promise.all(Array.from({ length: step }, (_none, first) => ended({ ...attack, stride: STRIDE, first, step }, take)));
  if (tried !== attack.count) throw new Error(`${tried} of ${attack.count} guesses were tried`);
  return hits;
}

function ended(share: ThreadShare, take: (stride: StrideTried) => void): Promise<void> {
  const worker = new Worker(require.resolve('./attack-worker'), { workerData: share });
  worker.on('message', take);
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`a thread of the attack ended with ${code}`));
    });
  });
}
