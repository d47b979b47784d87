import type { FastifyRequest } from 'fastify';
import { collect, memberOperations } from '@lianyi/client';
import { DomainError, recordIdSchema, sha256Schema, ticketIdSchema } from '@lianyi/domain';
import { type Directory } from '../directory';
import { type KeyService } from '../keys/key-service';
import { type MemberCertificate, type MemberCertificates } from '../member-certificates';
import { type ObjectService } from '../services/object-service';
import { bytesOfRequest } from '../services/octets';
import { serve } from './operation-routes';
import { callerOf, type NodeServer } from './server';

export interface MemberRouteServices {
  readonly members: MemberCertificates;
  readonly directory: Pick<Directory, 'isRegistered'>;
  readonly objects: ObjectService;
  readonly keyService: Pick<KeyService, 'release'>;
}

/** Operations for other members' nodes, each of which must show the TLS certificate of an endpoint in the ledger's directory. */
export function addMemberRoutes(server: NodeServer, services: MemberRouteServices): void {
  const { objects, keyService } = services;
  const { PutObject, GetObject, ReleaseKey } = memberOperations;
  const gate = (request: FastifyRequest): Promise<MemberCertificate> => assertMember(services, request);
  serve(
    server,
    PutObject,
    async ({ parameters, member, request }) => ({
      body: await objects.keep(sha256Schema.parse(parameters['sha256']), bytesOfRequest(request), mspIdOf(member)),
    }),
    gate,
  );
  serve(
    server,
    GetObject,
    async ({ parameters, header, member }) => {
      const ticket = ticketIdSchema.safeParse(header);
      if (!ticket.success) throw new DomainError('NOT_PERMITTED', 'objects are read under a ticket only', { path: GetObject.header.name });
      const object = await objects.read(sha256Schema.parse(parameters['sha256']), ticket.data, mspIdOf(member));
      // whole before the first byte leaves: a damaged copy is then a refusal with its code, not a broken connection
      return { body: await collect(object.bytes) };
    },
    gate,
  );
  serve(
    server,
    ReleaseKey,
    async ({ body, member }) => {
      const request = { ticketId: ticketIdSchema.parse(body.ticketId), recordId: recordIdSchema.parse(body.recordId) };
      return { body: await keyService.release(request, mspIdOf(member)) };
    },
    gate,
  );
}

/**
 * A member is who shows a certificate that the member's TLS authority issued and that the ledger's directory names: any other
 * certificate of that authority (a user's, an administrator's) is not a member's node.
 */
async function assertMember({ members, directory }: MemberRouteServices, request: FastifyRequest): Promise<MemberCertificate> {
  const caller = callerOf(members, request);
  const isKnown = caller !== undefined && (await directory.isRegistered(caller.mspId, caller.tlsSha256));
  if (!isKnown) throw notAuthenticated();
  return caller;
}

function mspIdOf(member: MemberCertificate | undefined): MemberCertificate['mspId'] {
  if (member === undefined) throw notAuthenticated();
  return member.mspId;
}

function notAuthenticated(): DomainError {
  return new DomainError('NOT_AUTHENTICATED', 'only nodes of members may ask for this');
}
