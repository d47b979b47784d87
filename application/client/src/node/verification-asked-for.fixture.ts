/** Asks a server whose authority is not the named one, and prints what came of it. Run by its test, with Node's verification switched off. */
import { exchange } from './https-exchange';

const [port = '', ca = '', pin = ''] = process.argv.slice(2);
exchange({
  host: '127.0.0.1',
  port: Number(port),
  method: 'GET',
  path: '/',
  tls: { ca: [Buffer.from(ca, 'base64').toString()], ...(pin === '' ? {} : { pinnedSha256: [pin] }) },
  patience: { totalMillis: 5_000 },
  maxBytes: 100,
}).then(
  ({ status }) => {
    process.stdout.write(`answered ${status}`);
  },
  (error: unknown) => {
    process.stdout.write(error instanceof Error ? error.name : 'unknown');
  },
);
