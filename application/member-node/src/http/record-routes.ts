import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  DOCUMENT_HEADER,
  documentHeaderSchema,
  nodeOperations,
  preparedSchema,
  prepareInputSchema,
  problemSchema,
  publicationSchema,
  readInputSchema,
  REQUEST_HEADER,
} from '@lianyi/client';
import { carriedAnswerSchema, DomainError, encodeOutcome, proofSchema, transactions } from '@lianyi/domain';
import { type StaffGate } from '../check-caller';
import { type DocumentService } from '../services/document-service';
import { decodeHeader, encodeHeader, octets, readAll } from '../services/octets';
import { type RecordService } from '../services/record-service';
import { jsonSchemaOf } from './schema';
import { type NodeServer } from './server';
import { checkCarried, type TransactionServices } from './transaction-routes';

export interface RecordRouteServices extends TransactionServices {
  readonly staff: StaffGate;
  readonly records: RecordService;
  readonly documents: DocumentService;
  readonly maxDocumentBytes: number;
}

const signedPreparation = z.strictObject({ input: prepareInputSchema, proof: proofSchema });
const signedRead = z.strictObject({ input: readInputSchema, proof: proofSchema });

const problems = { '4xx': jsonSchemaOf(problemSchema), '5xx': jsonSchemaOf(problemSchema) };

/** Routes for the hospital's own staff: prepare and publish records, read documents. */
export function addRecordRoutes(server: NodeServer, services: RecordRouteServices): void {
  addPublishing(server, services);
  addReading(server, services);
}

function addPublishing(server: NodeServer, services: RecordRouteServices): void {
  const prepare = {
    summary: 'Checks, seals and stores a document; answers the input to sign. Body: the document; the signed request is a header.',
    operationId: 'PrepareRecord',
    tags: ['records'],
    consumes: ['application/octet-stream'],
    headers: {
      type: 'object',
      properties: { [REQUEST_HEADER]: { type: 'string', description: 'base64url of {input, proof}' } },
      required: [REQUEST_HEADER],
    },
    response: { 200: jsonSchemaOf(preparedSchema), ...problems },
  };
  // twice a colon: find-my-way's spelling of a literal one
  server.post('/v1/records::prepare', { schema: prepare }, async (request: FastifyRequest) => {
    const { input, proof } = signedPreparation.parse(decodeHeader(request, REQUEST_HEADER));
    await services.staff.assertStaff(nodeOperations.prepareRecord, rawInput(decodeHeader(request, REQUEST_HEADER)), proof, [
      'recordAdmin',
      'lab',
    ]);
    return services.records.prepare(input, await readAll(request, services.maxDocumentBytes));
  });
  const publish = {
    summary: 'Keeps the record’s key and carries the signed anchor.',
    operationId: 'PublishRecord',
    tags: ['records'],
    body: jsonSchemaOf(publicationSchema),
    response: { 200: jsonSchemaOf(carriedAnswerSchema), ...problems },
  };
  server.post('/v1/records::publish', { schema: publish }, async (request) => {
    const { transaction, input, proof } = publicationSchema.parse(request.body);
    const argument = checkCarried(services.identity, transactions[transaction], { input, proof });
    return encodeOutcome(await services.records.publish(transaction, argument));
  });
}

function addReading(server: NodeServer, services: RecordRouteServices): void {
  const read = {
    summary: 'Fetches a document under a ticket: the ciphertext in the body, the key sealed to the ticket’s ephemeral key in a header.',
    operationId: 'ReadDocument',
    tags: ['access'],
    body: jsonSchemaOf(signedRead),
    response: problems,
  };
  server.post<{ Params: { ticketId: string } }>('/v1/access/:ticketId/document', { schema: read }, async (request, reply) => {
    const { input, proof } = signedRead.parse(request.body);
    const { statement } = await services.staff.assertStaff(nodeOperations.readDocument, rawInput(request.body), proof, [
      'clinician',
      'nurse',
      'lab',
    ]);
    // the path is not signed: it may only repeat what is
    if (request.params.ticketId !== input.ticketId) throw new DomainError('PROOF_MISMATCH', undefined, { field: 'ticketId' });
    const { ciphertext, ...rest } = await services.documents.read(input, statement.actorTag);
    return octets(reply)
      .header(DOCUMENT_HEADER, encodeHeader(documentHeaderSchema.parse(rest)))
      .send(ciphertext);
  });
}

/** The input as it was sent and signed, before any schema touched it. */
function rawInput(body: unknown): unknown {
  return z.object({ input: z.unknown() }).parse(body).input;
}
