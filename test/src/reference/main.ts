/** `npm run test:decisions -- [QUESTIONS] [SEED]`: as many random questions as are wanted, asked of both implementations of the rule of access. */
import { compare, questionOf } from './compare';

const QUESTIONS = 10_000_000;
/** The questions of one process of the second implementation. */
const AT_ONCE = 1_000_000;

async function main(): Promise<void> {
  const [count = QUESTIONS, first = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
  for (let asked = 0; asked < count; asked += AT_ONCE) {
    const seed = first + asked / AT_ONCE;
    const { permits, denials, differences } = await compare(Math.min(AT_ONCE, count - asked), seed);
    process.stdout.write(`seed ${seed}: ${permits} permits, ${denials} denials, ${differences.length} differences\n`);
    for (const each of differences.slice(0, 10))
      process.stdout.write(`${questionOf(each, seed)}\n  here  ${each.here}\n  there ${each.there}\n`);
    if (differences.length > 0) process.exitCode = 1;
  }
}

void main();
