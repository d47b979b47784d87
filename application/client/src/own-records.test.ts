import { DomainError, mspIdSchema, Refused, type SignedRequest, sha256, type TransactionEntry } from '@lianyi/domain';
import { type MemberNodeClient } from './member-api/member-node-client';
import { openOwnRecords, type OwnWay } from './own-records';

const mspId = mspIdSchema.parse('HospitalAMSP');
const denial = { decision: 'deny', reasons: ['RECORD_NOT_OWN'] } as const;
/** What the ledger has of this question. */
const of = { pseudonym: 'psn-1', recordIds: ['rec-1'] };

/** What the node that carried says, and what the witness has on the ledger. */
function asking(told: object, witnessed?: () => Promise<unknown>): Promise<unknown> & { readonly sent: object[] } {
  const sent: object[] = [];
  const submit = (request: SignedRequest<TransactionEntry>): Promise<unknown> => {
    const input = request.input as { ticketId: string };
    sent.push(input);
    return Promise.resolve({ result: { ticketId: input.ticketId, provisionIds: [], ...told } });
  };
  const way = {
    ledger: { submit },
    sign: () => Promise.resolve({ kind: 'patient' }),
    node: {},
    mspId,
    network: { channel: 'emr', genesis: sha256('g') },
    witness: witnessed === undefined ? 'none' : ({ ledger: { evaluate: witnessed } } as unknown as MemberNodeClient),
  } as unknown as OwnWay; // what asking uses of it
  return Object.assign(openOwnRecords(way, { pseudonym: 'psn-1', recordIds: ['rec-1'] }), { sent });
}

describe('asking for own records', () => {
  it('names the member that is to carry it in what is signed', async () => {
    const { sent } = asking(denial);
    await Promise.resolve();
    expect(sent).toMatchObject([{ pseudonym: 'psn-1', recordIds: ['rec-1'], mspId }]);
  });

  it('tells a denial that the witness has too, though it has it later', async () => {
    let looked = 0;
    const late = (): Promise<unknown> => {
      looked += 1;
      if (looked < 3) return Promise.reject(new Refused('NOT_FOUND', 'no such ticket', {}));
      return Promise.resolve({ ...of, ...denial });
    };
    await expect(asking(denial, late)).resolves.toMatchObject({ outcome: { result: { decision: 'deny' } } });
    expect(looked).toBe(3);
  });

  it.each<readonly [string, object]>([
    ['a permit', { decision: 'permit' }],
    ['other reasons', { decision: 'deny', reasons: ['RECORD_RETRACTED'] }],
    ['more reasons', { decision: 'deny', reasons: ['RECORD_NOT_OWN', 'RECORD_RETRACTED'] }],
    ['one about another patient', { ...denial, pseudonym: 'psn-2' }],
    ['one about other records', { ...denial, recordIds: ['rec-2'] }],
  ])('believes no denial where the witness has %s', async (_what, has) => {
    await expect(asking(denial, () => Promise.resolve({ ...of, ...has }))).rejects.toMatchObject({ code: 'ANSWER_DIFFERS' });
  });

  const partly = [{ recordId: 'rec-1', reasons: ['RECORD_RETRACTED'] }];
  const permit = { decision: 'permit', expiresAt: 'x', state: 'open' };
  it('tells a denial beside a permit that the witness has too, and opens nothing for it', async () => {
    const has = { ...permit, pseudonym: 'psn-1', recordIds: [], denied: partly };
    const own = (await asking({ ...permit, denied: partly }, () => Promise.resolve(has))) as Awaited<ReturnType<typeof openOwnRecords>>;
    expect(own.denials).toEqual(partly);
    await expect(own.open('rec-1')).rejects.toMatchObject({ code: 'TICKET_CLOSED' });
  });

  it.each<readonly [string, object]>([
    ['a permit of all', { ...permit, recordIds: ['rec-1'] }],
    ['other reasons', { ...permit, recordIds: [], denied: [{ recordId: 'rec-1', reasons: ['RECORD_NOT_OWN'] }] }],
    ['other denials', { ...permit, recordIds: [], denied: [{ recordId: 'rec-2', reasons: ['RECORD_RETRACTED'] }] }],
    ['one more record', { ...permit, recordIds: ['rec-2'], denied: partly }],
  ])('believes no denial beside a permit where the witness has %s', async (_what, has) => {
    const witnessed = (): Promise<unknown> => Promise.resolve({ pseudonym: 'psn-1', ...has });
    await expect(asking({ ...permit, denied: partly }, witnessed)).rejects.toMatchObject({ code: 'ANSWER_DIFFERS' });
  });

  it.each(['deny', 'permit'])('takes no answer about another ticket: %s', async (decision) => {
    const told = { ...denial, decision, ticketId: 'another-ticket' };
    await expect(asking(told, () => Promise.resolve({ ...of, ...denial }))).rejects.toMatchObject({ code: 'ANSWER_DIFFERS' });
  });

  it('tells no denial for which the witness cannot be asked', async () => {
    await expect(asking(denial, () => Promise.reject(new DomainError('WITNESS_UNAVAILABLE')))).rejects.toMatchObject({
      code: 'WITNESS_UNAVAILABLE',
    });
  });
});
