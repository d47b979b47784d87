import { memberOperations, signedAs } from '@lianyi/client';
import { DomainError, encodeOutcome, transactions } from '@lianyi/domain';
import { type StaffGate } from '../check-caller';
import { type DocumentService } from '../services/document-service';
import { readAll } from '../services/octets';
import { type ReleaseWitness } from '../services/release-witness';
import { type RecordService } from '../services/record-service';
import { serve } from './operation-routes';
import { type NodeServer } from './server';
import { carriable, type TransactionServices } from './transaction-routes';

export interface RecordRouteServices extends TransactionServices {
  readonly staff: StaffGate;
  readonly records: RecordService;
  readonly documents: DocumentService;
  readonly witness: ReleaseWitness;
  readonly maxDocumentBytes: number;
}

/** Operations for the hospital's own staff: prepare and publish records, read documents. */
export function addRecordRoutes(server: NodeServer, services: RecordRouteServices): void {
  const { staff, records, documents, witness, identity, maxDocumentBytes } = services;
  const { PrepareRecord, PublishRecord, ReadDocument, WitnessRelease } = memberOperations;
  serve(server, PrepareRecord, async ({ header, signedInput, request }) => {
    await staff.assertStaff(signedAs(PrepareRecord), signedInput, header.proof, PrepareRecord.callers.roles);
    return { body: await records.prepare(header.input, await readAll(request, maxDocumentBytes)) };
  });
  serve(server, PublishRecord, async ({ body: { transaction, input, proof } }) => {
    const request = carriable(identity, transactions[transaction], { input, proof });
    return { body: encodeOutcome(await records.publish(request)) };
  });
  serve(server, ReadDocument, async ({ body: { input, proof }, signedInput, parameters }) => {
    const { statement } = await staff.assertStaff(signedAs(ReadDocument), signedInput, proof, ReadDocument.callers.roles);
    // the path is not signed: it may only repeat what is
    if (parameters['ticketId'] !== input.ticketId) throw new DomainError('PROOF_MISMATCH', undefined, { field: 'ticketId' });
    const { ciphertext, ...header } = await documents.read(input, statement.actorTag);
    return { body: ciphertext, header };
  });
  serve(server, WitnessRelease, async ({ body: { input, proof }, signedInput, parameters }) => {
    if (parameters['ticketId'] !== input.ticketId) throw new DomainError('PROOF_MISMATCH', undefined, { field: 'ticketId' });
    return { body: await witness.witness(signedAs(WitnessRelease), input, signedInput, proof) };
  });
}
