import { existsSync, readFileSync } from 'node:fs';
import { generatedPages } from '../docs/generate';

describe('generated pages', () => {
  it.each(generatedPages().map((page) => [page.path.split('/').slice(-2).join('/'), page] as const))(
    '%s is what the code says (`npm run docs` prints it)',
    (name, { path, text }) => {
      const isCurrent = existsSync(path) && readFileSync(path, 'utf8') === text;
      // the difference would read backwards: what is new as expected, what is old as received; `git diff` after the command shows it
      expect(isCurrent ? 'current' : `${name} is stale: npm run docs`).toBe('current');
    },
  );
});
