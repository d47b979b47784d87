import { z } from 'zod';
import { problemSchema } from '@lianyi/client';
import {
  carriedAnswerSchema,
  decodeCarried,
  DomainError,
  encodeOutcome,
  proofSchema,
  type Transaction,
  transactions,
} from '@lianyi/domain';
import { type CarriedArgument, type LedgerClient } from '@lianyi/ledger-client';
import { assertCarriable, type NodeIdentity } from '../check-caller';
import { jsonSchemaOf } from './schema';
import { type NodeServer } from './server';

export interface TransactionServices {
  readonly identity: NodeIdentity;
  readonly ledger: Pick<LedgerClient, 'carry'>;
}

/** One route for each transaction of the catalogue: `POST /v1/transactions/{contract}/{name}`. */
export function addTransactionRoutes(server: NodeServer, services: TransactionServices): void {
  for (const entry of Object.values(transactions)) {
    server.post(`/v1/transactions/${entry.contract}/${entry.name}`, { schema: openApiOf(entry) }, async (request) => {
      const argument = checkCarried(services.identity, entry, request.body);
      return encodeOutcome(await services.ledger.carry(entry, argument));
    });
  }
}

/**
 * Parses and checks what a client wants carried.
 * @throws {@link DomainError} `INVALID_REQUEST`, `HASH_MISMATCH`; `NOT_AUTHENTICATED` — a proof is missing; and those of {@link assertCarriable}.
 */
export function checkCarried(identity: NodeIdentity, entry: Transaction, body: unknown): CarriedArgument {
  const { input, proof, transient, requestHash } = decodeCarried(entry, body);
  if (proof !== undefined) assertCarriable(identity, entry, requestHash, proof);
  else if (!isOpen(entry)) throw new DomainError('NOT_AUTHENTICATED', 'this transaction is carried only with a proof');
  return { input, ...(proof === undefined ? {} : { proof }), ...(transient === undefined ? {} : { transient }) };
}

/**
 * What the node asks the ledger for anybody: the directory, and which key of a pseudonym is next, because a wallet that has
 * lost its place cannot sign before it knows. Everything else about a patient, card or ticket takes a proof.
 */
const openTransactions: ReadonlySet<Transaction> = new Set<Transaction>([
  transactions.GetPseudonym,
  transactions.GetOrganisation,
  transactions.ListOrganisations,
  transactions.ListEndpoints,
]);

function isOpen(entry: Transaction): boolean {
  return openTransactions.has(entry);
}

function openApiOf(entry: Transaction): Record<string, unknown> {
  const request = z.strictObject({
    input: entry.request,
    proof: proofSchema.exactOptional(),
    ...('transient' in entry ? { transient: entry.transient } : {}),
  });
  return {
    summary: entry.summary,
    operationId: entry.name,
    tags: [entry.contract],
    body: jsonSchemaOf(request),
    response: {
      200: jsonSchemaOf(carriedAnswerSchema.extend({ result: entry.response })),
      '4xx': jsonSchemaOf(problemSchema),
      '5xx': jsonSchemaOf(problemSchema),
    },
  };
}
