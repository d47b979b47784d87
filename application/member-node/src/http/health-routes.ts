import { memberOperations } from '@lianyi/client';
import { type NodeIdentity } from '../check-caller';
import { type LedgerIndex } from '../ledger-index/ledger-index';
import { route, serve } from './operation-routes';
import { openApiDocument, operationsPage } from './openapi';
import { type NodeServer } from './server';

export interface HealthServices {
  readonly identity: NodeIdentity;
  readonly index: Pick<LedgerIndex, 'heights' | 'alarms' | 'unreadableBlock' | 'ownNameTaken'>;
  /** What is wrong now; a node that has lost one of its peers cannot release keys. */
  faults(): readonly string[];
  /** What will be wrong soon. */
  warnings(): readonly string[];
}

/** The newest, which need no pseudonym to be acted on: the audit names them. */
const ALARMS_TOLD = 20;

/** Health for supervisors, the network for wallets and profiles, `GET /openapi.json`, and the same for people, `GET /docs`. None of them tells a secret. */
export function addHealthRoutes(server: NodeServer, services: HealthServices): void {
  route(server, memberOperations.GetHealth, async (_request, reply) => {
    const blocks = await services.index.heights();
    const faults = [...services.faults(), ...(await unreadable(services.index)), ...(await taken(services.index))];
    const isWell = faults.length === 0;
    const alarms = (await services.index.alarms(ALARMS_TOLD)).map(({ name, blockNumber }) => `${name}: block ${blockNumber}`);
    return reply
      .status(isWell ? 200 : 503)
      .send({ status: isWell ? 'ok' : 'degraded', blocks, faults, warnings: services.warnings(), alarms });
  });
  serve(server, memberOperations.GetNetwork, () => Promise.resolve({ body: services.identity }));
  server.get('/openapi.json', () => openApiDocument());
  server.get('/docs', (_request, reply) => reply.type('text/html; charset=utf-8').send(operationsPage()));
}

/** What stops every release until a newer version of the program can read it is a fault, and no alarm about one patient. */
async function unreadable(index: HealthServices['index']): Promise<readonly string[]> {
  const block = await index.unreadableBlock();
  return block === undefined ? [] : [`no key is released: block ${block} has a valid transaction that this version cannot read`];
}

/** Whoever runs the node must find out whose doing it is. */
async function taken(index: HealthServices['index']): Promise<readonly string[]> {
  const found = await index.ownNameTaken();
  return found === undefined
    ? []
    : [
        `block ${found.blockNumber} lets others be of this organisation, and no administrator of it has signed that: what they do under its name counts ` +
          `for nothing here, and nothing is written into its private data (definition ${found.definition})`,
      ];
}
