import { existsSync, readFileSync } from 'node:fs';
import { generatedPages } from '../docs/generate';

describe('generated pages', () => {
  it.each(generatedPages().map((page) => [page.path.split('/').slice(-2).join('/'), page] as const))(
    '%s is what the code says (`npm run docs` prints it)',
    (_name, page) => {
      expect(existsSync(page.path) ? readFileSync(page.path, 'utf8') : '').toBe(page.text);
    },
  );
});
