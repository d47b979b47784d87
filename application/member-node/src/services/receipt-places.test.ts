import { Conflict, type MspId, mspIdSchema, OutcomeUnknown, Refused } from '@lianyi/domain';
import { blamedFor, receiptGiversOf, placesOf } from './receipt-places';
import { own, receiptOf, versionHashOf } from './record-service.fixture';
import { sha256 } from '@lianyi/domain';

const [c, d, other] = ['HospitalCMSP', 'HospitalDMSP', 'HospitalEMSP'].map((mspId) => mspIdSchema.parse(mspId)) as [MspId, MspId, MspId];
const refusal = (mspId: MspId, by: Readonly<Record<string, string>> = {}, firstAgreed = false): Refused =>
  new Refused('NOT_FOUND', 'no such active vault with a receipt key', { mspId, endpointId: 'vault' }, by, { firstAgreed });

describe('a publication that the ledger refuses because of a place', () => {
  it.each<readonly [string, Error, readonly MspId[]]>([
    ['the member that all endorsers name', refusal(c), [c]],
    ['the member that alone refuses, of itself', refusal(c, { [c]: 'NOT_FOUND' }, true), [c]],
    ['the member that alone refuses, of another', refusal(d, { [c]: 'NOT_FOUND' }, true), [c]],
    ['all, if it conflicts with something again and again', new Conflict('tx', 11), [c, d]],
    ['nobody whose receipt it does not have', refusal(other), []],
    ['nobody for a refusal of another matter', new Refused('VERSION_CONFLICT', 'amended meanwhile', { recordId: 'r' }), []],
    ['nobody while the outcome is unknown', new OutcomeUnknown('tx'), []],
    ['nobody for what was not sent', new Error('the own node'), []],
  ])('is laid on %s', (_whom, failure, blamed) => {
    expect(blamedFor(failure, [c, d])).toEqual(blamed);
  });

  it('rests on the members whose receipts it has', () => {
    const object = { objectSha256: sha256('object'), versionHash: versionHashOf(1), sizeBytes: 6 };
    expect(receiptGiversOf(placesOf([receiptOf(own, object), receiptOf(c, object)]))).toEqual([own, c]);
  });
});
