import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A disk of a few megabytes at a folder, to be filled; Linux lets only root mount one. */
export class SmallDisk {
  private constructor(readonly folder: string) {}

  /** Undefined where this system lets nobody mount one; the reason is printed. */
  static mount(folder: string, kibibytes: number, options = ''): SmallDisk | undefined {
    mkdirSync(folder, { recursive: true });
    const size = [`size=${kibibytes}k`, options].filter((each) => each !== '').join(',');
    const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', folder], { encoding: 'utf8' });
    if (status === 0) return new SmallDisk(folder);
    process.stderr.write(`skipped: no small disk can be mounted here (${error?.message ?? stderr.trim()})\n`);
    return undefined;
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.folder);
    return bavail * bsize;
  }

  /** Leaves so much room and no more. @returns how to give the rest back */
  fill(leftBytes = 0): () => void {
    const filler = join(this.folder, 'filler');
    writeFileSync(filler, Buffer.alloc(Math.max(0, this.freeBytes - leftBytes)));
    return () => {
      rmSync(filler);
    };
  }

  unmount(): void {
    spawnSync('umount', [this.folder]);
  }
}
