import { type ErrorCode, hashOfJson, type TransactionName, transactions } from '@lianyi/domain';
import { A, B, C, type Cast, must, type Stage, useStage } from './cast';
import { newKey, sha256Of } from './consortium';
import { envelopeSecret, linkOf, names, type Prepared, samples, ticket } from './requests';

/** Every refusal that the catalogue lists for a transaction, brought about; and that it leaves nothing behind. */

type Case = readonly [name: TransactionName, code: ErrorCode, when: string, prepare: (stage: Stage) => Promise<Prepared>];

const valid = (name: TransactionName, stage: Stage): Promise<Prepared> => samples[name].prepare(stage);
/** The valid request with some fields changed. */
const changed =
  (name: TransactionName, fields: Readonly<Record<string, unknown>>) =>
  async (stage: Stage): Promise<Prepared> => {
    const prepared = await valid(name, stage);
    return { ...prepared, input: { ...prepared.input, ...fields } };
  };
/** The valid request a second time by the same actor, with some fields changed: the id is taken. */
const taken =
  (name: TransactionName, fields: (cast: Cast) => Readonly<Record<string, unknown>>) =>
  async (stage: Stage): Promise<Prepared> => {
    const prepared = await valid(name, stage);
    must(await stage.cast.invoke(name, prepared.input, prepared.as, prepared.bend));
    return { ...prepared, input: { ...prepared.input, ...fields(stage.cast) } };
  };
/** The request twice: the second finds the state that the first has left. */
const twice = (name: TransactionName) => taken(name, () => ({}));
/** The valid request after something else has happened. */
const after =
  (name: TransactionName, happens: (stage: Stage, prepared: Prepared) => Promise<unknown>) =>
  async (stage: Stage): Promise<Prepared> => {
    const prepared = await valid(name, stage);
    await happens(stage, prepared);
    return prepared;
  };
const unknownCard = { cardId: 'nobody' };
const unknownTag = { actorTag: 'nobody' };
const unknownRecord = { recordId: 'nothing' };
const suspendRelationship = async ({ cast, patient }: Stage): Promise<void> => {
  must(await cast.invoke('SuspendRelationship', { pseudonym: patient.pseudonym, mspId: A }, patient));
};
const closePseudonym = async ({ cast, patient }: Stage): Promise<void> => {
  // no transaction of this release closes one
  const [key, text] = [...cast.state.dump({ kind: 'public' })].find(([at]) =>
    at.startsWith(`\u0000pseudonym\u0000${patient.pseudonym}`),
  ) ?? ['', '{}'];
  await cast.state.apply([
    { kind: 'put', space: { kind: 'public' }, key, value: Buffer.from(text.replace('"state":"active"', '"state":"closed"')) },
  ]);
};
const retract = async ({ cast, patient, recordId }: Stage): Promise<void> => {
  must(
    await cast.invoke(
      'RetractRecord',
      { pseudonym: patient.pseudonym, recordId, previousVersion: 1, reason: 'other' },
      cast.staff(A, 'recordAdmin'),
    ),
  );
};
const retireVault = async ({ cast }: Stage): Promise<void> => {
  must(await cast.invoke('UpdateEndpoint', cast.endpointInput(C, 'retired'), cast.admin(C)));
};
const firstReceiptMissing =
  (name: TransactionName) =>
  async (stage: Stage): Promise<Prepared> => {
    const prepared = await valid(name, stage);
    const receipts = prepared.input['receipts'] as readonly unknown[];
    return { ...prepared, input: { ...prepared.input, receipts: [receipts[1], receipts[1]] } };
  };
const otherObject =
  (name: TransactionName) =>
  async (stage: Stage): Promise<Prepared> => {
    const prepared = await valid(name, stage);
    return { ...prepared, input: { ...prepared.input, cipherSha256: sha256Of('another object') } };
  };
const forgedReceipt =
  (name: TransactionName) =>
  async (stage: Stage): Promise<Prepared> => {
    const { cast } = stage;
    const key = cast.vaultKeys.get(C) ?? newKey();
    cast.vaultKeys.set(C, newKey());
    const prepared = await valid(name, stage);
    cast.vaultKeys.set(C, key);
    return prepared;
  };
const otherTransient =
  (name: TransactionName, other: (stage: Stage) => Readonly<Record<string, unknown>>) =>
  async (stage: Stage): Promise<Prepared> => ({ ...(await valid(name, stage)), bend: { transient: other(stage) } });

const cases: readonly Case[] = [
  ['RegisterPatient', 'ALREADY_EXISTS', 'the pseudonym is taken', taken('RegisterPatient', () => ({ nextKeyHash: newKey().hash }))],
  ['IssueCard', 'ALREADY_EXISTS', 'the card id is taken', taken('IssueCard', () => ({ holderCommitment: sha256Of('other') }))],
  ['IssueCard', 'NOT_FOUND', 'there is no such pseudonym', changed('IssueCard', { pseudonym: 'nobody' })],
  ['IssueCard', 'ILLEGAL_STATE', 'the pseudonym is closed', after('IssueCard', closePseudonym)],
  ['ActivateCard', 'NOT_FOUND', 'there is no such card', changed('ActivateCard', unknownCard)],
  ['ActivateCard', 'ILLEGAL_STATE', 'it is active', twice('ActivateCard')],
  ['SuspendCard', 'NOT_FOUND', 'there is no such card', changed('SuspendCard', unknownCard)],
  ['SuspendCard', 'ILLEGAL_STATE', 'it is suspended', twice('SuspendCard')],
  ['CloseCard', 'NOT_FOUND', 'there is no such card', changed('CloseCard', unknownCard)],
  ['CloseCard', 'ILLEGAL_STATE', 'it is closed', twice('CloseCard')],
  ['GetCard', 'NOT_FOUND', 'there is no such card', changed('GetCard', unknownCard)],
  [
    'LinkIdentifier',
    'ALREADY_EXISTS',
    'the link id is taken',
    async (stage) => {
      const { cast } = stage;
      const prepared = await valid('LinkIdentifier', stage);
      must(await cast.invoke('LinkIdentifier', prepared.input, prepared.as, prepared.bend));
      const transient = { ...linkOf(cast, stage.patient), linkId: prepared.input['linkId'], value: 'another' };
      return { input: { linkId: prepared.input['linkId'], transientSha256: hashOfJson(transient) }, as: prepared.as, bend: { transient } };
    },
  ],
  [
    'LinkIdentifier',
    'HASH_MISMATCH',
    'the transient value is another',
    otherTransient('LinkIdentifier', ({ cast, patient }) => linkOf(cast, patient)),
  ],
  [
    'LinkIdentifier',
    'NOT_FOUND',
    'there is no such pseudonym',
    async ({ cast, patient }) => {
      const transient = { ...linkOf(cast, patient), pseudonym: 'nobody' };
      return {
        input: { linkId: transient['linkId'], transientSha256: hashOfJson(transient) },
        as: cast.staff(A, 'registrar'),
        bend: { transient },
      };
    },
  ],
  ['ResolveIdentifier', 'NOT_FOUND', 'there is no such link', changed('ResolveIdentifier', { linkId: 'nothing' })],
  ['UnlinkIdentifier', 'NOT_FOUND', 'it is gone already', twice('UnlinkIdentifier')],
  ['GetPseudonym', 'NOT_FOUND', 'there is none', changed('GetPseudonym', { pseudonym: 'nobody' })],

  [
    'RegisterOrganisation',
    'ALREADY_EXISTS',
    'it is registered with other keys',
    taken('RegisterOrganisation', () => ({ kinds: ['laboratory'] })),
  ],
  [
    'RegisterOrganisation',
    'GENESIS_MISMATCH',
    'it stands in front of another network',
    changed('RegisterOrganisation', { genesis: sha256Of('another block 0') }),
  ],
  ['RegisterStaff', 'ALREADY_EXISTS', 'the tag is taken', taken('RegisterStaff', () => ({ publicKeyHash: newKey().hash }))],
  [
    'RegisterStaff',
    'ROLE_NOT_ASSERTABLE',
    'a hospital asserts a regulator',
    changed('RegisterStaff', { roles: ['clinician', 'regulator'] }),
  ],
  ['UpdateStaffDuty', 'NOT_FOUND', 'there is no such entry', changed('UpdateStaffDuty', unknownTag)],
  [
    'UpdateStaffDuty',
    'ILLEGAL_STATE',
    'it is revoked',
    after('UpdateStaffDuty', async ({ cast }, { input }) =>
      must(await cast.invoke('RevokeStaff', { actorTag: input['actorTag'], reason: 'left' }, cast.admin(A))),
    ),
  ],
  ['RevokeStaff', 'NOT_FOUND', 'there is no such entry', changed('RevokeStaff', unknownTag)],
  ['RevokeStaff', 'ILLEGAL_STATE', 'it is revoked', twice('RevokeStaff')],
  ['GetOrganisation', 'NOT_FOUND', 'there is none', changed('GetOrganisation', { mspId: 'NobodyMSP' })],
  ['GetStaff', 'NOT_FOUND', 'there is no such entry', changed('GetStaff', unknownTag)],

  ['ProposeRelationship', 'NOT_FOUND', 'there is no such pseudonym', changed('ProposeRelationship', { pseudonym: 'nobody' })],
  ['ProposeRelationship', 'ALREADY_EXISTS', 'it was proposed otherwise', taken('ProposeRelationship', () => ({ type: 'laboratory' }))],
  [
    'ProposeRelationship',
    'ILLEGAL_STATE',
    'the pseudonym is closed',
    async (stage) => {
      await closePseudonym(stage);
      return { input: { pseudonym: stage.patient.pseudonym, type: 'care' }, as: stage.cast.staff(A, 'registrar') };
    },
  ],
  ...(['AcceptRelationship', 'RejectRelationship', 'SuspendRelationship', 'ResumeRelationship', 'TerminateRelationship'] as const).flatMap(
    (name): Case[] => [
      [name, 'NOT_FOUND', 'there is none', changed(name, { mspId: B })],
      [name, 'ILLEGAL_STATE', 'that step was taken', twice(name)],
    ],
  ),
  ['GetRelationship', 'NOT_FOUND', 'there is none', changed('GetRelationship', { mspId: B })],

  ['AnchorRecord', 'ALREADY_EXISTS', 'the record id is taken', taken('AnchorRecord', (cast) => cast.content())],
  ['AnchorRecord', 'NOT_FOUND', 'a vault is retired', after('AnchorRecord', retireVault)],
  ['AnchorRecord', 'ILLEGAL_STATE', 'there is no relationship', changed('AnchorRecord', { pseudonym: 'nobody' })],
  ['AnchorRecord', 'ILLEGAL_STATE', 'the relationship is suspended', after('AnchorRecord', suspendRelationship)],
  ['AnchorRecord', 'RECEIPTS_MISSING', 'a place has not signed', firstReceiptMissing('AnchorRecord')],
  ['AnchorRecord', 'HASH_MISMATCH', 'the receipts are for another object', otherObject('AnchorRecord')],
  ['AnchorRecord', 'BAD_SIGNATURE', 'a receipt is signed by another key', forgedReceipt('AnchorRecord')],
  ['AmendRecord', 'NOT_FOUND', 'there is no such record', changed('AmendRecord', unknownRecord)],
  ['AmendRecord', 'ILLEGAL_STATE', 'it is retracted', after('AmendRecord', retract)],
  ['AmendRecord', 'ILLEGAL_STATE', 'the relationship is suspended', after('AmendRecord', suspendRelationship)],
  ['AmendRecord', 'VERSION_CONFLICT', 'it has been amended meanwhile', taken('AmendRecord', (cast) => cast.content())],
  ['AmendRecord', 'RECEIPTS_MISSING', 'a place has not signed', firstReceiptMissing('AmendRecord')],
  ['AmendRecord', 'HASH_MISMATCH', 'the receipts are for another object', otherObject('AmendRecord')],
  ['RetractRecord', 'NOT_FOUND', 'there is no such record', changed('RetractRecord', unknownRecord)],
  ['RetractRecord', 'ILLEGAL_STATE', 'it is retracted', taken('RetractRecord', () => ({ previousVersion: 2 }))],
  ['RetractRecord', 'VERSION_CONFLICT', 'another version is meant', changed('RetractRecord', { previousVersion: 2 })],
  ['GetRecord', 'NOT_FOUND', 'there is none', changed('GetRecord', unknownRecord)],
  ['GetRecordVersion', 'NOT_FOUND', 'there is no such version', changed('GetRecordVersion', { version: 2 })],

  ['GrantPolicy', 'ALREADY_EXISTS', 'the grantee has a policy', twice('GrantPolicy')],
  ['AmendPolicy', 'NOT_FOUND', 'there is none', changed('AmendPolicy', { grantee: { kind: 'organisation', mspId: B, name: 'all' } })],
  ['AmendPolicy', 'VERSION_CONFLICT', 'it has been amended meanwhile', twice('AmendPolicy')],
  [
    'AmendPolicy',
    'ILLEGAL_STATE',
    'it is revoked',
    after('AmendPolicy', async ({ cast, patient }, { input }) =>
      must(await cast.invoke('RevokePolicy', { pseudonym: patient.pseudonym, grantee: input['grantee'], previousVersion: 1 }, patient)),
    ),
  ],
  ['RevokePolicy', 'NOT_FOUND', 'there is none', changed('RevokePolicy', { grantee: { kind: 'organisation', mspId: B, name: 'all' } })],
  ['RevokePolicy', 'ILLEGAL_STATE', 'it is revoked', twice('RevokePolicy')],
  ['RevokePolicy', 'VERSION_CONFLICT', 'another version is meant', changed('RevokePolicy', { previousVersion: 9 })],
  ['GetPolicy', 'NOT_FOUND', 'there is none', changed('GetPolicy', { grantee: { kind: 'organisation', mspId: B, name: 'all' } })],

  ['RequestAccess', 'ALREADY_EXISTS', 'the ticket id is taken', taken('RequestAccess', () => ({ ephemeralPublicKey: newKey().publicKey }))],
  ['CloseTicket', 'NOT_FOUND', 'there is none', changed('CloseTicket', { ticketId: 'nothing' })],
  ['CloseTicket', 'ILLEGAL_STATE', 'it is closed', twice('CloseTicket')],
  ['GetDecision', 'NOT_FOUND', 'there is none', changed('GetDecision', { ticketId: 'nothing' })],

  [
    'PutEnvelope',
    'ALREADY_EXISTS',
    'there is another envelope',
    async (stage) => {
      const prepared = await valid('PutEnvelope', stage);
      must(await stage.cast.invoke('PutEnvelope', prepared.input, prepared.as, prepared.bend));
      const transient = { ...envelopeSecret(), details: { title: 'another' } };
      return { input: { ...prepared.input, transientSha256: hashOfJson(transient) }, as: prepared.as, bend: { transient } };
    },
  ],
  [
    'PutEnvelope',
    'HASH_MISMATCH',
    'the transient value is another',
    otherTransient('PutEnvelope', () => ({ ...envelopeSecret(), details: {} })),
  ],
  ['GetEnvelope', 'NOT_FOUND', 'there is none', changed('GetEnvelope', { keyEpoch: 2 })],
  ['RecordKeyRelease', 'NOT_FOUND', 'there is no such ticket', changed('RecordKeyRelease', { ticketId: 'nothing' })],
  ['RecordKeyRelease', 'ALREADY_EXISTS', 'the release id is taken', taken('RecordKeyRelease', () => ({ sealedSha256: sha256Of('other') }))],
  ['RecordKeyRelease', 'TICKET_CLOSED', 'the record is not of this ticket', changed('RecordKeyRelease', unknownRecord)],
];

const stage = useStage();

describe('refusals', () => {
  it.each(cases)('%s answers %s when %s, and writes nothing', async (name, code, _when, prepare) => {
    const { input, as, bend } = await prepare(stage());
    const before = stage().cast.state.dump({ kind: 'public' });
    const outcome = await stage().cast.invoke(name, input, as, bend);
    expect(outcome).toMatchObject({ status: 500, code, writes: 0, events: [] });
    expect(stage().cast.state.dump({ kind: 'public' })).toEqual(before);
  });

  it('are all of those that the catalogue lists', () => {
    const brought = new Set(cases.map(([name, code]) => `${name} ${code}`));
    const listed = names.flatMap((name) => transactions[name].refusals.map((code) => `${name} ${code}`));
    expect(listed.filter((refusal) => !brought.has(refusal))).toEqual([]);
  });

  it('leave the patient’s key good for the corrected command', async () => {
    const { cast, patient } = stage();
    const input = { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), previousVersion: 1 };
    expect((await cast.invoke('RevokePolicy', input, patient)).code).toBe('NOT_FOUND');
    must(
      await cast.invoke(
        'GrantPolicy',
        { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions: [cast.permit()] },
        patient,
      ),
    );
  });
});

describe('the ticket', () => {
  const release = async (change: (stage: Stage, ticketId: string) => Promise<unknown>): Promise<unknown> => {
    const { cast, recordId } = stage();
    const ticketId = await ticket(stage());
    await change(stage(), ticketId);
    const input = { ticketId, recordId, releaseId: cast.id('rel'), sealedSha256: sha256Of('sealed') };
    const outcome = await cast.invoke('RecordKeyRelease', input, cast.staff(A, 'keyService'));
    expect(outcome.writes === 0).toBe(outcome.status !== 200);
    return outcome.status === 200 ? 'released' : `${String(outcome.code)} ${String(outcome.details['obstacle'])}`;
  };
  const grantOf = (cast: Cast, pseudonym: string): Readonly<Record<string, unknown>> => ({
    pseudonym,
    grantee: cast.cardiologyOf(B),
    previousVersion: 1,
  });

  it('opens as long as nothing has changed', async () => {
    expect(await release(() => Promise.resolve())).toBe('released');
  });

  it.each<readonly [string, string, (stage: Stage, ticketId: string) => Promise<unknown>]>([
    ['after its fifteen minutes', 'expired', async ({ cast }) => (cast.now += 900_000)],
    [
      'after the patient has revoked',
      'consent-changed',
      async ({ cast, patient }) => must(await cast.invoke('RevokePolicy', grantOf(cast, patient.pseudonym), patient)),
    ],
    [
      'after the patient has amended, even to the same',
      'consent-changed',
      async ({ cast, patient }) =>
        must(await cast.invoke('AmendPolicy', { ...grantOf(cast, patient.pseudonym), provisions: [cast.permit()] }, patient)),
    ],
    [
      'after the patient has forbidden it to the organisation',
      'consent-changed',
      async ({ cast, patient }) => {
        const provision = { provisionId: 'no', effect: 'deny', purposes: 'any', validFrom: cast.instant(-1) };
        must(
          await cast.invoke(
            'GrantPolicy',
            { pseudonym: patient.pseudonym, grantee: { kind: 'organisation', mspId: B, name: 'all' }, provisions: [provision] },
            patient,
          ),
        );
      },
    ],
    ['after the relationship was suspended', 'consent-changed', suspendRelationship],
    ['after the record was retracted', 'record-changed', retract],
    [
      'after the record was amended',
      'record-changed',
      async ({ cast, patient, recordId }) =>
        must(
          await cast.invoke(
            'AmendRecord',
            { pseudonym: patient.pseudonym, recordId, previousVersion: 1, operation: 'amend', ...cast.content() },
            cast.staff(A, 'recordAdmin'),
          ),
        ),
    ],
    [
      'after it was closed by who asked',
      'closed',
      async ({ cast }, ticketId) => must(await cast.invoke('CloseTicket', { ticketId }, cast.staff(B, 'clinician'))),
    ],
    [
      'after it was closed by the patient',
      'closed',
      async ({ cast, patient }, ticketId) => must(await cast.invoke('CloseTicket', { ticketId }, patient)),
    ],
    [
      'after the clinician was revoked',
      'asker-revoked',
      async ({ cast }) =>
        must(await cast.invoke('RevokeStaff', { actorTag: cast.staff(B, 'clinician').actorTag, reason: 'misconduct' }, cast.admin(B))),
    ],
  ])('opens nothing %s', async (_when, obstacle, change) => {
    expect(await release(change)).toBe(`TICKET_CLOSED ${obstacle}`);
  });

  it.each([B, C])('opens nothing to the key service of %s, which is not the custodian', async (msp) => {
    const { cast, recordId } = stage();
    const input = { ticketId: await ticket(stage()), recordId, releaseId: 'rel', sealedSha256: sha256Of('sealed') };
    expect(await cast.invoke('RecordKeyRelease', input, cast.staff(msp, 'keyService'))).toMatchObject({ code: 'TICKET_CLOSED', writes: 0 });
  });

  it('is no permit when it is a denial', async () => {
    const { cast, patient, recordId } = stage();
    const asked = cast.accessInput(patient, [recordId]);
    must(await cast.invoke('RequestAccess', asked, cast.staff(B, 'clinician')));
    const input = { ticketId: asked['ticketId'], recordId, releaseId: 'rel', sealedSha256: sha256Of('sealed') };
    expect(await cast.invoke('RecordKeyRelease', input, cast.staff(A, 'keyService'))).toMatchObject({ code: 'TICKET_CLOSED', writes: 0 });
  });

  it.each(['another clinician', 'another patient'])('is not closed by %s', async (who) => {
    const { cast } = stage();
    const ticketId = await ticket(stage());
    const other = who === 'another patient' ? await cast.newPatient() : cast.staff(C, 'clinician');
    expect(await cast.invoke('CloseTicket', { ticketId }, other)).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
  });
});
