import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const program = /<!-- program: (\S+) -->\n+```(\w+)\n[\s\S]*?```\n+<!-- \/program -->/g;

/** Prints every `<!-- program: FILE -->` block of a page anew: what is read is what the tests run. */
export function reprintPrograms(page: string, root: string): string {
  return page.replace(
    program,
    (_block, file: string, language: string) =>
      `<!-- program: ${file} -->\n\n\`\`\`${language}\n${readFileSync(join(root, file), 'utf8')}\`\`\`\n\n<!-- /program -->`,
  );
}
