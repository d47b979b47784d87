import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';

/** The program that reads SQLite files, made of its source: no unit test needs what was built. */
export function readingProgram(folder: string): string {
  const { code } = transformSync(readFileSync(join(__dirname, 'sqlite-reading.ts'), 'utf8'), {
    loader: 'ts',
    format: 'cjs',
    target: 'node24',
  });
  const program = join(folder, 'sqlite-reading.cjs');
  writeFileSync(program, code);
  return program;
}
