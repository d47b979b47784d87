import { type NodeIdentity } from '../check-caller';
import { type LedgerIndex } from '../ledger-index/ledger-index';
import { type NodeServer } from './server';

export interface HealthServices {
  readonly identity: NodeIdentity;
  readonly index: Pick<LedgerIndex, 'heights'>;
  /** Peers whose blocks are followed; a node that has lost one cannot release keys. */
  readonly sources: readonly string[];
  /** Why following a peer has stopped for good, if it has. */
  faults(): readonly string[];
}

/** `GET /healthz` for supervisors, `GET /v1/network` for wallets and profiles, `GET /openapi.json`. None of them tells a secret. */
export function addHealthRoutes(server: NodeServer, services: HealthServices): void {
  server.get(
    '/healthz',
    { schema: { summary: 'Whether the node follows its peers, and how far.', tags: ['node'] } },
    async (_request, reply) => {
      const blocks = await services.index.heights();
      const faults = services.faults();
      const isWell = faults.length === 0 && services.sources.every((source) => (blocks[source] ?? 0) > 0);
      await reply.status(isWell ? 200 : 503).send({ status: isWell ? 'ok' : 'degraded', blocks, faults });
    },
  );
  server.get(
    '/v1/network',
    { schema: { summary: 'The network as statements must name it, and whose node this is.', tags: ['node'] } },
    () => services.identity,
  );
  server.get('/openapi.json', { schema: { hide: true } }, () => server.swagger());
}
