import { newRequest, transactions } from '@lianyi/domain';
import { waitUntil } from '../wait-until';
import { PeerLine } from './peer-line';
import { Scenario } from './scenario';

/** How soon a node must follow again after a connection has gone silent without closing. */
const ANEW_MILLIS = 60_000;

describe('a node whose connection to a peer goes silent without closing', () => {
  let scenario: Scenario;
  const lines: PeerLine[] = [];

  beforeAll(async () => {
    scenario = await Scenario.start('silent-line', async (consortium) => {
      const [a, b] = consortium.hospitals.map(({ mspId }) => mspId);
      for (const to of [a, b]) lines.push(await PeerLine.between(consortium, a ?? '', to ?? ''));
    });
  });
  afterAll(async () => {
    for (const line of lines) line.close();
    await scenario.stop();
  });

  it('follows its own peer and the other member’s again within a minute', async () => {
    const { a, c } = scenario;
    const client = scenario.client(a);
    const before = (await client.health()).blocks;
    for (const line of lines) line.forget();
    const administrator = await scenario.ledger(c, 'Admin');
    const endpoint = {
      endpointId: 'spare',
      kind: 'keys',
      host: '127.0.0.1',
      port: 1,
      tlsSha256: scenario.genesis,
      state: 'active',
    } as const;
    await administrator.submit(newRequest(transactions.UpdateEndpoint, endpoint));
    const grown = async (): Promise<boolean> => {
      const { blocks, status } = await client.health();
      return status === 'ok' && Object.entries(before).every(([source, height]) => (blocks[source] ?? 0) > height);
    };
    await waitUntil('both are followed again', grown, ANEW_MILLIS);
  });
});
