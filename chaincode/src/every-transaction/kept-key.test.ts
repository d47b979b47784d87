import { A, B, must } from './cast.fixture';
import { envelopeSecret, ticket } from './sample.fixture';
import { useStage } from './stage.fixture';

const stage = useStage();

/** Keeps the record's key at the hospital whose key service it is. */
async function keep(msp: string): Promise<void> {
  const { cast, patient, recordId } = stage();
  const input = { pseudonym: patient.pseudonym, recordId, keyEpoch: 1 };
  must(await cast.invoke('PutEnvelope', input, cast.staff(msp, 'keyService'), { transient: envelopeSecret() }));
}

async function answered(msp: string, ticketId: string, recordId: string): Promise<Record<string, unknown> | undefined> {
  const { cast } = stage();
  return must(await cast.invoke('GetKeptKey', { ticketId, recordId }, cast.staff(msp, 'keyService'))).answer;
}

describe('a ticket with the key kept of its record', () => {
  it('names the version that the ticket names, and its envelope', async () => {
    const { recordId, patient } = stage();
    await keep(A);
    const ticketId = await ticket(stage());
    const { envelope } = envelopeSecret();
    expect(await answered(A, ticketId, recordId)).toMatchObject({
      ticket: { ticketId, decision: 'permit' },
      kept: { record: { recordId, pseudonym: patient.pseudonym, version: 1, keyEpoch: 1 }, envelope: { recordId, keyEpoch: 1, envelope } },
    });
  });

  it('is a ticket alone where the record is not of the ticket', async () => {
    await keep(A);
    const ticketId = await ticket(stage());
    const answer = await answered(A, ticketId, `${stage().recordId}x`);
    expect(answer).toMatchObject({ ticket: { ticketId } });
    expect(answer).not.toHaveProperty('kept');
  });

  it('is told to its custodian alone, and to others as little as one that is not there', async () => {
    const { cast, recordId } = stage();
    await keep(A);
    const ticketId = await ticket(stage());
    const asked = (id: string) => cast.invoke('GetKeptKey', { ticketId: id, recordId }, cast.staff(B, 'keyService'));
    const [there, absent] = [await asked(ticketId), await asked(cast.id('tic'))];
    expect(there).toMatchObject({ code: 'NOT_FOUND', writes: 0 });
    expect(there.message).toBe(absent.message);
  });

  it('is a ticket alone where no key is kept', async () => {
    const ticketId = await ticket(stage());
    expect(await answered(A, ticketId, stage().recordId)).not.toHaveProperty('kept');
  });
});
