import { type MspId } from '@lianyi/domain';
import { newAuthority } from '@lianyi/test/support/test-certificates';
import { MemberCertificates } from '../member-certificates';
import { newLogger } from './log';
import { buildServer, type NodeServer } from './server';

/** A node's server without routes, of a consortium of that one member; it logs nothing, and what is injected into it needs no port. */
export async function newServerOf(mspId: MspId, requestsPerMinute: number): Promise<NodeServer> {
  const authority = await newAuthority(`tlsca.${mspId}`);
  const pair = await authority.issue('node');
  return buildServer({
    tls: { cert: Buffer.from(pair.cert), key: Buffer.from(pair.key) },
    members: new MemberCertificates([{ mspId, caPem: authority.pem }]),
    requestsPerMinute,
    logger: newLogger('silent', mspId),
  });
}
