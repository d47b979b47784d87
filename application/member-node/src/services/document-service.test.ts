import { collectBytes, newPrivateKey, publicKeyOf } from '@lianyi/client';
import {
  actorTagSchema,
  endpointIdSchema,
  hashOfVersion,
  instantOf,
  mspIdSchema,
  pseudonymSchema,
  recordIdSchema,
  type Sha256,
  sha256,
  ticketIdSchema,
  ticketSchema,
  type Ticket,
  type VersionIdentity,
  versionIdentityOf,
} from '@lianyi/domain';
import { type TicketHolder } from '@lianyi/domain/deciding';
import { newLogger } from '../http/log';
import { type ObjectStore } from '../vault/object-store';
import { ReplicaClient } from '../vault/replica-client';
import { DepositedObjects } from './deposited-objects';
import { StandingTickets } from './standing-tickets';
import { type Deposit, Deposits } from './deposits';
import { MemberHealth } from './member-health';
import { DocumentService, type DocumentServices, type SealedDocument } from './document-service';

const a = mspIdSchema.parse('HospitalAMSP');
const b = mspIdSchema.parse('HospitalBMSP');
const lin: TicketHolder = { kind: 'staff', mspId: b, actorTag: actorTagSchema.parse('dr-lin') };
const request = { ticketId: ticketIdSchema.parse('ticket-1'), recordId: recordIdSchema.parse('record-1') };

const asked = {
  schemaVersion: 1,
  ticketId: 'ticket-1',
  pseudonym: 'pseudonym-1',
  recordIds: ['record-1'],
  actor: { mspId: b, actorTag: 'dr-lin', roles: ['clinician'], department: 'cardiology' },
  purpose: 'TREAT',
  ephemeralPublicKey: publicKeyOf(newPrivateKey()),
  requestedAt: instantOf(Date.now()),
  origin: { requestHash: sha256('r'), actor: { kind: 'staff', mspId: b, actorTag: 'dr-lin' } },
};
const permitted = (overrides: object = {}): Ticket =>
  ticketSchema.parse({
    ...asked,
    decision: 'permit',
    custodianMspId: a,
    recordVersions: [1],
    provisionIds: ['treatment'],
    grantVersions: [],
    expiresAt: instantOf(Date.now() + 60_000),
    state: 'open',
    ...overrides,
  });

/** Tickets as the own peer decides them; from block 2 on the patient has revoked. */
function standing(height: () => bigint = () => 1n): StandingTickets {
  const revoked = (): object => (height() < 2n ? {} : { obstacle: 'consent-changed' });
  return new StandingTickets({
    reader: { ticketStanding: () => Promise.resolve({ ticket: permitted(), changedRecordIds: [], ...revoked() }) },
    index: { waitFor: (look) => look(), height: () => Promise.resolve(height()) },
  });
}

const enter = (): Promise<void> => Promise.resolve();

describe('DocumentService', () => {
  const reached: string[] = [];
  const reach = (what: string): Promise<never> => {
    reached.push(what);
    return Promise.reject(new Error(`reached ${what}`));
  };
  const reading = (ticket: Ticket | undefined, by = lin, what = request): Promise<unknown> => {
    const services = {
      identity: { mspId: b, channel: 'emr', chaincode: 'emr', genesis: sha256('g') },
      vaultEndpointId: endpointIdSchema.parse('vault'),
      vaultPatienceMillis: 400,
      reader: { ticket: () => Promise.resolve(ticket), recordVersion: () => reach('the record') },
      directory: { endpoints: () => reach('the directory') },
      vault: { spool: () => reach('the vault') },
      deposited: { open: () => reach('the own vault') },
      replicas: { get: () => reach('a replica') },
      keyService: { release: () => reach('the own key service') },
      memberKeys: { release: () => reach('the custodian’s key service') },
      log: newLogger('silent', b),
    } as unknown as DocumentServices; // stand-ins for ports that a refused request must not reach
    return new DocumentService(services).read(what, by, enter);
  };
  beforeEach(() => {
    reached.length = 0;
  });

  it('passes over a storage place whose host leads nowhere, and reads from the next', async () => {
    const locator = (endpointId: string): object => ({ mspId: 'HospitalCMSP', endpointId });
    const content = new TextEncoder().encode('sealed bytes');
    const vaults = [
      { endpointId: 'vault-1', host: '999.999.999.999' },
      { endpointId: 'vault-2', host: 'vault.c' },
    ].map((vault) => ({ kind: 'vault', mspId: 'HospitalCMSP', port: 7443, receiptPublicKey: 'key', tlsSha256: sha256('tls'), ...vault }));
    const record = {
      recordId: 'record-1',
      cipherSha256: sha256(content),
      sizeBucket: 12,
      locators: [locator('vault-1'), locator('vault-2')],
    };
    const client = new ReplicaClient({ key: '', cert: '', ca: [] });
    const services = {
      identity: { mspId: b, channel: 'emr', chaincode: 'emr', genesis: sha256('g') },
      vaultEndpointId: endpointIdSchema.parse('vault'),
      vaultPatienceMillis: 400,
      reader: { ticket: () => Promise.resolve(permitted()), recordVersion: () => Promise.resolve(record) },
      directory: { endpoints: () => Promise.resolve([{ kind: 'keys' }, ...vaults]) },
      replicas: {
        get: (...[vault, ...rest]: Parameters<ReplicaClient['get']>) =>
          vault.host === 'vault.c' ? Promise.resolve({ bytes: [content] }) : client.get(vault, ...rest),
      },
      health: new MemberHealth(),
      vault: {
        spool: () => Promise.reject(new Error('nothing came')),
      },
      standing: standing(),
      memberKeys: { release: () => Promise.resolve('a released key') },
      log: newLogger('silent', b),
    } as unknown as DocumentServices; // as much of each port as one reading needs
    const document = await new DocumentService(services).read(request, lin, enter);
    expect(await collectBytes(document.ciphertext.bytes)).toEqual(content);
    expect(document).toMatchObject({
      source: locator('vault-2'),
      rejected: [{ ...locator('vault-1'), code: 'REPLICA_UNAVAILABLE' }],
    });
  });

  describe('from the own vault', () => {
    const network = { channel: 'emr', genesis: sha256('g') };
    const sealed = Buffer.from('sealed bytes');
    const own = { mspId: 'HospitalBMSP', endpointId: 'vault' };
    const record = {
      ...{ pseudonym: pseudonymSchema.parse('pseudonym-1'), recordId: request.recordId, version: 1 },
      ...{ cipherSha256: sha256(sealed), sizeBucket: 12, locators: [own] },
    };
    const good: Deposit = { objectSha256: sha256(sealed), depositor: a, versionHash: hashOfVersion(versionIdentityOf(network, record)) };
    const read = async (deposit: Deposit, tickets = standing()): Promise<SealedDocument> => {
      const deposits = new Deposits(':memory:');
      await deposits.add(deposit);
      const vault = {
        get: () => Promise.resolve({ sha256: sha256(sealed), sizeBytes: sealed.length, bytes: [sealed, sealed], close: () => undefined }),
      };
      const services = {
        identity: { mspId: b, chaincode: 'emr', ...network },
        vaultEndpointId: endpointIdSchema.parse('vault'),
        vaultPatienceMillis: 400,
        reader: { ticket: () => Promise.resolve(permitted()), recordVersion: () => Promise.resolve(record) },
        directory: { endpoints: () => Promise.resolve([{ kind: 'keys' }]) },
        health: new MemberHealth(),
        deposited: new DepositedObjects({ network, vault: vault as unknown as ObjectStore, deposits }),
        standing: tickets,
        memberKeys: { release: () => Promise.resolve('a released key') },
        log: newLogger('silent', b),
      } as unknown as DocumentServices; // as above
      return new DocumentService(services).read(request, lin, enter).finally(() => deposits.close());
    };

    it('gives what the custodian deposited there for this version', async () => {
      expect(await read(good)).toMatchObject({ source: own, rejected: [] });
    });

    it('sends nothing more from the block on in which the patient has revoked', async () => {
      let height = 1n;
      const { ciphertext } = await read(
        good,
        standing(() => height),
      );
      const sent: Buffer[] = [];
      const sending = async (): Promise<void> => {
        for await (const piece of ciphertext.bytes) {
          sent.push(piece);
          height = 2n;
        }
      };
      await expect(sending()).rejects.toMatchObject({ code: 'TICKET_CLOSED', details: { obstacle: 'consent-changed' } });
      expect(sent).toEqual([sealed]);
    });

    it('gives nothing under a permit that was revoked while its key was released', async () => {
      await expect(
        read(
          good,
          standing(() => 2n),
        ),
      ).rejects.toMatchObject({ code: 'TICKET_CLOSED' });
    });

    it.each<readonly [string, Partial<Deposit>]>([
      ['a member that is not the record’s custodian', { depositor: mspIdSchema.parse('HospitalCMSP') }],
      ['the custodian for another patient’s record', { versionHash: versionHashWith({ pseudonym: pseudonymSchema.parse('pseudonym-2') }) }],
      ['the custodian for another record', { versionHash: versionHashWith({ recordId: recordIdSchema.parse('record-2') }) }],
      ['the custodian for another version', { versionHash: versionHashWith({ version: 2 }) }],
      ['the custodian on another channel', { versionHash: versionHashWith({ channel: 'other' }) }],
    ])('gives nothing that was deposited by %s', async (_what, changed) => {
      await expect(read({ ...good, ...changed })).rejects.toMatchObject({
        code: 'REPLICA_UNAVAILABLE',
        details: { 'HospitalBMSP/vault': 'NOT_PERMITTED' },
      });
    });

    function versionHashWith(changed: Partial<VersionIdentity>): Sha256 {
      return hashOfVersion({ ...versionIdentityOf(network, record), ...changed });
    }
  });

  it('goes on to the record under a live ticket of the person', async () => {
    await expect(reading(permitted())).rejects.toThrow('reached the record');
  });
  it.each<readonly [string, Ticket | undefined]>([
    ['an unknown ticket', undefined],
    ['another member’s ticket', permitted({ actor: { ...asked.actor, mspId: a } })],
    ['a colleague’s ticket', permitted({ actor: { ...asked.actor, actorTag: 'dr-wu' } })],
    ['a colleague’s closed ticket', permitted({ actor: { ...asked.actor, actorTag: 'dr-wu' }, state: 'closed' })],
  ])('refuses %s, asks nobody, and tells nothing of it', async (_what, ticket) => {
    await expect(reading(ticket)).rejects.toMatchObject({
      code: 'NOT_PERMITTED',
      message: 'no ticket of this person',
      details: { ticketId: 'ticket-1' },
    });
    expect(reached).toEqual([]);
  });
  it.each<readonly [string, Ticket]>([
    ['denied', ticketSchema.parse({ ...asked, decision: 'deny', reasons: ['NO_CONSENT'] })],
    ['closed', permitted({ state: 'closed' })],
    ['expired', permitted({ expiresAt: instantOf(Date.now() - 1) })],
    ['other-record', permitted({ recordIds: ['record-2'] })],
  ])('refuses a ticket that is %s before any key or object is asked for', async (obstacle, ticket) => {
    await expect(reading(ticket)).rejects.toMatchObject({ code: 'TICKET_CLOSED', details: { ticketId: 'ticket-1', obstacle } });
    expect(reached).toEqual([]);
  });
});
