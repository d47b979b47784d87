import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import {
  addMilliseconds,
  canonicalJson,
  instantOf,
  mspIdSchema,
  ownTicketIdOf,
  permittedTicketSchema,
  pseudonymSchema,
  sha256,
  TICKET_LIFETIME_MS,
  transactions,
} from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { amended, nonce, recordId, recordEntry, recordKey, retracted, versionEntry, versionKey } from './member-chain.fixture';
import { MINUTE, network, NOW, type PatientChain, pseudonym, relationship, ticketKey, usePatientChain } from './patient-chain.fixture';
import { Proxy } from './proxy.fixture';
import { useRecovery } from './recovery-chain.fixture';

const ephemeralPublicKey = publicKeyOf(newPrivateKey());
const ticketId = ownTicketIdOf({ pseudonym, nonce });
const input = { ticketId, nonce, pseudonym, recordIds: [recordId], ephemeralPublicKey, mspId: 'CMSP' };

/** The permit as the chaincode writes it, but for what is said. */
function permit(changes: object = {}, at = NOW): string {
  const requestedAt = instantOf(at);
  const asked = { ticketId, pseudonym, recordIds: [recordId], purpose: 'PATRQT', ephemeralPublicKey, requestedAt };
  return canonicalJson({
    ...{ schemaVersion: 1, ...asked, actor: { kind: 'patient', mspId: 'CMSP' } },
    origin: { requestHash: sha256('a request'), actor: { kind: 'patient', pseudonym } },
    ...{ decision: 'permit', custodianMspId: 'AMSP', recordVersions: [1], provisionIds: ['own'], grantVersions: [], state: 'open' },
    expiresAt: addMilliseconds(requestedAt, TICKET_LIFETIME_MS),
    ...changes,
  });
}

/** The patient's command, carried by C's node, and what is written for it. */
function opened(chain: PatientChain, changes: object = {}, said: object = {}): Call {
  const writes = { [ticketKey(ticketId)]: permit(changes, chain.now) };
  return { ...chain.command(transactions.OpenOwnRecords, { ...input, ...said }, writes), creatorMspId: 'CMSP' };
}

async function wordOn(chain: PatientChain, changes: object = {}): Promise<string> {
  const word = await chain.index.permitsWordFor(permittedTicketSchema.parse(JSON.parse(permit(changes))));
  return word.kind === 'unfounded' ? word.part : word.kind;
}

describe('whether a patient’s permit for their own records is the patient’s word', () => {
  const used = usePatientChain();
  let chain: PatientChain;
  beforeEach(() => {
    chain = used();
  });
  const word = (): Promise<string> => wordOn(chain);

  it('is told of a command by the announced key, by the block and by an auditor', async () => {
    await chain.say(opened(chain));
    expect(await word()).toBe('given');
    expect(chain.names()).toEqual([]);
    expect(chain.audit.report()).toMatchObject({ alarms: [], permits: 2 });
  });

  it('is told of a command of which the permit opens a part, and denies the rest', async () => {
    const denied = [{ recordId: 'nothing', reasons: ['RECORD_NOT_OWN'] }];
    await chain.say(opened(chain, { denied }, { recordIds: ['nothing', ...input.recordIds] }));
    expect(await word()).toBe('given');
    expect(chain.names()).toEqual([]);
  });

  it('is not told of a permit that denies what was not commanded', async () => {
    await chain.say(opened(chain, { denied: [{ recordId: 'nothing', reasons: ['RECORD_NOT_OWN'] }] }));
    expect(await word()).toBe('request');
    expect(chain.names()).toEqual(['ticket-not-as-requested']);
  });

  it.each<readonly [string, () => Call]>([
    ['the patient has suspended the relationship', () => chain.relating('SuspendRelationship', relationship('suspended', 'patient'))],
    ['the patient has forbidden everything to the member that carries', () => chain.denied()],
    [
      'others have written a consent that the patient did not give',
      () => chain.forged({ [`\u0000grant\u0000${pseudonym}\u0000organisation\u0000CMSP\u0000all\u0000`]: '{}' }),
    ],
  ])('stays the patient’s word although %s', async (_what, said) => {
    const call = said();
    await (call.argument === '{}' ? chain.add(call) : chain.say(call));
    await chain.say(opened(chain));
    expect(await word()).toBe('given');
  });

  it.each<readonly [string, () => Call, string]>([
    ['nobody commanded', () => chain.forged({ [ticketKey(ticketId)]: permit() }), 'ticket-without-request'],
    ['another key has commanded', () => commanded({ signed: newPrivateKey() }), 'command-not-signed'],
    ['was commanded for another ledger', () => commanded({ network: { ...network, channel: 'other' } }), 'command-not-signed'],
    [
      'another command stands beside',
      () => ({ ...chain.granted(), writes: { ...chain.granted().writes, [ticketKey(ticketId)]: permit() } }),
      'ticket-without-request',
    ],
    ['is for another record', () => opened(chain, { recordIds: ['another'] }), 'ticket-not-as-requested'],
    [
      'is for a member that has not carried it',
      () => opened(chain, { actor: { kind: 'patient', mspId: 'BMSP' } }),
      'ticket-not-as-requested',
    ],
    [
      'is for a delegate who has not commanded it',
      () => opened(chain, { actor: { kind: 'delegate', mspId: 'CMSP', delegationId: 'd-1' } }),
      'ticket-not-as-requested',
    ],
    ['is sealed to another key', () => opened(chain, { ephemeralPublicKey: publicKeyOf(newPrivateKey()) }), 'ticket-not-as-requested'],
    ['lasts longer', () => opened(chain, { expiresAt: instantOf(NOW + 2 * TICKET_LIFETIME_MS) }), 'ticket-not-as-requested'],
    ['is for another purpose', () => opened(chain, { purpose: 'TREAT' }), 'ticket-not-as-requested'],
    ['another member has carried than the command names', () => ({ ...opened(chain), creatorMspId: 'BMSP' }), 'ticket-not-as-requested'],
    [
      'another member has carried, and has the permit',
      () => ({ ...opened(chain, { actor: { kind: 'patient', mspId: 'BMSP' } }), creatorMspId: 'BMSP' }),
      'ticket-not-as-requested',
    ],
    ['rests on a consent', () => opened(chain, { provisionIds: ['p1'] }), 'ticket-not-as-requested'],
  ])('is told of one that %s', async (_what, call, alarm) => {
    await chain.add(call());
    expect(chain.names()).toContain(alarm);
    expect(await word()).toBe('request');
  });

  const commanded = (twist: Parameters<PatientChain['command']>[3]): Call => ({
    ...chain.command(transactions.OpenOwnRecords, input, { [ticketKey(ticketId)]: permit() }, twist),
    creatorMspId: 'CMSP',
  });

  it('is told of one that was written again after it was closed', async () => {
    await chain.say(opened(chain));
    await chain.add(
      chain.forged({
        [ticketKey(ticketId)]: permit({ state: 'closed', closed: { at: instantOf(NOW), by: { kind: 'patient', pseudonym } } }),
      }),
    );
    await chain.add(chain.forged({ [ticketKey(ticketId)]: permit() }));
    expect(await word()).toBe('request');
    expect(chain.names()).toContain('ticket-without-request');
  });

  it('is nobody’s of a command that came too late, without an alarm', async () => {
    const call = opened(chain);
    chain.now += 6 * MINUTE;
    await chain.say(call);
    expect(await word()).toBe('request');
    expect(chain.names()).toEqual([]);
  });

  it('says nothing of a record that its hospital has not written so', async () => {
    await chain.say(opened(chain));
    await chain.add(chain.forged({ [recordKey(recordId)]: recordEntry(2), [versionKey(recordId, 2)]: versionEntry(2) }));
    expect(await word()).toBe('record');
  });

  it('goes on for a record that its hospital has retracted', async () => {
    await chain.add(amended(2), retracted(3));
    await chain.say(opened(chain, { recordVersions: [2], retracted: [recordId] }));
    expect(await word()).toBe('given');
  });

  it('is nobody’s of a patient whom the hospital does not follow', async () => {
    await chain.say(opened(chain));
    expect(await wordOn(chain, { pseudonym: pseudonymSchema.parse('psn-2') })).toBe('unproven');
  });

  describe('of who acts for the patient', () => {
    const asDelegate = (proxy: Proxy): Call => {
      const until = instantOf(NOW + TICKET_LIFETIME_MS);
      const written = permit({
        actor: { kind: 'delegate', mspId: mspIdSchema.parse('CMSP'), delegationId: proxy.delegationId },
        expiresAt: until,
      });
      return { ...proxy.command(transactions.OpenOwnRecords, input, { [ticketKey(ticketId)]: written }), creatorMspId: 'CMSP' };
    };
    it('is not that of a proxy whom the patient has chosen, whatever the scopes', async () => {
      const proxy = new Proxy(chain);
      await chain.say(proxy.appointed());
      await chain.add(asDelegate(proxy));
      expect(chain.names()).toContain('command-not-allowed');
      expect(await wordOn(chain, { actor: { kind: 'delegate', mspId: 'CMSP', delegationId: proxy.delegationId } })).toBe('request');
    });
  });
});

describe('a patient’s permit for their own records, after a recovery', () => {
  const recovery = useRecovery();
  it('is nobody’s word any more: who has got the new key has not asked for it', async () => {
    const { chain } = recovery();
    await chain.say(recovery().naming());
    await chain.say(opened(chain));
    await chain.add(recovery().opening());
    await chain.add(recovery().approving());
    expect(await wordOn(chain)).toBe('given');
    recovery().untilDue();
    await chain.add(recovery().completing());
    expect(chain.names()).toEqual([]);
    expect(await wordOn(chain)).toBe('request');
  });
});
