import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Every regular file below a folder, depth first; build output and dependencies are not source. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return entry.isFile() ? [path] : []; // a running network has sockets, too
    return ['node_modules', 'dist', '.git', '.lianyi'].includes(entry.name) ? [] : filesBelow(path);
  });
}

export const isTypeScript = (file: string): boolean => file.endsWith('.ts');
