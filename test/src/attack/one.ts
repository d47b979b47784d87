/** Tries the attack whose id is the one argument, and prints its outcome as the last line, in JSON. For `main.ts` only. */
import { attacks } from './scripts';

const attack = attacks.find(({ id }) => id === process.argv[2]);
if (attack === undefined) throw new Error(`no attack is called ${process.argv[2] ?? ''}`);
attack.run().then(
  (outcome) => {
    process.stdout.write(`\n${JSON.stringify(outcome)}\n`, () => process.exit(0)); // a gateway stream may still hold the event loop
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
