import { canonicalJson, confirmDeath, disputeDeath, hashOfKey, instantOf, proposeDeath, revokeDeath, transactions } from '@lianyi/domain';
import { publicKeyOf } from '@lianyi/client';
import { type Call } from './block-of-calls.fixture';
import { A, hired, NOW, originOf, type Person, registrarA, signedBy } from './member-chain.fixture';
import { B, MINUTE, PatientChain, pseudonym, pseudonymEntry, pseudonymKey, relationship, relationshipKey } from './patient-chain.fixture';
import { auditLine } from './recovery-world.fixture';
import { colleagueA, evidence, registerUnheardOf, registrarB, registrarC, unheardOf } from './said-by-staff.fixture';

/** What a patient has accepted while the hospital did not believe them, or too late, they accept once more. */
describe('a relationship that is accepted once more', () => {
  let chain: PatientChain;
  const accepting = (): Call => chain.relating('AcceptRelationship', relationship('active'));
  const late = (call: Call): Call => {
    chain.now += 6 * MINUTE;
    return call;
  };
  /** Of a permit that rests on the patient's newest consent. */
  const word = (version: number): Promise<string> => chain.word({ grantee: B, version });
  const begun = async (accepted: () => Call): Promise<void> => {
    const clock = jest.spyOn(Date, 'now').mockReturnValue(NOW);
    chain = new PatientChain();
    clock.mockImplementation(() => chain.now);
    await chain.begin(accepted);
  };
  afterEach(async () => {
    await chain.index.close();
    jest.restoreAllMocks();
  });

  describe('by a patient whom the hospital has had for dead', () => {
    const proposed = { pseudonym, evidence };
    const say = async (
      by: Person,
      name: 'ProposeDeath' | 'ConfirmDeath' | 'DisputeDeath' | 'RevokeDeath',
      death: object,
      dead?: boolean,
    ) => {
      const last =
        dead === undefined
          ? {}
          : { [pseudonymKey()]: pseudonymEntry(hashOfKey(publicKeyOf(chain.key)), chain.last, dead ? { isDeceased: true } : {}) };
      const events = {
        ProposeDeath: 'DeathProposed',
        ConfirmDeath: 'DeathConfirmed',
        DisputeDeath: 'DeathDisputed',
        RevokeDeath: 'DeathRevoked',
      };
      const writes = {
        [`\u0000death\u0000${pseudonym}\u0000`]: canonicalJson(JSON.parse(JSON.stringify(death))),
        ...last,
        ...auditLine(events[name], chain.now),
      };
      await chain.add(signedBy(by, transactions[name], proposed, writes, chain.now));
    };
    /** Taken back by whom the chaincode believes and no index, and then by somebody who is believed. */
    let takenBackOnceMore: () => Promise<void>;
    beforeEach(async () => {
      await begun(() => chain.command(transactions.RotateKey, { pseudonym }));
      await chain.add(hired(registrarB), hired(registrarC), hired(colleagueA));
      await registerUnheardOf(chain);
      const at = instantOf(chain.now);
      const first = proposeDeath(undefined, pseudonym, evidence, at, originOf(registrarA));
      await say(registrarA, 'ProposeDeath', first);
      const recorded = confirmDeath(first, originOf(registrarB).actor, evidence, at);
      await say(registrarB, 'ConfirmDeath', recorded, true);
      const disputed = disputeDeath(recorded, originOf(colleagueA).actor, evidence, at);
      await say(colleagueA, 'DisputeDeath', disputed);
      const revoked = revokeDeath(disputed, originOf(unheardOf).actor, evidence, at);
      await say(unheardOf, 'RevokeDeath', revoked, false);
      takenBackOnceMore = () => say(registrarC, 'RevokeDeath', revokeDeath(revoked, originOf(registrarC).actor, evidence, at), false);
      await chain.say(accepting());
      expect(chain.names()).toContain('command-not-allowed');
    });

    it('is their word then', async () => {
      await takenBackOnceMore();
      await chain.say(chain.granted());
      expect(await word(1)).toBe('unproven');
      await chain.say(accepting());
      expect(await word(1)).toBe('given');
    });

    it.each<readonly [string, () => Call]>([
      ['while the hospital still has them for dead', accepting],
      ['by nobody, where enough endorsers write it anew', () => chain.forged({ [relationshipKey]: relationship('active') })],
      [
        'by a statement about something else',
        () =>
          chain.command(
            transactions.AcceptRelationship,
            { pseudonym, mspId: A },
            { [relationshipKey]: relationship('active') },
            { inputSigned: {} },
          ),
      ],
    ])('is not their word %s', async (what, call) => {
      const isDead = what.startsWith('while');
      if (!isDead) await takenBackOnceMore();
      await chain.add(call());
      if (isDead) {
        chain.roll();
        await takenBackOnceMore();
      }
      await chain.say(chain.granted());
      expect(await word(1)).toBe('unproven');
    });

    it('is not their word where enough endorsers write another kind than they accept', async () => {
      await takenBackOnceMore();
      await chain.say(chain.granted());
      await chain.say(
        chain.command(
          transactions.AcceptRelationship,
          { pseudonym, mspId: A },
          { [relationshipKey]: relationship('active', undefined, 'insurer') },
        ),
      );
      expect(await word(1)).toBe('unproven');
    });
  });

  it('is opened by what comes in time after it came late', async () => {
    await begun(() => chain.command(transactions.RotateKey, { pseudonym }));
    await chain.say(late(accepting()));
    await chain.say(chain.granted());
    expect(await word(1)).toBe('late');
    await chain.say(accepting());
    expect(await word(1)).toBe('given');
    expect(chain.names()).toEqual([]);
  });

  it('is not closed by what comes late and says nothing new', async () => {
    await begun(accepting);
    await chain.say(chain.granted());
    await chain.say(late(accepting()));
    expect(await word(1)).toBe('given');
    expect(chain.names()).toEqual([]);
  });
});
