import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockHolder, releaseLock, takeLock } from './process-lock';
import { markOfProcess } from './process-mark';

describe('the lock of a network', () => {
  const dir = mkdtempSync(join(tmpdir(), 'lianyi-lock-'));
  const path = join(dir, 'lock');

  afterEach(() => {
    rmSync(path, { force: true });
  });
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it('is held by one only, and leaves nothing else', () => {
    expect(lockHolder(path)).toBeUndefined();
    expect(takeLock(path)).toBe(true);
    expect(takeLock(path)).toBe(false);
    expect(lockHolder(path)).toMatchObject({ pid: process.pid });
    expect(readdirSync(dir)).toEqual(['lock']);
    releaseLock(path);
    expect(takeLock(path)).toBe(true);
  });

  it("is not taken from a process that runs, and is from one that is gone or whose number is another's now", () => {
    const held = JSON.stringify({ pid: process.ppid, mark: markOfProcess(process.ppid) });
    writeFileSync(path, held);
    expect(takeLock(path)).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe(held);
    for (const dead of [JSON.stringify({ pid: process.ppid, mark: 'an earlier one' }), '{"pid":', '']) {
      writeFileSync(path, dead);
      expect(takeLock(path)).toBe(true);
      expect(lockHolder(path)?.pid).toBe(process.pid);
    }
    expect(readdirSync(dir)).toEqual(['lock']);
  });
});
