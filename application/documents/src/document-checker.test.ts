import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { DocumentChecker } from './document-checker';

/** The thread itself is the built package's (test/src/scenario/story/document-cases.ts); here another stands in, as each test says. */
function checkerWith(program: string, options: { readonly limitMillis?: number } = {}): DocumentChecker {
  const workerFile = join(scratchDirectory(), 'worker.cjs');
  writeFileSync(workerFile, `const { parentPort, workerData } = require('node:worker_threads');\n${program}`);
  return new DocumentChecker({ maxBytes: 1_000_000, workerFile, ...options });
}

const large = Buffer.alloc(100_000, 0x20);
const small = Buffer.from('{"resourceType":"Patient","active":true}');

describe('the checker of documents', () => {
  it('checks a small document at once, without a thread', async () => {
    const checker = checkerWith(`throw new Error('not this one');`);
    expect(await checker.check(small)).toMatchObject({ class: 'administrative', bytes: small });
  });

  it('refuses what is over the limit without looking at it', async () => {
    const checker = checkerWith(`throw new Error('not this one');`);
    await expect(checker.check(Buffer.alloc(1_000_001))).rejects.toMatchObject({ code: 'DOCUMENT_TOO_LARGE' });
  });

  it('gives a large one to a thread, and its very bytes back', async () => {
    const checker = checkerWith(`parentPort.postMessage({ labels: { class: 'history', size: workerData.bytes.length } });`);
    const checked = await checker.check(large);
    expect(checked).toMatchObject({ class: 'history', size: large.length });
    expect(checked.bytes).toBe(large);
  });

  it('hands on a refusal with its code, message and place', async () => {
    const refusal = { code: 'DOCUMENT_NOT_FHIR', message: 'not FHIR', details: { path: 'Bundle.entry[3]' } };
    const checker = checkerWith(`parentPort.postMessage(${JSON.stringify({ refusal })});`);
    await expect(checker.check(large)).rejects.toMatchObject(refusal);
  });

  it.each([
    ['fails', `throw new Error('broken');`, 'broken'],
    ['ends without an answer', `process.exit(3);`, 'ended with 3'],
  ])('fails when the thread %s', async (_how, program, message) => {
    await expect(checkerWith(program).check(large)).rejects.toThrow(message);
  });

  it('ends a thread that takes too long', async () => {
    const checker = checkerWith(`for (;;);`, { limitMillis: 200 });
    await expect(checker.check(large)).rejects.toMatchObject({ code: 'DOCUMENT_TOO_LARGE' });
  });

  it('lets the event loop run meanwhile, and two threads at a time', async () => {
    const checker = checkerWith(`
      const until = Date.now() + 300;
      while (Date.now() < until);
      parentPort.postMessage({ labels: { from: until - 300, until } });`);
    let turns = 0;
    const turning = setInterval(() => (turns += 1), 10);
    const spans = (await Promise.all([1, 2, 3].map(() => checker.check(large)))) as unknown as { from: number; until: number }[]; // what the stand-in answers
    clearInterval(turning);
    expect(turns).toBeGreaterThan(0);
    const [first, second, third] = [...spans].sort((one, other) => one.from - other.from);
    expect(third?.from).toBeGreaterThanOrEqual(Math.min(first?.until ?? Infinity, second?.until ?? Infinity));
  });
});
