/**
 * `npm run bench:pages`: how long a page of each sample takes as HTML and PDF, and how much memory beside what a process of the same program takes that
 * lays out nothing. Each is made in a process of its own, with nothing in any memory but the program, whose young generation is kept small (else the peak tells
 * when Node last cleared up). Time is the processor's, so that other work on the machine does not count. Ends with 1 above a second or 100 MB.
 */
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { htmlOf, layOut, readForDisplay } from '@lianyi/display';
import { pdfOf } from '@lianyi/display/pdf';
import { z } from 'zod';

const MOST_MILLIS = 1_000;
const MOST_BYTES = 100_000_000;
const EXAMPLES = join(__dirname, '../../../application');
const FORMATS = ['html', 'pdf'] as const;

const pageCost = z.object({ millis: z.number(), peakBytes: z.number(), writtenBytes: z.number() });
type PageCost = z.output<typeof pageCost>;

/** In the process of its own; no file: what the program takes by itself. */
async function costHere(format: string, file?: string): Promise<PageCost> {
  const begun = process.cpuUsage();
  let writtenBytes = 0;
  if (file !== undefined) {
    const document = readForDisplay(readFileSync(file));
    const page = layOut(document.resource, { ...document, language: file.includes('-en') ? 'en' : 'zh' });
    writtenBytes = format === 'html' ? Buffer.byteLength(htmlOf(page)) : (await pdfOf(page, new Date())).length;
  }
  const { user, system } = process.cpuUsage(begun);
  return { millis: (user + system) / 1_000, peakBytes: process.resourceUsage().maxRSS * 1024, writtenBytes };
}

function costOf(...call: readonly string[]): PageCost {
  const told: unknown = JSON.parse(
    execFileSync(process.execPath, ['--max-semi-space-size=4', __filename, '--one', ...call], { encoding: 'utf8' }),
  );
  return pageCost.parse(told);
}

function main(): boolean {
  const files = globSync(['examples/*-{zh,en}.json', 'display/src/samples/{,real/}*.json'], { cwd: EXAMPLES }).sort();
  const own = costOf('html').peakBytes;
  process.stdout.write(`The program by itself: ${(own / 1e6).toFixed(0)} MB. Of each page: time, memory beside that, bytes written.\n`);
  const costs = files.flatMap((file) =>
    FORMATS.map((format) => {
      const { millis, peakBytes, writtenBytes } = costOf(format, join(EXAMPLES, file));
      const more = Math.max(0, peakBytes - own);
      const cells = [`${millis.toFixed(0)} ms`, `${(more / 1e6).toFixed(0)} MB`, `${(writtenBytes / 1_000).toFixed(0)} kB`];
      process.stdout.write(
        `${basename(file, '.json').padEnd(24)} ${format.padEnd(4)} ${cells.map((each) => each.padStart(8)).join(' ')}\n`,
      );
      return { millis, more };
    }),
  );
  const [slowest, largest] = [Math.max(...costs.map(({ millis }) => millis)), Math.max(...costs.map(({ more }) => more))];
  process.stdout.write(`${files.length} documents; the most of one page: ${slowest.toFixed(0)} ms, ${(largest / 1e6).toFixed(0)} MB\n`);
  return files.length > 0 && slowest <= MOST_MILLIS && largest <= MOST_BYTES;
}

const [mode, format = '', file] = process.argv.slice(2);
if (mode === '--one') {
  void costHere(format, file).then((cost) => {
    process.stdout.write(JSON.stringify(cost));
  });
} else {
  process.exitCode = main() ? 0 : 1;
}
