import { type recoveryArea, recoveryTable } from '@lianyi/domain';
import { type AreaFixture, type Prepared } from './area.fixture';
import { A, B, C, LEAST_COOLING_OFF_MINUTES, must } from './cast.fixture';
import { newKey, sha256Of } from './consortium.fixture';
import { guardianTransactions } from './guardian.fixture';
import {
  another,
  assisted,
  coolingOff,
  crowded,
  due,
  evidence,
  HOUR,
  keyOf,
  later,
  noSuch,
  opened,
  proposed,
  toApprove,
  toPropose,
  veto,
} from './recovery-steps.fixture';
import { after, changed, closePseudonym, enoughOfThem, inTurns, taken, twice } from './refusal-case.fixture';
import { audit, nothing, page } from './sample.fixture';

export const recoveryFixture = {
  states: {
    recovery: {
      table: recoveryTable,
      legal: [
        'opened approve opened',
        'opened suffice coolingOff',
        'opened veto vetoed',
        'opened expire expired',
        'opened supersede superseded',
        'coolingOff reconfirm coolingOff',
        'coolingOff complete completed',
        'coolingOff veto vetoed',
        'coolingOff expire expired',
        'coolingOff supersede superseded',
      ],
    },
  },
  transactions: {
    ...guardianTransactions,
    OpenRecovery: {
      callers: 'G',
      by: 'guardian',
      written: ['pseudonym', 'recoveryCase', audit],
      events: ['RecoveryOpened'],
      again: { answers: { state: 'opened' } },
      prepare: async ({ cast, patient }) => {
        const [guardian] = await cast.nameGuardians(patient);
        return { input: cast.recovery(patient).input, as: guardian };
      },
      refusals: [
        [
          'ALREADY_EXISTS',
          'another guardian has opened it',
          async (stage) => {
            const { input, guardians } = await opened(stage);
            return { input, as: guardians[1] };
          },
        ],
        ['ID_MISMATCH', 'the id was made for another key', changed({ newKeyHash: newKey().hash })],
        ['RECOVERY_OPEN', 'they have opened another one', another],
        [
          'RECOVERY_OPEN',
          'another one is cooling off',
          async (stage) => {
            const { guardians } = await coolingOff(stage);
            return { input: stage.cast.recovery(stage.patient).input, as: guardians[2] };
          },
        ],
        [
          'RECOVERY_OPEN',
          'registrars have vouched for one',
          after(async (stage) => {
            const { input, as } = await proposed(stage);
            must(await stage.cast.invoke('ConfirmRecovery', input, as));
          }),
        ],
        ['ILLEGAL_STATE', 'the pseudonym is closed', after(closePseudonym)],
        [
          'NOT_PERMITTED',
          'somebody else asks, whom nobody has named',
          async (_stage, valid) => {
            const prepared = await valid.prepare();
            return { ...prepared, as: { ...prepared.as, key: newKey() } as Prepared['as'] };
          },
        ],
        ['NOT_PERMITTED', 'the patient has named others', after(async ({ cast, patient }) => cast.nameGuardians(patient))],
      ],
    },
    ApproveRecovery: {
      callers: 'G',
      by: 'guardian',
      written: ['recoveryCase', audit],
      events: ['RecoveryApproved'],
      again: { refused: 'ILLEGAL_STATE' },
      prepare: toApprove,
      refusals: [
        [
          'ALREADY_EXISTS',
          'they have approved it already',
          async ({ cast, patient }) => {
            const [as] = await cast.nameGuardians(patient, { threshold: 3 });
            const { input, key } = cast.recovery(patient);
            must(await cast.invoke('OpenRecovery', input, as));
            return { input: key, as };
          },
        ],
        ['NOT_FOUND', 'there is none', changed(noSuch)],
        ['ILLEGAL_STATE', 'enough have approved it', taken(() => ({}))],
        ['ILLEGAL_STATE', 'the old key has refused it', after(veto)],
        [
          'ILLEGAL_STATE',
          'it is for registrars to confirm',
          async (stage) => ({ as: (await stage.cast.nameGuardians(stage.patient))[0], input: keyOf(await proposed(stage)) }),
        ],
        ['RECOVERY_EXPIRED', 'it has waited for 72 hours', later(72)],
        ['NOT_PERMITTED', 'the patient has named others', after(async ({ cast, patient }) => cast.nameGuardians(patient))],
      ],
    },
    ProposeRecovery: {
      callers: 'registrar',
      by: 'registrar',
      written: ['pseudonym', 'recoveryCase', audit],
      events: ['RecoveryOpened'],
      again: { answers: { state: 'opened' } },
      prepare: toPropose,
      refusals: [
        [
          'ALREADY_EXISTS',
          'a colleague has proposed it',
          async (stage, valid) => {
            const { input, as } = await valid.prepare();
            must(await stage.cast.invoke('ProposeRecovery', input, as));
            return { input, as: await stage.cast.colleague(A, 'registrar') };
          },
        ],
        ['ID_MISMATCH', 'the id was made for another key', changed({ newKeyHash: newKey().hash })],
        [
          'NOT_FOUND',
          'there is no such patient',
          ({ cast }) => ({
            input: { ...cast.recovery({ pseudonym: 'nobody', carrier: A }).input, evidence },
            as: cast.staff(A, 'registrar'),
          }),
        ],
        ['RECOVERY_OPEN', 'they have opened another one', another],
        ['RECOVERY_OPEN', 'as many of their colleagues have opened one as may wait beside each other', crowded],
        [
          'RECOVERY_OPEN',
          'guardians have approved another one',
          async (stage) => {
            await coolingOff(stage);
            return toPropose(stage);
          },
        ],
        ['ILLEGAL_STATE', 'the pseudonym is closed', after(closePseudonym)],
        [
          'ILLEGAL_STATE',
          'nobody has a wallet of it',
          async (stage) => ({
            input: { ...stage.cast.recovery(await assisted(stage)).input, evidence },
            as: stage.cast.staff(A, 'registrar'),
          }),
        ],
      ],
    },
    ConfirmRecovery: {
      callers: 'registrar',
      by: 'registrar',
      // whichever hospital but the patient's
      everyHospitalForItself: true,
      written: ['recoveryCase', audit],
      events: ['RecoveryConfirmed'],
      again: { refused: 'ILLEGAL_STATE' },
      prepare: proposed,
      refusals: [
        ['NOT_FOUND', 'there is none', changed(noSuch)],
        ['ILLEGAL_STATE', 'it is confirmed', twice],
        ['ILLEGAL_STATE', 'three of their hospital have confirmed it', enoughOfThem(B, 'registrar')],
        ['ILLEGAL_STATE', 'two of a hospital confirm it in turns', inTurns(B, 'registrar')],
        ['ILLEGAL_STATE', 'the old key has refused it', after(veto)],
        [
          'ILLEGAL_STATE',
          'it is for guardians to approve',
          async (stage) => ({ input: { ...(await opened(stage)).key, evidence }, as: stage.cast.staff(B, 'registrar') }),
        ],
        [
          'SECOND_PERSON_NEEDED',
          'by a colleague of who has proposed it',
          async (stage, valid) => ({ ...(await valid.prepare()), as: await stage.cast.colleague(A, 'registrar') }),
        ],
        ['HASH_MISMATCH', 'who confirms was shown something else', changed({ evidence: sha256Of('driving licence') })],
        ['RECOVERY_EXPIRED', 'it has waited for 72 hours', later(72)],
      ],
    },
    VetoRecovery: {
      callers: 'P',
      forPatient: '-',
      by: 'patient',
      written: ['pseudonym', 'recoveryCase', audit],
      events: ['RecoveryVetoed'],
      again: { refused: 'STALE_KEY' },
      prepare: async (stage) => ({ input: (await coolingOff(stage)).key, as: stage.patient }),
      refusals: [
        ['NOT_FOUND', 'there is none', changed(noSuch)],
        ['ILLEGAL_STATE', 'it is refused already', twice],
        [
          'STALE_KEY',
          'it is completed: the old key says nothing any more',
          async (stage) => {
            const { input, as } = await due(stage);
            must(await stage.cast.invoke('CompleteRecovery', input, as));
            return { input, as: stage.patient };
          },
        ],
      ],
    },
    CompleteRecovery: {
      callers: 'P',
      forPatient: '-',
      by: 'patient',
      written: ['pseudonym', 'recoveryCase', audit],
      events: ['RecoveryCompleted'],
      again: { refused: 'STALE_KEY' },
      prepare: due,
      refusals: [
        ['STALE_KEY', 'the new key names another one', changed(noSuch)],
        ['NOT_FOUND', 'there is none', async (stage) => ({ input: { ...(await due(stage)).input, ...noSuch }, as: stage.patient })],
        [
          'ILLEGAL_STATE',
          'too few have approved it',
          async (stage) => {
            const { key, comesBack } = await opened(stage);
            stage.cast.now += 48 * HOUR;
            return { input: key, as: comesBack };
          },
        ],
        [
          'ILLEGAL_STATE',
          'no second registrar has confirmed it',
          async (stage) => {
            const { input, key, comesBack } = stage.cast.recovery(stage.patient);
            must(await stage.cast.invoke('ProposeRecovery', { ...input, evidence }, stage.cast.staff(A, 'registrar')));
            stage.cast.now += 71 * HOUR;
            return { input: key, as: comesBack };
          },
        ],
        ['STALE_KEY', 'the old key has refused it', after(veto)],
        ['ILLEGAL_STATE', 'it is completed', twice],
        ['STALE_KEY', 'the old key asks', async (stage) => ({ input: (await due(stage)).input, as: stage.patient })],
        [
          'RECOVERY_NOT_DUE',
          'the old key may veto for one more millisecond',
          async (stage) => {
            const prepared = await due(stage);
            stage.cast.now -= 1;
            return prepared;
          },
        ],
        [
          'RECOVERY_NOT_DUE',
          'registrars have vouched: a week, whatever the patient has said for guardians',
          async (stage) => {
            await stage.cast.nameGuardians(stage.patient, { coolingOffMinutes: LEAST_COOLING_OFF_MINUTES });
            const { input, key, comesBack } = stage.cast.recovery(stage.patient);
            must(await stage.cast.invoke('ProposeRecovery', { ...input, evidence }, stage.cast.staff(A, 'registrar')));
            must(await stage.cast.invoke('ConfirmRecovery', { ...key, evidence }, stage.cast.staff(B, 'registrar')));
            stage.cast.now += 168 * HOUR - 1;
            return { input: key, as: comesBack };
          },
        ],
        ['RECOVERY_EXPIRED', 'it has waited for thirty days', later(30 * 24)],
        ['STALE_KEY', 'the patient has named others', after(async ({ cast, patient }) => cast.nameGuardians(patient))],
      ],
    },
    GetRecovery: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: async (stage) => ({ input: (await opened(stage)).key, as: { kind: 'member', msp: C } }),
      refusals: [['NOT_FOUND', 'there is none', changed(noSuch)]],
    },
    ListRecoveries: {
      callers: 'P registrar',
      forPatient: 'view',
      by: 'registrar',
      ...nothing,
      prepare: async (stage) => {
        await opened(stage);
        return { input: { pseudonym: stage.patient.pseudonym, ...page }, as: stage.cast.staff(A, 'registrar') };
      },
      refusals: [],
    },
  },
} as const satisfies AreaFixture<typeof recoveryArea>;
