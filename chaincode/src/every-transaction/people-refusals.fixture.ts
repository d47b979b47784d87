import { hashOfJson } from '@lianyi/domain';
import { A, B, must, type Stage } from './cast.fixture';
import { newKey, sha256Of } from './consortium.fixture';
import {
  after,
  type Case,
  changed,
  closePseudonym,
  otherTransient,
  taken,
  twice,
  unknownCard,
  unknownTag,
  valid,
} from './refusal-case.fixture';
import { linkOf, type Prepared } from './sample.fixture';

export const peopleRefusals: readonly Case[] = [
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
    async (stage: Stage): Promise<Prepared> => {
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
    ({ cast, patient }: Stage): Prepared => {
      const linkId = 'link-x';
      const transient = { ...linkOf(cast, patient), linkId, pseudonym: 'nobody' };
      return {
        input: { linkId, transientSha256: hashOfJson(transient) },
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
  ['RegisterStaff', 'NOT_PERMITTED', 'staff would make a key service', changed('RegisterStaff', { roles: ['keyService'] })],
  ['RegisterStaff', 'NOT_PERMITTED', 'staff would make their like', changed('RegisterStaff', { roles: ['nurse', 'hrAdmin'] })],
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
    async (stage: Stage): Promise<Prepared> => {
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
];
