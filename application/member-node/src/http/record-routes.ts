import { memberOperations, signedAs } from '@lianyi/client';
import { decodeCarried, DomainError, encodeOutcome, type Proof, type StaffProof, transactions } from '@lianyi/domain';
import { type Admission } from '../admission/admission';
import { Lane } from '../admission/lane';
import { ReaderLanes } from '../reader-lanes';
import { type ReaderGate, type StaffGate } from '../check-caller';
import { type DocumentService } from '../services/document-service';
import { readAll } from '../services/octets';
import { type ReleaseWitness } from '../services/release-witness';
import { type RecordService } from '../services/record-service';
import { serve } from './operation-routes';
import { type NodeServer } from './server';

export interface RecordRouteServices {
  readonly admission: Pick<Admission, 'told' | 'assertWelcome'>;
  readonly staff: StaffGate;
  readonly readers: ReaderGate;
  readonly records: RecordService;
  readonly documents: DocumentService;
  readonly witness: ReleaseWitness;
  readonly maxDocumentBytes: number;
}

/** A document that is being prepared is in memory, once as it is and once sealed; one that waits is not: it is read when its turn comes. */
const PREPARATIONS = { atOnce: 4, perCaller: 2, waiting: 256, waitingPerCaller: 64, patienceMillis: 110_000 };
/** What is published waits for two blocks, and holds no document: as many as other commands have. */
const PUBLICATIONS = { atOnce: 64, perCaller: 16, waiting: 512, waitingPerCaller: 64, patienceMillis: 60_000 };
/** Documents that are being fetched and sent, of all staff together and of each. */
const DOCUMENTS = { atOnce: 32, perCaller: 4, waiting: 256, waitingPerCaller: 32, patienceMillis: 60_000 };
/** Readers of other members who wait for this member's word; each may wait for a block. */
const WITNESS = {
  ofReader: { perCaller: 4, waitingPerCaller: 32 },
  ofMember: { atOnce: 32, perCaller: 16, waiting: 512, waitingPerCaller: 128, patienceMillis: 60_000 },
};

/** Operations for the hospital's own staff: prepare and publish records, read documents; and for patients, who read their own. */
export function addRecordRoutes(server: NodeServer, services: RecordRouteServices): void {
  const { staff, readers, records, documents, witness, admission, maxDocumentBytes } = services;
  const lanes = newLanes();
  const { PrepareRecord, PublishRecord, ReadDocument, WitnessRelease } = memberOperations;
  serve(server, PrepareRecord, async ({ header, signedInput, request, whenOver }) => {
    const { statement } = await staff.assertStaff(
      signedAs(PrepareRecord),
      signedInput,
      header.proof,
      PrepareRecord.callers.roles,
      request.ip,
    );
    whenOver(await lanes.preparations.enter(statement.actorTag));
    return { body: await records.prepare(header.input, await readAll(request, maxDocumentBytes)) };
  });
  serve(server, PublishRecord, async ({ body: { transaction, input, proof }, signedInput, request: { ip } }) => {
    const entry = transactions[transaction];
    admission.assertWelcome(proof, ip);
    const carried = decodeCarried(entry, { input, proof });
    const request = { ...carried, proof: await assertOwnPublisher(staff, { entry, signedInput, proof, ip }) };
    const publish = (): ReturnType<typeof records.publish> => records.publish(request);
    return {
      body: encodeOutcome(await lanes.publications.run(request.proof.statement.actorTag, () => admission.told(proof, entry, publish))),
    };
  });
  serve(server, ReadDocument, async ({ body: { input, proof }, signedInput, parameters, request, whenOver }) => {
    const reader = await readers.assertReader(signedAs(ReadDocument), signedInput, proof, ReadDocument.callers.roles, request.ip);
    // the path is not signed: it may only repeat what is
    if (parameters['ticketId'] !== input.ticketId) throw new DomainError('PROOF_MISMATCH', undefined, { field: 'ticketId' });
    const { ciphertext, ...header } = await documents.read(input, reader.holder, async (custodian) => {
      whenOver(await lanes.documents.enter(reader, custodian));
    });
    return { body: ciphertext, header };
  });
  serve(server, WitnessRelease, async ({ body: { input, proof }, signedInput, parameters, request: { ip } }) => {
    if (parameters['ticketId'] !== input.ticketId) throw new DomainError('PROOF_MISMATCH', undefined, { field: 'ticketId' });
    const asker = await witness.assertAsker(signedAs(WitnessRelease), signedInput, proof, ip);
    return { body: await lanes.witness.run(asker, () => witness.witness(asker.holder, input)) };
  });
}

function newLanes(): Readonly<Record<'preparations' | 'publications', Lane>> & {
  readonly documents: ReaderLanes;
  readonly witness: ReaderLanes;
} {
  return {
    preparations: new Lane(PREPARATIONS),
    publications: new Lane(PUBLICATIONS),
    documents: ReaderLanes.ofOwnStaff(DOCUMENTS),
    witness: ReaderLanes.ofAnyStaff(WITNESS),
  };
}

interface SignedPublication {
  readonly entry: typeof transactions.AnchorRecord | typeof transactions.AmendRecord;
  readonly signedInput: unknown;
  readonly proof: Proof;
  readonly ip: string;
}

/**
 * Before the ledger judges a publication, the node keeps its record's place for it and puts a key into its own private data: for own staff
 * who may prepare one, and nobody else.
 * @throws {@link DomainError} as {@link StaffGate.assertStaff}
 */
function assertOwnPublisher(staff: StaffGate, { entry, signedInput, proof, ip }: SignedPublication): Promise<StaffProof> {
  return staff.assertStaff(entry, signedInput, proof, memberOperations.PublishRecord.callers.roles, ip);
}
