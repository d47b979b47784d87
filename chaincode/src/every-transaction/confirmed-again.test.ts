import { type TransactionName } from '@lianyi/domain';
import { A, B, C, must } from './cast.fixture';
import { useStage } from './stage.fixture';
import { sha256Of, type Staff } from './consortium.fixture';
import { evidence, HOUR, proposed } from './recovery-steps.fixture';

/** Whom no hospital believes, the chaincode may: what they have confirmed, another registrar confirms once more, and no time is lost. */
describe('what registrars of two hospitals have said, confirmed once more', () => {
  const stage = useStage();
  const ask = (name: TransactionName, input: object, as: Staff) => stage().cast.invoke(name, { ...input }, as);
  const registrar = (msp: string): Staff => stage().cast.staff(msp, 'registrar');
  const onceMore = { code: 'ILLEGAL_STATE', writes: 0 };

  it('is a recovery by another registrar, whose cooling-off goes on as it was', async () => {
    const { cast, patient } = stage();
    const { input } = await proposed(stage());
    const first = must(await ask('ConfirmRecovery', input, registrar(C))).answer;
    cast.now += 100 * HOUR;
    expect(must(await ask('ConfirmRecovery', input, registrar(B))).answer).toEqual(first);
    expect(await ask('ConfirmRecovery', input, registrar(B))).toMatchObject(onceMore);
    expect(await ask('ConfirmRecovery', input, await cast.colleague(A, 'registrar'))).toMatchObject({ code: 'SECOND_PERSON_NEEDED' });
    must(await cast.invoke('VetoRecovery', { pseudonym: patient.pseudonym, caseId: input['caseId'] }, patient));
    expect(await ask('ConfirmRecovery', input, registrar(C))).toMatchObject(onceMore);
  });

  it('is no recovery whose thirty days are over', async () => {
    const { input } = await proposed(stage());
    must(await ask('ConfirmRecovery', input, registrar(C)));
    stage().cast.now += 38 * 24 * HOUR;
    expect(await ask('ConfirmRecovery', input, registrar(B))).toMatchObject({ code: 'RECOVERY_EXPIRED', writes: 0 });
  });

  it('is whom a court has named, and nobody whom it has not: not once it has ended', async () => {
    const { cast, patient } = stage();
    const { input, delegate } = cast.delegation(patient, { basis: 'court', evidence, scopes: ['view'] });
    must(await ask('ProposeDelegation', input, registrar(A)));
    const confirmation = input;
    must(await ask('ConfirmDelegation', confirmation, registrar(C)));
    expect(await ask('ConfirmDelegation', confirmation, registrar(C))).toMatchObject(onceMore);
    must(await ask('ConfirmDelegation', confirmation, registrar(B)));
    expect(await ask('ConfirmDelegation', confirmation, registrar(C))).toMatchObject(onceMore);
    for (const by of [await cast.colleague(B, 'registrar'), await cast.colleague(B, 'registrar')])
      must(await ask('ConfirmDelegation', confirmation, by));
    expect(await ask('ConfirmDelegation', confirmation, await cast.colleague(B, 'registrar'))).toMatchObject(onceMore);
    const { pseudonym, delegationId } = delegate;
    must(await cast.invoke('EndDelegation', { pseudonym, delegationId }, patient));
    expect(await ask('ConfirmDelegation', confirmation, registrar(C))).toMatchObject(onceMore);
  });

  it('is a loss of capacity by those who have confirmed it before, once it was declared again', async () => {
    const { cast, patient } = stage();
    const [found, clinician] = [{ pseudonym: patient.pseudonym, evidence }, cast.staff(C, 'clinician')];
    must(await ask('DeclareIncapacity', found, cast.staff(A, 'clinician')));
    must(await ask('ConfirmIncapacity', found, clinician));
    must(await ask('ConfirmIncapacity', found, cast.staff(B, 'clinician')));
    expect(await ask('ConfirmIncapacity', found, clinician)).toMatchObject(onceMore);
    must(await ask('DeclareIncapacity', found, cast.staff(A, 'clinician')));
    must(await ask('ConfirmIncapacity', found, clinician));
  });

  it('is a death by another registrar, also of the same hospital, of whom none takes it back', async () => {
    const { cast, patient } = stage();
    const { pseudonym } = patient;
    const [dead, alive] = [sha256Of('death'), sha256Of('life')].map((found) => ({ pseudonym, evidence: found })) as [object, object];
    must(await ask('ProposeDeath', dead, registrar(A)));
    must(await ask('ConfirmDeath', dead, registrar(C)));
    must(await ask('ConfirmDeath', dead, registrar(B)));
    const colleague = await cast.colleague(B, 'registrar');
    must(await ask('ConfirmDeath', dead, colleague));
    for (const by of [registrar(C), registrar(B), colleague]) expect(await ask('ConfirmDeath', dead, by)).toMatchObject(onceMore);
    must(await ask('DisputeDeath', alive, await cast.colleague(A, 'registrar')));
    for (const by of [registrar(C), registrar(B), colleague])
      expect(await ask('RevokeDeath', alive, by)).toMatchObject({ code: 'SECOND_PERSON_NEEDED' });
    const first = await cast.colleague(C, 'registrar');
    must(await ask('RevokeDeath', alive, first));
    expect(await ask('RevokeDeath', alive, first)).toMatchObject(onceMore);
    must(await ask('RevokeDeath', alive, await cast.colleague(C, 'registrar')));
    must(await cast.invoke('RotateKey', { pseudonym }, patient));
  });
});
