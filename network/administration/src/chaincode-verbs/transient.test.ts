import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTransient } from './transient';

describe('transient values of a command line', () => {
  const dir = mkdtempSync(join(tmpdir(), 'lianyi-transient-'));
  const file = join(dir, 'value');

  beforeAll(() => {
    writeFileSync(file, Buffer.from([0, 255, 10]));
  });
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it('are the bytes of files', () => {
    expect([...readTransient([`a=@${file}`, `b=@${file}`]).keys()]).toEqual(['a', 'b']);
    expect(readTransient([`a=@${file}`]).get('a')).toEqual(Buffer.from([0, 255, 10]));
  });

  it.each(['value=hunter2', '=@hunter2', 'hunter2', 'a=@'])('are never given themselves: %s', (option) => {
    expect(() => readTransient([option])).toThrow(/KEY=@FILE/);
    expect(() => readTransient([option])).not.toThrow(/hunter2/);
  });

  it('are not repeated where there is no such file', () => {
    expect(() => readTransient(['value=@hunter2'])).toThrow(/there is no file at the path given for the transient value value/);
    expect(() => readTransient(['value=@hunter2'])).not.toThrow(/hunter2/);
  });

  it('are refused twice, from a folder, and from standard input for two', () => {
    expect(() => readTransient([`a=@${file}`, `a=@${file}`])).toThrow(/given twice/);
    expect(() => readTransient([`a=@${dir}`])).toThrow(/there is no file/);
  });
});
