import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { DemoKept, newKeptDir, newRunDir, setAsideKeptDir } from './run-dir';

/** No process has it: the highest that Linux gives is 4194304. */
const NOBODY = 4_194_305;

describe('the folder of a kept demo', () => {
  it('is the one that the command line looks into by itself', () => {
    const root = scratchDirectory();
    expect(newKeptDir(root)).toBe(join(root, '.lianyi', 'demo'));
  });

  it('is never replaced: neither by another kept demo nor by what sweeps ended runs', () => {
    const root = scratchDirectory();
    const ledger = join(newKeptDir(root), 'ledger');
    writeFileSync(ledger, 'kept');
    expect(() => newKeptDir(root)).toThrow(DemoKept);
    newRunDir(root, 'demo');
    newRunDir(root, 'bench');
    expect(readFileSync(ledger, 'utf8')).toBe('kept');
  });

  it('is taken when it is there and empty', () => {
    const root = scratchDirectory();
    newKeptDir(root);
    expect(newKeptDir(root)).toBe(join(root, '.lianyi', 'demo'));
  });

  it('makes room for the next when its story failed, and stays for its logs until a later run', () => {
    const root = scratchDirectory();
    writeFileSync(join(newKeptDir(root), 'log'), 'why');
    const aside = setAsideKeptDir(root);
    expect(readFileSync(join(aside, 'log'), 'utf8')).toBe('why');
    expect(newKeptDir(root)).toBe(join(root, '.lianyi', 'demo'));
    expect(readFileSync(join(aside, 'log'), 'utf8')).toBe('why');
  });

  it('is no run of a process that has ended: that one goes', () => {
    const root = scratchDirectory();
    const ended = join(root, '.lianyi', `demo-${NOBODY}`);
    mkdirSync(ended, { recursive: true });
    newRunDir(root, 'demo');
    expect(existsSync(ended)).toBe(false);
  });
});
