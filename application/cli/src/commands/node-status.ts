import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { exchange } from '@lianyi/client/node';
import { DomainError } from '@lianyi/domain';
import { type Call } from '../call';
import { exitCode } from '../exit-code';
import { fields, outcome, type Outcome } from '../outcome';
import { label } from './vocabulary';

const healthSchema = z.object({ status: z.string(), blocks: z.record(z.string(), z.number()), faults: z.array(z.string()) });

const TIMEOUT_MILLIS = 10_000;
const MAX_BYTES = 64 * 1024;

/** Asks the profile's node how far it has followed its peers. Exit code 1 when it is not well. */
export async function nodeStatus(call: Call): Promise<Outcome> {
  const { profile } = call.actorOf('staff', 'patient');
  const { hostname, port } = new URL(profile.nodeUrl);
  const answer = await exchange({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port === '' ? 443 : port),
    method: 'GET',
    path: '/healthz',
    tls: { ca: [await readFile(profile.tlsCaFile, 'utf8')] },
    timeoutMillis: TIMEOUT_MILLIS,
    maxBytes: MAX_BYTES,
  }).catch((cause: unknown) => {
    throw new DomainError('MEMBER_UNAVAILABLE', undefined, { url: profile.nodeUrl }, { cause });
  });
  const health = healthSchema.safeParse(JSON.parse(answer.body.toString('utf8')));
  if (!health.success) throw new DomainError('MEMBER_UNAVAILABLE', 'what answers is not a member node', { url: profile.nodeUrl });
  const { status, blocks, faults } = health.data;
  const isWell = status === 'ok';
  return {
    ...outcome(
      { url: profile.nodeUrl, ...health.data },
      fields([
        [{ en: 'node', zh: '节点' }, profile.nodeUrl],
        [label.state, isWell ? { en: 'well', zh: '正常' } : { en: status, zh: status }],
        ...Object.entries(blocks).map(([source, height]) => [{ en: `blocks of ${source}`, zh: `${source} 的区块` }, height] as const),
        [{ en: 'faults', zh: '故障' }, faults.length === 0 ? undefined : faults.join('; ')],
      ]),
    ),
    exitCode: isWell ? exitCode.ok : exitCode.failure,
  };
}
