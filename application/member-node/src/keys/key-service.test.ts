import { randomBytes } from 'node:crypto';
import { newPrivateKey, publicKeyOf, unwrapDataKey } from '@lianyi/client';
import {
  actorTagSchema,
  canonicalJson,
  DomainError,
  instantSchema,
  OutcomeUnknown,
  recordIdSchema,
  Refused,
  sha256,
  Unavailable,
  verifySignature,
} from '@lianyi/domain';
import { KeyService } from './key-service';
import {
  dataKey,
  denial,
  ephemeralKey,
  other,
  genesis,
  own,
  permit,
  permittedOn,
  Ports,
  record,
  recordId,
  requester,
  sighting,
  ticketId,
  TX_DECISION,
  TX_RELEASE,
  version,
} from './key-service-world.fixture';

const release = (ports: Ports, by = requester) =>
  new KeyService({ mspId: own, channel: 'emr', genesis }, ports).release({ ticketId, recordId }, by);

describe('KeyService', () => {
  it('releases a key that opens with the ticket’s ephemeral key, and records its hash first', async () => {
    const ports = new Ports();
    const released = await release(ports);
    const sealed = Buffer.from(released.sealedKey, 'base64url');
    const recipient = {
      kind: 'release',
      ...version,
      dekCommitment: record.dekCommitment,
      mspId: requester,
      ticketId,
    } as const;
    expect(await unwrapDataKey(sealed, ephemeralKey, publicKeyOf(ephemeralKey), recipient)).toEqual(new Uint8Array(dataKey));
    expect(ports.recorded).toEqual([{ ticketId, recordId, releaseId: released.releaseId, sealedSha256: sha256(sealed) }]);
    expect(released.transactionId).toBe(TX_RELEASE);
  });

  it('leaves no opened key in memory', async () => {
    const ports = new Ports();
    await release(ports);
    expect(ports.opened.every((key) => key.every((byte) => byte === 0))).toBe(true);
  });

  it('records a release of its own each time, for the first one’s answer would outlive a revocation', async () => {
    const ports = new Ports();
    const [first, second] = [await release(ports), await release(ports)];
    expect(first.releaseId).not.toBe(second.releaseId);
    expect(ports.recorded).toHaveLength(2);
  });

  // before anything is opened or recorded
  it.each<readonly [string, (ports: Ports) => void, string]>([
    [
      'no ticket in any block',
      (p) => {
        p.decisions = [];
      },
      'TICKET_UNSEEN',
    ],
    [
      'a ticket seen on the own peer only',
      (p) => {
        p.decisions = [permittedOn(own)];
      },
      'TICKET_UNSEEN',
    ],
    [
      'a ticket seen on the other peer only',
      (p) => {
        p.decisions = [permittedOn(other)];
      },
      'TICKET_UNSEEN',
    ],
    [
      'a ticket seen twice on one peer',
      (p) => {
        p.decisions = [permittedOn(own), permittedOn(own)];
      },
      'TICKET_UNSEEN',
    ],
    [
      'an invalid transaction on both peers',
      (p) => {
        p.decisions = [permittedOn(own, 11), permittedOn(other, 11)];
      },
      'TICKET_UNSEEN',
    ],
    [
      'an invalid transaction on the other peer',
      (p) => {
        p.decisions = [permittedOn(own), permittedOn(other, 10)];
      },
      'TICKET_UNSEEN',
    ],
    [
      'different transactions on the two peers',
      (p) => {
        p.decisions = [permittedOn(own), sighting(other, 'f'.repeat(64), 0, 'AccessPermitted')];
      },
      'TICKET_UNSEEN',
    ],
    [
      'a denial in the blocks',
      (p) => {
        p.decisions = [own, other].map((source) => sighting(source, TX_DECISION, 0, 'AccessDenied'));
      },
      'TICKET_CLOSED',
    ],
    [
      'a permit on one peer and a denial on the other',
      (p) => {
        p.decisions = [permittedOn(own), sighting(other, TX_DECISION, 0, 'AccessDenied')];
      },
      'TICKET_CLOSED',
    ],
    [
      'a denied ticket in the state',
      (p) => {
        p.setTicket(denial);
      },
      'TICKET_CLOSED',
    ],
    [
      'a ticket the other peer’s state does not have',
      (p) => {
        p.tickets.set(other, undefined);
      },
      'TICKET_UNSEEN',
    ],
    [
      'a ticket the own peer’s state does not have',
      (p) => {
        p.tickets.set(own, undefined);
      },
      'TICKET_UNSEEN',
    ],
    [
      'an ephemeral key on which the peers differ',
      (p) => {
        p.tickets.set(other, { ...permit, ephemeralPublicKey: publicKeyOf(newPrivateKey()) });
      },
      'TICKET_UNSEEN',
    ],
    [
      'a ticket closed on the other peer',
      (p) => {
        p.tickets.set(other, { ...permit, state: 'closed' });
      },
      'TICKET_CLOSED',
    ],
    [
      'a closed ticket',
      (p) => {
        p.setTicket({ ...permit, state: 'closed' });
      },
      'TICKET_CLOSED',
    ],
    [
      'a ticket at the instant it expires',
      (p) => {
        p.at = permit.expiresAt;
      },
      'TICKET_CLOSED',
    ],
    [
      'an expired ticket',
      (p) => {
        p.at = instantSchema.parse('2026-03-02T00:00:00.000Z');
      },
      'TICKET_CLOSED',
    ],
    [
      'another custodian’s ticket',
      (p) => {
        p.setTicket({ ...permit, custodianMspId: other });
      },
      'TICKET_CLOSED',
    ],
    [
      'a record that is not in the ticket',
      (p) => {
        p.setTicket({ ...permit, recordIds: [recordIdSchema.parse('record-2')] });
      },
      'TICKET_CLOSED',
    ],
    [
      'a ticket of another member’s clinician',
      (p) => {
        p.setTicket({ ...permit, actor: { ...permit.actor, mspId: other, actorTag: actorTagSchema.parse('x') } });
      },
      'NOT_PERMITTED',
    ],
  ])('refuses %s; opens and records nothing', async (_what, spoil, code) => {
    const ports = new Ports();
    spoil(ports);
    await expect(release(ports)).rejects.toMatchObject({ code });
    expect(ports.opened).toEqual([]);
    expect(ports.recorded).toEqual([]);
  });

  it('refuses a member who is not the ticket’s', async () => {
    const ports = new Ports();
    ports.known = [own, other];
    await expect(release(ports, other)).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
    expect(ports.recorded).toEqual([]);
  });

  // nothing leaves before the release is committed VALID on both peers
  it.each<readonly [string, (ports: Ports) => void, object]>([
    [
      'the ledger refuses it, as after a revocation',
      (p) => {
        p.outcome = () => Promise.reject(new Refused('TICKET_CLOSED', 'closed', { obstacle: 'consent-changed' }));
      },
      { code: 'TICKET_CLOSED' },
    ],
    [
      'the ledger cannot be reached',
      (p) => {
        p.outcome = () => Promise.reject(new Unavailable('UNAVAILABLE'));
      },
      { kind: 'unavailable' },
    ],
    [
      'it is in no block',
      (p) => {
        p.releases = [];
      },
      { code: 'RELEASE_UNCERTAIN' },
    ],
    [
      'only the own peer has it',
      (p) => {
        p.releases = [sighting(own, TX_RELEASE)];
      },
      { code: 'RELEASE_UNCERTAIN' },
    ],
    [
      'only the other peer has it',
      (p) => {
        p.releases = [sighting(other, TX_RELEASE)];
      },
      { code: 'RELEASE_UNCERTAIN' },
    ],
    [
      'one peer has it as invalid',
      (p) => {
        p.releases = [sighting(own, TX_RELEASE), sighting(other, TX_RELEASE, 11)];
      },
      { code: 'RELEASE_UNCERTAIN' },
    ],
    [
      'its outcome is unknown and no block has it',
      (p) => {
        p.outcome = () => Promise.reject(new OutcomeUnknown(TX_RELEASE));
        p.releases = [];
      },
      { code: 'RELEASE_UNCERTAIN' },
    ],
  ])('hands out no key when the release is not committed: %s', async (_what, spoil, refusal) => {
    const ports = new Ports();
    spoil(ports);
    await expect(release(ports)).rejects.toMatchObject(refusal);
    expect(ports.recorded).toHaveLength(1);
  });

  it('believes both peers’ blocks when the answer to the submit was lost', async () => {
    const ports = new Ports();
    ports.outcome = () => Promise.reject(new OutcomeUnknown(TX_RELEASE));
    await expect(release(ports)).resolves.toMatchObject({ transactionId: TX_RELEASE });
  });

  it('refuses a key that the ledger did not commit to', async () => {
    const ports = new Ports();
    ports.openEnvelope = () => Promise.resolve(randomBytes(32));
    await expect(release(ports)).rejects.toBeInstanceOf(DomainError);
    expect(ports.recorded).toEqual([]);
  });

  it('signs which record version, object and key it released, so that no node on the way can exchange one', async () => {
    const { sealedKey, releaseId, attestation } = await release(new Ports());
    const { statement, publicKey, signature } = attestation;
    expect(statement).toEqual({
      ...{ t: 'lianyi/release/v1', channel: 'emr', genesis, ticketId, releaseId, pseudonym: 'pseudonym-1', recordId, version: 1 },
      ...{ cipherSha256: record.cipherSha256, dekCommitment: record.dekCommitment },
      sealedSha256: sha256(Buffer.from(sealedKey, 'base64url')),
    });
    expect(verifySignature(publicKey, canonicalJson(statement), signature)).toBe(true);
  });
});
