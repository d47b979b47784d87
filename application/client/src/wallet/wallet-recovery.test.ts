import { hashOfKey, type Ledger, mspIdSchema, Refused, type RecoveryCaseId, recoveryCaseIdOf, sha256 } from '@lianyi/domain';
import { finishRecovery } from './finish-recovery';
import { hospital, LedgerOfOne, MemoryStore, newLedgerOfOne, NOW } from './ledger-of-one.fixture';
import { Wallet } from './wallet';

const network = { channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
const options = { network, now: () => NOW, patienceMillis: 0 };

/** Somebody whose wallet is lost, the ledger as that wallet has left it, and a new wallet. */
async function afterTheLoss() {
  const { pseudonym, ledger } = await newLedgerOfOne();
  const store = new MemoryStore();
  return { pseudonym, ledger, store, wallet: new Wallet(store) };
}
/** The ledger once the cooling-off is over: it takes the new key's completion. */
function due(ledger: LedgerOfOne, newKeyHash: LedgerOfOne['entry']['nextKeyHash']): LedgerOfOne {
  const opened = new LedgerOfOne(newKeyHash);
  const old = ledger.entry;
  return Object.assign(opened, {
    node: (carry?: Parameters<LedgerOfOne['node']>[0]) =>
      LedgerOfOne.prototype.node.call(opened, carry, () => (opened.committed.length === 0 ? old : opened.entry)),
  });
}

describe('a wallet that is to get a pseudonym', () => {
  it('shows the same values however often it is asked, and others when it begins anew', async () => {
    const { wallet, pseudonym } = await afterTheLoss();
    const first = await wallet.recovery.prepare(pseudonym, hospital);
    expect(first.caseId).toBe(recoveryCaseIdOf(first));
    expect(await wallet.recovery.prepare(pseudonym, hospital)).toEqual(first);
    expect(await wallet.recovery.caseOf(pseudonym)).toBe(first.caseId);
    const anew = await wallet.recovery.prepare(pseudonym, hospital, true);
    expect(anew.newKeyHash).not.toBe(first.newKeyHash);
    expect(await wallet.recovery.caseOf(pseudonym)).toBe(anew.caseId);
    expect(await wallet.relationships()).toHaveLength(1);
  });
  it('takes no pseudonym beside one that is in use at the hospital, and none that it has keys of', async () => {
    const { wallet, pseudonym } = await afterTheLoss();
    const own = await wallet.addRelationship(hospital);
    for (const wanted of [pseudonym, own.pseudonym])
      await expect(wallet.recovery.prepare(wanted, hospital)).rejects.toMatchObject({ code: 'PSEUDONYM_IN_USE' });
    await wallet.recovery.prepare(pseudonym, mspIdSchema.parse('HospitalBMSP'));
  });
  it('signs no command before it has the pseudonym', async () => {
    const { wallet, pseudonym } = await afterTheLoss();
    await wallet.recovery.prepare(pseudonym, hospital);
    const request = { transaction: { contract: 'C', name: 'N' }, input: { pseudonym } };
    await expect(wallet.signCommand(network, pseudonym, request, NOW)).rejects.toMatchObject({ code: 'COMMAND_PENDING' });
  });
  it('has it once the ledger says so, and goes on with the key after the first', async () => {
    const { wallet, pseudonym, ledger } = await afterTheLoss();
    const { newKeyHash, caseId } = await wallet.recovery.prepare(pseudonym, hospital);
    const opened = due(ledger, newKeyHash);
    await finishRecovery(wallet, pseudonym, { carrier: opened.node(), witness: opened.node() }, options);
    const [completion] = opened.committed;
    expect(completion?.statement.transaction).toBe('RecoveryContract:CompleteRecovery');
    expect(opened.committed).toHaveLength(1);
    const request = { transaction: { contract: 'C', name: 'N' }, input: { pseudonym } };
    const { proof } = await wallet.signCommand(network, pseudonym, request, NOW);
    expect(hashOfKey(proof.statement.publicKey)).toBe(completion?.statement.nextKeyHash);
    expect(await wallet.recovery.caseOf(pseudonym)).toBe<RecoveryCaseId>(caseId);
  });
  it('finds it completed when it is asked again, and commits nothing a second time', async () => {
    const { wallet, pseudonym, ledger } = await afterTheLoss();
    const { newKeyHash } = await wallet.recovery.prepare(pseudonym, hospital);
    const opened = due(ledger, newKeyHash);
    // killed after it was sent: the answer is lost
    const silent = opened.node(async (proof) => {
      await opened.commit(proof);
      throw new Refused('STALE_KEY', 'sent twice', {});
    });
    await finishRecovery(wallet, pseudonym, { carrier: silent, witness: opened.node() }, options);
    await finishRecovery(wallet, pseudonym, { carrier: opened.node(), witness: opened.node() }, options);
    expect(opened.committed).toHaveLength(1);
  });
  it('is told why it has not, and takes no carrier’s word for it', async () => {
    const { wallet, pseudonym, ledger } = await afterTheLoss();
    const { newKeyHash } = await wallet.recovery.prepare(pseudonym, hospital);
    const opened = due(ledger, newKeyHash);
    const early: Ledger = opened.node(() => Promise.reject(new Refused('RECOVERY_NOT_DUE', 'too early', {})));
    await expect(finishRecovery(wallet, pseudonym, { carrier: early, witness: opened.node() }, options)).rejects.toMatchObject({
      code: 'RECOVERY_NOT_DUE',
    });
    const liar = opened.node(() => Promise.resolve({ result: {}, transactionId: 'lie' }));
    await expect(finishRecovery(wallet, pseudonym, { carrier: liar, witness: opened.node() }, options)).rejects.toMatchObject({
      kind: 'outcome-unknown',
    });
    await finishRecovery(wallet, pseudonym, { carrier: opened.node(), witness: opened.node() }, options);
    expect(opened.committed).toHaveLength(1);
  });
  it.each(['carrier', 'witness'] as const)('is told by the other that it has not, when the %s says so', async (liar) => {
    const { wallet, pseudonym, ledger } = await afterTheLoss();
    const { newKeyHash } = await wallet.recovery.prepare(pseudonym, hospital);
    const opened = due(ledger, newKeyHash);
    let announced = ledger.entry.nextKeyHash;
    // every endorser has seen which key the refused completion announces
    const early = (tell = () => ledger.entry) =>
      opened.node(({ statement }) => {
        announced = statement.nextKeyHash;
        return Promise.reject(new Refused('RECOVERY_NOT_DUE', 'too early', {}));
      }, tell);
    const lying = () => ({ ...ledger.entry, nextKeyHash: announced });
    const node = { carrier: early(), witness: opened.node(), [liar]: liar === 'carrier' ? early(lying) : opened.node(undefined, lying) };
    await expect(finishRecovery(wallet, pseudonym, node, options)).rejects.toMatchObject({ code: 'RECOVERY_NOT_DUE' });
    // nor by a question in between
    await wallet.reconcile(pseudonym, lying());
    const anew = await wallet.recovery.prepare(pseudonym, hospital, true);
    expect(anew.newKeyHash).not.toBe(newKeyHash);
  });
  it('knows of no recovery of a pseudonym that is its own, or nobody’s', async () => {
    const { wallet, pseudonym } = await afterTheLoss();
    const own = await wallet.addRelationship(hospital);
    for (const other of [pseudonym, own.pseudonym])
      await expect(wallet.recovery.signCompletion(network, other, NOW)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a guardian’s key', () => {
  it('is the same whenever it is asked for, another one for each pseudonym, and no key of the wallet’s own', async () => {
    const { wallet, pseudonym } = await afterTheLoss();
    const own = await wallet.addRelationship(hospital);
    const key = await wallet.recovery.guardianKeyHash(pseudonym);
    expect(await wallet.recovery.guardianKeyHash(pseudonym)).toBe(key);
    expect(new Set([key, await wallet.recovery.guardianKeyHash(own.pseudonym), own.nextKeyHash]).size).toBe(3);
    const request = { transaction: { contract: 'C', name: 'N' }, input: { pseudonym } };
    const { statement } = await wallet.recovery.signAsGuardian(network, pseudonym, request, NOW);
    expect(hashOfKey(statement.publicKey)).toBe(key);
    expect(statement).toMatchObject({ t: 'lianyi/guardian-command/v1', pseudonym, transaction: 'C:N' });
  });
});
