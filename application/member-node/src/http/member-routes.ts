import type { FastifyRequest } from 'fastify';
import { collect, problemSchema, releasedKeySchema } from '@lianyi/client';
import { DomainError, receiptSchema, recordIdSchema, sha256Schema, ticketIdSchema } from '@lianyi/domain';
import { type Directory } from '../directory';
import { type KeyService } from '../keys/key-service';
import { type MemberCertificate, type MemberCertificates } from '../member-certificates';
import { releaseRequestSchema } from '../member-keys';
import { type ObjectService } from '../services/object-service';
import { bytesOfRequest, octets } from '../services/octets';
import { TICKET_HEADER } from '../vault/replica-client';
import { jsonSchemaOf } from './schema';
import { callerOf, type NodeServer } from './server';

export interface MemberRouteServices {
  readonly members: MemberCertificates;
  readonly directory: Pick<Directory, 'isRegistered'>;
  readonly objects: ObjectService;
  readonly keyService: Pick<KeyService, 'release'>;
}

const problems = { '4xx': jsonSchemaOf(problemSchema), '5xx': jsonSchemaOf(problemSchema) };

/** Routes for other members' nodes, each of which must show the TLS certificate of an endpoint in the ledger's directory. */
export function addMemberRoutes(server: NodeServer, services: MemberRouteServices): void {
  addObjectRoutes(server, services);
  const schema = {
    summary: 'Releases a record’s key to a committed permit of the calling member.',
    operationId: 'ReleaseKey',
    tags: ['members'],
    body: jsonSchemaOf(releaseRequestSchema),
    response: { 200: jsonSchemaOf(releasedKeySchema), ...problems },
  };
  // twice a colon: find-my-way's spelling of a literal one
  server.post('/v1/keys::release', { schema }, async (request) => {
    const { mspId } = await assertMember(services, request);
    const { ticketId, recordId } = releaseRequestSchema.parse(request.body);
    return services.keyService.release({ ticketId: ticketIdSchema.parse(ticketId), recordId: recordIdSchema.parse(recordId) }, mspId);
  });
}

function addObjectRoutes(server: NodeServer, services: MemberRouteServices): void {
  const put = {
    summary: 'Stores a sealed object for another member; answers a signed receipt.',
    operationId: 'PutObject',
    tags: ['members'],
    consumes: ['application/octet-stream'],
    response: { 201: jsonSchemaOf(receiptSchema), ...problems },
  };
  server.put<{ Params: { sha256: string } }>('/v1/objects/:sha256', { schema: put }, async (request, reply) => {
    const { mspId } = await assertMember(services, request);
    const receipt = await services.objects.keep(sha256Schema.parse(request.params.sha256), bytesOfRequest(request), mspId);
    return reply.status(201).send(receipt);
  });
  const get = {
    summary: 'Reads a sealed object under a ticket of the calling member.',
    operationId: 'GetObject',
    tags: ['members'],
    response: problems,
  };
  server.get<{ Params: { sha256: string } }>('/v1/objects/:sha256', { schema: get }, async (request, reply) => {
    const { mspId } = await assertMember(services, request);
    const ticket = ticketIdSchema.safeParse(request.headers[TICKET_HEADER]);
    if (!ticket.success) throw new DomainError('NOT_PERMITTED', 'objects are read under a ticket only', { path: TICKET_HEADER });
    const object = await services.objects.read(sha256Schema.parse(request.params.sha256), ticket.data, mspId);
    // whole before the first byte leaves: a damaged copy is then a refusal with its code, not a broken connection
    return octets(reply).send(await collect(object.bytes));
  });
}

/**
 * A member is who shows a certificate that the member's TLS authority issued and that the ledger's directory names: any other
 * certificate of that authority (a user's, an administrator's) is not a member's node.
 */
async function assertMember({ members, directory }: MemberRouteServices, request: FastifyRequest): Promise<MemberCertificate> {
  const caller = callerOf(members, request);
  const isKnown = caller !== undefined && (await directory.isRegistered(caller.mspId, caller.tlsSha256));
  if (!isKnown) throw new DomainError('NOT_AUTHENTICATED', 'only nodes of members may ask for this');
  return caller;
}
