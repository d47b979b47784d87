/** Asks a server by one named authority and pin after another, and prints what came of each. Run by its test, in an environment of its own. */
import { exchange } from './https-exchange';

const [port = '', ...asked] = process.argv.slice(2);

async function ask(named: string): Promise<string> {
  const [ca = '', pin = ''] = named.split(' ');
  try {
    const { status } = await exchange({
      host: '127.0.0.1',
      port: Number(port),
      method: 'GET',
      path: '/',
      tls: { ca: [Buffer.from(ca, 'base64').toString()], ...(pin === '' ? {} : { pinnedSha256: [pin] }) },
      patience: { totalMillis: 5_000 },
      maxBytes: 100,
    });
    return `answered ${status}`;
  } catch (error) {
    return error instanceof Error ? error.name : 'unknown';
  }
}

void Promise.all(asked.map(ask)).then((told) => {
  process.stdout.write(told.join());
});
