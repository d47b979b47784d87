import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MemberNode, parseNodeConfig } from '@lianyi/member-node';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { waitUntil } from '@lianyi/test/wait-until';
import { followConfiguration } from './commands/node-trust';
import { run } from './terminal.fixture';

describe('the query templates that a hospital agrees to', () => {
  let config: string;
  beforeEach(() => {
    config = join(scratchDirectory(), 'node.json');
    const file = { certFile: 'cert.pem', keyFile: 'key.pem' };
    const written = {
      ...{ mspId: 'HospitalAMSP', channel: 'emr', chaincode: 'emr', connectionProfile: 'c.json', dataDir: 'data', identity: file },
      ...{ otherPeerMspIds: ['HospitalBMSP'], tls: { ...file, members: [{ mspId: 'HospitalAMSP', caFile: 'a.pem' }] } },
      ...{ listen: { host: '127.0.0.1', port: 0 }, kemKeyFile: 'kem.pem', receiptKeyFile: 'receipt.pem' },
      ...{ keyServiceKeyFile: 'ks.pem', keyServiceActorTag: 'key-service' },
    };
    writeFileSync(config, JSON.stringify(written), { mode: 0o600 });
  });
  const template = 'HospitalBMSP/results@1';
  const [first, second] = ['A'.repeat(43), `${'B'.repeat(42)}A`] as const;
  const agree = (sha256: string, name = template): ReturnType<typeof run> =>
    run(['node', 'agree', '--config', config, `--sha256=${sha256}`, '--', name]);
  const agreed = (): unknown => parseNodeConfig(JSON.parse(readFileSync(config, 'utf8'))).queries?.templates;

  it('stand in node.json, one hash a name, and are followed by a running node', async () => {
    const written = JSON.parse(readFileSync(config, 'utf8')) as object; // of this test's own making
    expect((await agree(first)).code).toBe(2);
    writeFileSync(config, JSON.stringify({ ...written, queries: { database: { kind: 'sqlite', file: 'h.sqlite' }, views: ['results'] } }));
    expect(agreed()).toEqual([]);
    const told: unknown[] = [];
    const node: Pick<MemberNode, 'trust' | 'agree'> = { agree: (list) => void told.push(list), trust: () => Promise.resolve() };
    const stop = followConfiguration(node, config, { err: () => undefined });
    expect((await agree(first)).code).toBe(0);
    expect((await agree(second)).code).toBe(0);
    expect((await agree(first, 'HospitalBMSP/results@2')).code).toBe(0);
    const both = [
      { template, sha256: second },
      { template: 'HospitalBMSP/results@2', sha256: first },
    ];
    expect(agreed()).toEqual(both);
    await waitUntil('the node goes by them', () => JSON.stringify(told.at(-1)) === JSON.stringify(both));
    expect((await run(['node', 'disagree', '--config', config, '--', template])).code).toBe(0);
    expect(agreed()).toEqual(both.slice(1));
    await waitUntil('the node goes by what is left', () => JSON.stringify(told.at(-1)) === JSON.stringify(both.slice(1)));
    stop();
  });

  it.each(['short', '', 'A'.repeat(44)])('are named by a hash, not by “%s”', async (hash) => {
    expect((await agree(hash)).code).toBe(2);
  });
});
