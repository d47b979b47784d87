import { Journal } from './journal';

// A program that keeps messages as fast as it can, and says of each that it is kept: only after it is. It is killed in the middle of that.
const [file = ''] = process.argv.slice(2);
const journal = new Journal(file);
const LENGTHS = [1, 100, 20_000];

async function keepFor(sender: number): Promise<never> {
  for (let at = 0; ; at += 1) {
    const bytes = Buffer.alloc(LENGTHS[at % LENGTHS.length] ?? 1, `${sender}-${at} `);
    const { controlId } = await journal.keep({
      sender: String(sender),
      controlId: String(at),
      bytes,
      origin: 'address 10.0.0.7',
      asks: 'node',
    });
    process.stdout.write(`${sender} ${controlId}\n`);
  }
}

void Promise.all([1, 2, 3, 4].map(keepFor));
