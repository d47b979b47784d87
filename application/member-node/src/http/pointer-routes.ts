import type { FastifyRequest } from 'fastify';
import { memberOperations, signedAs } from '@lianyi/client';
import { DomainError, recordIdSchema, ticketIdSchema } from '@lianyi/domain';
import { Lane } from '../admission/lane';
import { ReaderLanes } from '../reader-lanes';
import { type ReaderGate, type StaffGate } from '../check-caller';
import { type SealedResult } from '../queries/member-queries';
import { type PointerService } from '../queries/pointer-service';
import { memberGate, type MemberGateServices, callingMember } from './member-routes';
import { type OperationResult, serve } from './operation-routes';
import { type NodeServer } from './server';

export interface PointerRouteServices extends MemberGateServices {
  readonly staff: StaffGate;
  readonly readers: ReaderGate;
  readonly pointers: Pick<PointerService, 'prepare' | 'read' | 'run'>;
}

/** Each takes a query of the hospital's database, and a read one a commit as well. */
const QUERIES = { atOnce: 16, perCaller: 4, waiting: 256, waitingPerCaller: 32, patienceMillis: 60_000 };

/** Operations about pointers: for the hospital's own staff, and for other members' nodes. */
export function addPointerRoutes(server: NodeServer, services: PointerRouteServices): void {
  const { staff, readers, pointers } = services;
  // the members are few, and each has a turn whatever the others ask; staff are many
  const lanes = { readers: ReaderLanes.ofOwnStaff(QUERIES), members: new Lane({ ...QUERIES, hasOneForEach: true }) };
  const { PreparePointer, ReadPointer, RunQuery } = memberOperations;
  serve(server, PreparePointer, async ({ body: { input, proof }, signedInput, request: { ip } }) => {
    const { statement } = await staff.assertStaff(signedAs(PreparePointer), signedInput, proof, PreparePointer.callers.roles, ip);
    const { msp: memberMspId, actorTag } = statement;
    const preparing = { holder: { kind: 'staff', mspId: memberMspId, actorTag }, memberMspId } as const;
    return { body: await lanes.readers.run(preparing, () => pointers.prepare(input, actorTag)) };
  });
  serve(server, ReadPointer, async ({ body: { input, proof }, signedInput, parameters, request: { ip } }) => {
    const reader = await readers.assertReader(signedAs(ReadPointer), signedInput, proof, ReadPointer.callers.roles, ip);
    // the path is not signed: it may only repeat what is
    if (parameters['ticketId'] !== input.ticketId) throw new DomainError('PROOF_MISMATCH', undefined, { field: 'ticketId' });
    return sent(await pointers.read(input, reader.holder, (custodian, work) => lanes.readers.run(reader, work, custodian)));
  });
  serve(
    server,
    RunQuery,
    async ({ body, member }) => {
      const request = { ticketId: ticketIdSchema.parse(body.ticketId), recordId: recordIdSchema.parse(body.recordId) };
      return sent(await lanes.members.run(callingMember(member), () => pointers.run(request, callingMember(member))));
    },
    (request: FastifyRequest) => memberGate(services, request),
  );
}

/** Rows that are in memory, in the form in which objects are sent. */
function sent({ header, ciphertext }: SealedResult): OperationResult {
  const bytes = Buffer.from(ciphertext);
  const { cipherSha256 } = header.key.attestation.statement;
  const body = { sha256: cipherSha256, sizeBytes: bytes.length, bytes: inOnePiece(bytes), close: () => Promise.resolve() };
  return { body, header };
}

async function* inOnePiece(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes);
}
