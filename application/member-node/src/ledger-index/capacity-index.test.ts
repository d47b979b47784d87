import { newPrivateKey, publicKeyOf, signDelegateCommand } from '@lianyi/client';
import {
  canonicalJson,
  confirmDeath,
  confirmIncapacity,
  type Death,
  declareIncapacity,
  delegationIdOf,
  disputeDeath,
  encodeArgument,
  hashOfKey,
  type Incapacity,
  instantOf,
  proposeDeath,
  revokeDeath,
  sha256,
  statementHashOf,
  transactions,
} from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { hired, nonce, person, type Person, registered, registrarA, signedBy } from './member-chain.fixture';
import {
  B,
  consent,
  consentKey,
  MINUTE,
  network,
  provisions,
  pseudonym,
  pseudonymEntry,
  pseudonymKey,
  usePatientChain,
} from './patient-chain.fixture';

const clinicianA = person('AMSP', 'clinician-a', ['clinician']);
const clinicianB = person('BMSP', 'clinician-b', ['clinician']);
const registrarB = person('BMSP', 'registrar-b', ['registrar']);
const registrarC = person('CMSP', 'registrar-c', ['registrar']);
const colleagueA = person('AMSP', 'registrar-2', ['registrar']);
const incapacityKey = `\u0000incapacity\u0000${pseudonym}\u0000`;
const deathKey = `\u0000death\u0000${pseudonym}\u0000`;
const evidence = sha256('what was found');
const said = { pseudonym, evidence };

describe('whether what is said of capacity and death is the word of those whose it is', () => {
  const chain = usePatientChain();
  const originOf = ({ mspId, actorTag }: Person) =>
    ({ requestHash: sha256('a request'), actor: { kind: 'staff', mspId, actorTag } }) as const;
  const now = () => instantOf(chain().now);
  const later = (minutes = 6): void => {
    chain().now += minutes * MINUTE;
  };
  const lastStatementOf = (call: Call) => {
    const { proof } = JSON.parse(call.argument) as { proof: { statement: Parameters<typeof statementHashOf>[0] } };
    return { lastCommand: { statementHash: statementHashOf(proof.statement), at: now() } };
  };
  const byStaff = (by: Person, transaction: Call['transaction'], writes: Record<string, string>): Call =>
    signedBy(by, transaction, said, writes, chain().now);

  describe('a proxy for the loss of capacity', () => {
    const [key, next] = [newPrivateKey(), newPrivateKey()];
    const firstKeyHash = hashOfKey(publicKeyOf(key));
    const delegationId = delegationIdOf({ pseudonym, firstKeyHash, nonce });
    const delegationKey = `\u0000delegation\u0000${pseudonym}\u0000${delegationId}\u0000`;
    let incapacity: Incapacity;
    let of: ReturnType<typeof lastStatementOf>;
    const entry = (nextKeyHash = firstKeyHash, rolled: object = {}): string => {
      const term = { scopes: ['consents'], validUntil: instantOf(chain().now + 60 * MINUTE) };
      return canonicalJson({
        pseudonym,
        delegationId,
        basis: 'proxy',
        ...term,
        state: 'active',
        onIncapacity: true,
        nextKeyHash,
        ...rolled,
      });
    };
    beforeEach(async () => {
      const term = { scopes: ['consents'], validUntil: instantOf(chain().now + 60 * MINUTE), onIncapacity: true };
      const input = { pseudonym, delegationId, nonce, nextKeyHash: firstKeyHash, ...term };
      const appointment = chain().command(transactions.AppointDelegate, input, { [delegationKey]: entry() });
      of = lastStatementOf(appointment);
      await chain().say(appointment);
      await chain().add(hired(clinicianA), hired(clinicianB));
    });
    const declared = (): Call => {
      incapacity = declareIncapacity(undefined, { pseudonym, ...of }, evidence, now(), originOf(clinicianA));
      return byStaff(clinicianA, transactions.DeclareIncapacity, { [incapacityKey]: canonicalJson(incapacity) });
    };
    const confirmed = (by = clinicianB): Call => {
      incapacity = confirmIncapacity(incapacity, originOf(clinicianB).actor, of, evidence, now());
      return byStaff(by, transactions.ConfirmIncapacity, { [incapacityKey]: canonicalJson(incapacity) });
    };
    const grants = async (): Promise<string> => {
      const input = { pseudonym, grantee: B, provisions };
      const signer = { network, pseudonym, delegationId, privateKey: key, nextPrivateKey: next };
      const proof = signDelegateCommand(signer, { transaction: transactions.GrantPolicy, input }, now());
      const lastCommand = { statementHash: statementHashOf(proof.statement), at: now() };
      const rolled = entry(proof.statement.nextKeyHash, { lastCommand });
      const writes = { [delegationKey]: rolled, [consentKey(B)]: consent(1) };
      await chain().add({
        transaction: transactions.GrantPolicy,
        argument: encodeArgument({ input, proof }),
        writes,
        atMillis: chain().now,
      });
      return chain().word({ grantee: B, version: 1 });
    };

    it('speaks for the patient once two clinicians have said that the patient cannot decide', async () => {
      await chain().add(declared());
      await chain().add(confirmed());
      expect(await grants()).toBe('given');
      expect(chain().names()).toEqual([]);
      expect(chain().audit.report().alarms).toEqual([]);
    });
    it.each<readonly [string, () => Promise<void>]>([
      [
        'declaration',
        async () => {
          const call = declared();
          later();
          await chain().add(call);
          await chain().add(confirmed());
        },
      ],
      [
        'confirmation',
        async () => {
          await chain().add(declared());
          const call = confirmed();
          later();
          await chain().add(call);
        },
      ],
    ])('speaks after a %s that came late once the two have said it again, and not before', async (_what, happens) => {
      await happens();
      expect(chain().names().at(-1)).toBe('capacity-without-command');
      // the chaincode has it as confirmed, which saying it again leaves as it is
      const confirmedBefore = incapacity;
      incapacity = declareIncapacity(confirmedBefore, { pseudonym, ...of }, evidence, now(), originOf(clinicianA));
      expect(incapacity.state).toBe('confirmed');
      await chain().add(byStaff(clinicianA, transactions.DeclareIncapacity, { [incapacityKey]: canonicalJson(incapacity) }));
      await chain().add(confirmed());
      expect(await grants()).toBe('given');
    });
    it.each<readonly [string, () => Promise<void>]>([
      ['nobody has declared it', () => Promise.resolve()],
      ['it is only declared', async () => chain().add(declared())],
      [
        'enough endorsers have written it',
        async () => {
          incapacity = declareIncapacity(undefined, { pseudonym, ...of }, evidence, now(), originOf(clinicianA));
          incapacity = confirmIncapacity(incapacity, originOf(clinicianB).actor, of, evidence, now());
          await chain().add(chain().forged({ [incapacityKey]: canonicalJson(incapacity) }));
        },
      ],
      [
        'a colleague of who has declared it has confirmed it',
        async () => {
          const colleague = person('AMSP', 'clinician-2', ['clinician']);
          await chain().add(hired(colleague));
          await chain().add(declared());
          await chain().add(confirmed(colleague));
        },
      ],
      [
        'the patient has spoken since',
        async () => {
          await chain().add(declared());
          await chain().add(confirmed());
          await chain().say(chain().command(transactions.RotateKey, { pseudonym }));
        },
      ],
    ])('says nothing for the patient if %s', async (_what, happens) => {
      await happens();
      expect(await grants()).toBe('unproven');
      expect(chain().names().slice(-3)).toEqual(['command-not-signed', 'delegation-without-command', 'consent-without-command']);
    });
  });

  describe('a death', () => {
    let death: Death;
    const deceased = (): Record<string, string> => ({
      [pseudonymKey()]: pseudonymEntry(hashOfKey(publicKeyOf(chain().key)), chain().last, { isDeceased: true }),
    });
    const proposed = (): Call => {
      death = proposeDeath(undefined, pseudonym, evidence, now(), originOf(registrarA));
      return byStaff(registrarA, transactions.ProposeDeath, { [deathKey]: canonicalJson(death) });
    };
    const recorded = (by = registrarB): Call => {
      death = confirmDeath(death, originOf(registrarB).actor, evidence, now());
      return byStaff(by, transactions.ConfirmDeath, { ...deceased(), [deathKey]: canonicalJson(death) });
    };
    const disputed = (): Call => {
      death = disputeDeath(death, originOf(colleagueA).actor, evidence, now());
      return byStaff(colleagueA, transactions.DisputeDeath, { [deathKey]: canonicalJson(death) });
    };
    const living = (): Record<string, string> => ({
      [pseudonymKey()]: pseudonymEntry(hashOfKey(publicKeyOf(chain().key)), chain().last),
    });
    const revoked = (): Call => {
      death = revokeDeath(death, originOf(registrarC).actor, evidence, now());
      return byStaff(registrarC, transactions.RevokeDeath, { ...living(), [deathKey]: canonicalJson(death) });
    };
    beforeEach(async () => {
      await chain().add(hired(registrarB), hired(colleagueA), hired(registrarC));
    });

    const steps = { proposal: proposed, confirmation: recorded, dispute: disputed, revocation: revoked };
    /** All four, one of which reaches its block after the window. */
    const takenBack = async (late: keyof typeof steps): Promise<void> => {
      for (const [name, step] of Object.entries(steps)) {
        const call = step();
        if (name === late) later();
        await chain().add(call);
      }
    };
    it.each(['dispute', 'revocation'] as const)('is taken back by a %s that comes late, too', async (late) => {
      await takenBack(late);
      expect(chain().names()).toEqual([]);
      await chain().say(chain().granted());
      expect(await chain().word({ grantee: B, version: 1 })).toBe('given');
      expect(chain().audit.report().alarms).toEqual([]);
    });
    it.each(['proposal', 'confirmation'] as const)(
      'whose %s came late silences nobody at the hospital; taken back, proposed and confirmed again, it does',
      async (late) => {
        await takenBack(late);
        await chain().say(chain().granted());
        expect(await chain().word({ grantee: B, version: 1 })).toBe('given');
        await chain().add(proposed());
        await chain().add(recorded());
        await chain().add(chain().granted(B, 2));
        expect(await chain().word({ grantee: B, version: 2 })).toBe('unproven');
      },
    );
    it('is not taken back by what was said of an earlier record, carried again', async () => {
      await chain().add(proposed());
      await chain().add(recorded());
      const [dispute, revocation] = [disputed(), revoked()];
      await chain().add(dispute);
      await chain().add(revocation);
      later(60);
      await chain().add(proposed());
      await chain().add(recorded());
      await chain().add(dispute);
      await chain().add(revocation);
      await chain().add(chain().granted());
      expect(await chain().word({ grantee: B, version: 1 })).toBe('unproven');
      expect(chain().names()).toContain('capacity-without-command');
    });

    it('is told by registrars of two hospitals; what a key signs after it is nobody’s word, and what was permitted stays', async () => {
      await chain().say(chain().granted());
      await chain().add(proposed());
      await chain().add(recorded());
      expect(chain().names()).toEqual([]);
      expect(chain().audit.report().alarms).toEqual([]);
      expect(await chain().word({ grantee: B, version: 1 })).toBe('given');
      await chain().add(chain().granted(B, 2));
      expect(await chain().word({ grantee: B, version: 2 })).toBe('unproven');
      expect(chain().names()).toContain('command-not-signed');
    });
    it.each<readonly [string, () => Promise<void>, string]>([
      [
        'enough endorsers write it',
        async () => {
          proposed();
          await chain().add(chain().forged({ ...deceased(), [deathKey]: canonicalJson({ ...death, state: 'recorded' }) }));
        },
        'capacity-without-command',
      ],
      ['one registrar alone says it', async () => chain().add(proposed()), ''],
      [
        'a colleague confirms it',
        async () => {
          const colleague = person('AMSP', 'registrar-2', ['registrar']);
          await chain().add(hired(colleague));
          await chain().add(proposed());
          await chain().add(recorded(colleague));
        },
        'capacity-without-command',
      ],
      [
        'an insurer confirms it',
        async () => {
          const clerk = person('DMSP', 'clerk', ['registrar']);
          await chain().add(registered('DMSP', ['insurer']), hired(clerk));
          await chain().add(proposed());
          await chain().add(recorded(clerk));
        },
        'capacity-without-command',
      ],
    ])('silences no patient if %s', async (_what, happens, alarm) => {
      await happens();
      if (alarm !== '') expect(chain().names()).toContain(alarm);
      await chain().say(chain().granted());
      expect(await chain().word({ grantee: B, version: 1 })).toBe('given');
    });
  });
});
