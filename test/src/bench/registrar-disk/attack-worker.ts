import { parentPort, workerData } from 'node:worker_threads';
import { dictionaryAttack } from '../dictionary/attack';
import { Haystack } from '../dictionary/haystack';
import { guesses } from '../dictionary/national-ids';
import { type StrideTried, type ThreadShare } from './attack-threads';
import { keyedForms } from './keyed-forms';

/** A thread's part of the attack: every so many strides of the guesses, one after another. */
function tryOwnStrides({ parts, means, district, count, stride, first, step }: ThreadShare): void {
  const haystack = new Haystack(parts);
  const buffers = (values: readonly Uint8Array[]): readonly Buffer[] => values.map((value) => Buffer.from(value));
  const forms = keyedForms({ ...means, keys: buffers(means.keys), salts: buffers(means.salts) });
  for (let from = first * stride; from < count; from += step * stride) {
    const tried = Math.min(stride, count - from);
    const hits = dictionaryAttack(haystack, guesses(district, tried, from), forms);
    parentPort?.postMessage({ tried, hits } satisfies StrideTried);
  }
}

tryOwnStrides(workerData as ThreadShare);
