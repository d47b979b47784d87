import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';

/** In the order in which the channel's configuration names them: SmartBFT counts its consenters from 1. */
export const ORDERER_DOMAINS = ['hospital-a.example', 'hospital-b.example', 'hospital-c.example', 'health-authority.example'] as const;

/** What an orderer's operations listener shows of its metrics; it asks for a certificate of its own organisation. */
export async function metricsOf(
  dir: string,
  domain: string,
  withCertificate = true,
): Promise<{ readonly status: number; readonly text: string }> {
  const { ports } = JSON.parse(readFileSync(join(dir, 'fabric', 'state.json'), 'utf8')) as { ports: Record<string, number> };
  const read = (name: string): Buffer =>
    readFileSync(join(dir, 'organizations', 'peerOrganizations', domain, 'orderers', `orderer0.${domain}`, 'tls', name));
  const own = withCertificate ? { cert: read('server.crt'), key: read('server.key') } : {};
  return new Promise((resolve, reject) => {
    const options = { host: 'localhost', port: ports[`operations.orderer0.${domain}`], path: '/metrics', ca: read('ca.crt'), ...own };
    request(options, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text });
      });
    })
      .on('error', reject)
      .end();
  });
}

/** The orderer that leads the channel now: SmartBFT names it by number, of Raft's orderers one says that it is. */
export async function leadingOrderer(dir: string): Promise<string> {
  for (const domain of ORDERER_DOMAINS) {
    const text = await metricsOf(dir, domain).then(
      (answer) => answer.text,
      () => '',
    );
    const id = Number(/^consensus_BFT_leader_id\{channel="emr"\} (\d+)/m.exec(text)?.[1] ?? 0);
    const named = ORDERER_DOMAINS[id - 1];
    if (named !== undefined) return `orderer0.${named}`;
    if (/^consensus_etcdraft_is_leader\{channel="emr"\} 1/m.test(text)) return `orderer0.${domain}`;
  }
  throw new Error('no orderer says who leads');
}
