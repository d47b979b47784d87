import type { FastifyRequest } from 'fastify';
import { DomainError } from '@lianyi/domain';
import { type Directory } from '../directory';
import { type MemberCertificate, type MemberCertificates } from '../member-certificates';
import { type MemberGate } from './operation-routes';
import { callerOf } from './server';

export interface MemberGateServices {
  readonly members: MemberCertificates;
  readonly directory: Pick<Directory, 'isRegistered'>;
}

/**
 * A member is who shows a certificate that the member's TLS authority issued and that the ledger's directory names: any other
 * certificate of that authority (a user's, an administrator's) is not a member's node.
 */
export function memberGate({ members, directory }: MemberGateServices): MemberGate {
  return async (request: FastifyRequest) => {
    const caller = callerOf(members, request);
    const isKnown = caller !== undefined && (await directory.isRegistered(caller.mspId, caller.tlsSha256));
    if (!isKnown) throw notAuthenticated();
    return caller;
  };
}

export function mspIdOfMember(member: MemberCertificate | undefined): MemberCertificate['mspId'] {
  if (member === undefined) throw notAuthenticated();
  return member.mspId;
}

function notAuthenticated(): DomainError {
  return new DomainError('NOT_AUTHENTICATED', 'only nodes of members may ask for this');
}
