import { DatabaseSync } from 'node:sqlite';
import { eventCursorSchema, followEvents, MemberNodeClient, newPrivateKey, staffProofs, type Transport } from '@lianyi/client';
import { actorTagSchema, instantOf, mspIdSchema, sha256 } from '@lianyi/domain';

// An application that follows events into its own database: each event's effect and the place behind it in one transaction. Is killed at any moment.
const [url = '', file = '', last = ''] = process.argv.slice(2);
const db = new DatabaseSync(file, { timeout: 5_000 });
db.exec('CREATE TABLE IF NOT EXISTS effect (cursor TEXT NOT NULL); CREATE TABLE IF NOT EXISTS place (id INTEGER PRIMARY KEY, cursor TEXT)');
const stop = new AbortController();

const transport: Transport = {
  url,
  exchange: async ({ path, body }) => {
    const answer = await fetch(`${url}${path}`, { method: 'POST', body: typeof body === 'string' ? body : null });
    return { status: answer.status, headers: {}, body: new Uint8Array(await answer.arrayBuffer()) };
  },
  close: () => undefined,
};
const network = { channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
const signer = { network, mspId: mspIdSchema.parse('AMSP'), actorTag: actorTagSchema.parse('app'), privateKey: newPrivateKey() };
const follower = { node: new MemberNodeClient(transport), sign: staffProofs(signer, () => instantOf(Date.now())) };

const store = {
  after: () => {
    const row = db.prepare('SELECT cursor FROM place').get();
    return row === undefined ? undefined : eventCursorSchema.parse(row['cursor']);
  },
  take: async ({ cursor }: { readonly cursor: string }) => {
    db.exec('BEGIN IMMEDIATE');
    db.prepare('INSERT INTO effect VALUES (?)').run(cursor);
    // long enough to be killed in
    await new Promise((resolve) => setTimeout(resolve, 2));
    db.prepare('INSERT INTO place VALUES (0, ?) ON CONFLICT (id) DO UPDATE SET cursor = excluded.cursor').run(cursor);
    db.exec('COMMIT');
    process.stdout.write(`${cursor}\n`);
    if (cursor === last) stop.abort();
  },
};

void followEvents(follower, store, { signal: stop.signal, waitSeconds: 5, pauseMillis: 20 }).then(() => {
  db.close();
});
