import type { FastifyRequest } from 'fastify';
import { memberOperations } from '@lianyi/client';
import { DomainError, recordIdSchema, sha256Schema, ticketIdSchema } from '@lianyi/domain';
import { Lane } from '../admission/lane';
import { type Directory } from '../directory';
import { type KeyService } from '../keys/key-service';
import { type MemberCertificate, type MemberCertificates } from '../member-certificates';
import { type ObjectService } from '../services/object-service';
import { bytesOfRequest } from '../services/octets';
import { serve } from './operation-routes';
import { callerOf, type NodeServer } from './server';

/** How it is known which member's node calls. */
export interface MemberGateServices {
  readonly members: MemberCertificates;
  readonly directory: Pick<Directory, 'isRegistered'>;
}

export interface MemberRouteServices extends MemberGateServices {
  readonly objects: ObjectService;
  readonly keyService: Pick<KeyService, 'release'>;
}

/** What members' nodes may have a node do side by side: all together, and each; one of each in any case. */
const QUEUE = { waiting: 256, waitingPerCaller: 64, patienceMillis: 60_000, hasOneForEach: true };
const READS = { atOnce: 32, perCaller: 8, ...QUEUE };
const DEPOSITS = { atOnce: 16, perCaller: 4, ...QUEUE };
const RELEASES = { atOnce: 32, perCaller: 8, ...QUEUE };

/** Operations for other members' nodes, each of which must show the TLS certificate of an endpoint in the ledger's directory. */
export function addMemberRoutes(server: NodeServer, services: MemberRouteServices): void {
  const { objects, keyService } = services;
  const lanes = { reads: new Lane(READS), deposits: new Lane(DEPOSITS), releases: new Lane(RELEASES) };
  const { PutObject, GetObject, ReleaseKey } = memberOperations;
  const gate = (request: FastifyRequest): Promise<MemberCertificate> => memberGate(services, request);
  serve(
    server,
    PutObject,
    ({ parameters, header, member, request }) => {
      const version = sha256Schema.safeParse(header);
      if (!version.success)
        throw new DomainError('INVALID_REQUEST', 'an object is kept for a version of a record', { path: PutObject.header.name });
      const depositor = callingMember(member);
      const deposit = { objectSha256: sha256Schema.parse(parameters['sha256']), versionHash: version.data, depositor };
      return lanes.deposits.run(depositor, async () => ({ body: await objects.keep(deposit, bytesOfRequest(request)) }));
    },
    gate,
  );
  serve(
    server,
    GetObject,
    async ({ parameters, header, member, whenOver }) => {
      const ticket = ticketIdSchema.safeParse(header);
      if (!ticket.success) throw new DomainError('NOT_PERMITTED', 'objects are read under a ticket only', { path: GetObject.header.name });
      // until the last byte has left: a member that does not read takes places of its own only
      whenOver(await lanes.reads.enter(callingMember(member)));
      return { body: await objects.read(sha256Schema.parse(parameters['sha256']), ticket.data, callingMember(member)) };
    },
    gate,
  );
  serve(
    server,
    ReleaseKey,
    async ({ body, member }) => {
      const request = { ticketId: ticketIdSchema.parse(body.ticketId), recordId: recordIdSchema.parse(body.recordId) };
      return { body: await lanes.releases.run(callingMember(member), () => keyService.release(request, callingMember(member))) };
    },
    gate,
  );
}

/**
 * A member is who shows a certificate that the member's TLS authority issued and that the ledger's directory names: any other
 * certificate of that authority (a user's, an administrator's) is not a member's node.
 */
export async function memberGate({ members, directory }: MemberGateServices, request: FastifyRequest): Promise<MemberCertificate> {
  const caller = callerOf(members, request);
  const isKnown = caller !== undefined && (await directory.isRegistered(caller.mspId, caller.tlsSha256));
  if (!isKnown) throw notAuthenticated();
  return caller;
}

/** The member who calls. @throws {@link DomainError} `NOT_AUTHENTICATED` — nobody is known to */
export function callingMember(member: MemberCertificate | undefined): MemberCertificate['mspId'] {
  if (member === undefined) throw notAuthenticated();
  return member.mspId;
}

function notAuthenticated(): DomainError {
  return new DomainError('NOT_AUTHENTICATED', 'only nodes of members may ask for this');
}
