import { newPrivateKey, publicKeyOf, unwrapDataKey } from '@lianyi/client';
import { actorTagSchema, permittedTicketSchema, pseudonymSchema, Refused } from '@lianyi/domain';
import { type TicketHolder } from '@lianyi/domain/deciding';
import { KeyService, type ReleasedKey } from './key-service';
import {
  dataKey,
  denial,
  ephemeralKey,
  genesis,
  other,
  own,
  permit,
  Ports,
  record,
  recordId,
  requester,
  sighting,
  ticketId,
  TX_DECISION,
  version,
} from './key-service-world.fixture';

const pseudonym = pseudonymSchema.parse('pseudonym-1');
/** A patient's own, by a command that the requester's node has carried. */
const ticket = permittedTicketSchema.parse({
  ...permit,
  actor: { kind: 'patient', mspId: requester },
  purpose: 'PATRQT',
  provisionIds: ['own'],
  origin: { ...permit.origin, actor: { kind: 'patient', pseudonym } },
});
const patient: TicketHolder = { kind: 'patient', pseudonym };
const openedOn = (source: string) => sighting(source, TX_DECISION, 0, 'OwnRecordsOpened');

function world(): Ports {
  const ports = new Ports();
  ports.decisions = [openedOn(own), openedOn(other)];
  ports.setTicket(ticket);
  return ports;
}

const release = (ports: Ports, by = requester, holder?: TicketHolder): Promise<ReleasedKey> =>
  new KeyService({ mspId: own, channel: 'emr', genesis }, ports).release({ ticketId, recordId }, by, holder);

describe('the key service, of a patient’s own ticket', () => {
  it.each([undefined, patient])(
    'releases the key to the member that carried the command, and to the patient’s key alone',
    async (holder) => {
      const { sealedKey } = await release(world(), requester, holder);
      const sealed = Buffer.from(sealedKey, 'base64url');
      const recipient = { kind: 'release', ...version, dekCommitment: record.dekCommitment, mspId: requester, ticketId } as const;
      expect(await unwrapDataKey(sealed, ephemeralKey, publicKeyOf(ephemeralKey), recipient)).toEqual(new Uint8Array(dataKey));
      const thief = newPrivateKey();
      await expect(unwrapDataKey(sealed, thief, publicKeyOf(thief), recipient)).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
    },
  );

  const staff: TicketHolder = { kind: 'staff', mspId: requester, actorTag: actorTagSchema.parse('cardiologist-1') };
  it.each<readonly [string, (ports: Ports) => void, Parameters<typeof release>[1], TicketHolder | undefined, string]>([
    ['another member', (p) => void (p.known = [own, other]), other, undefined, 'NOT_PERMITTED'],
    ['the custodian itself, which has not carried it', () => undefined, own, patient, 'NOT_PERMITTED'],
    ['staff of the member that has carried it', () => undefined, requester, staff, 'NOT_PERMITTED'],
    ['another patient', () => undefined, requester, { kind: 'patient', pseudonym: pseudonymSchema.parse('p-2') }, 'NOT_PERMITTED'],
    [
      'the patient, of a denial',
      (p) => void (p.decisions = [own, other].map((at) => sighting(at, TX_DECISION, 0, 'OwnRecordsDenied'))),
      requester,
      patient,
      'TICKET_CLOSED',
    ],
    [
      'the patient, of what is denied in the state',
      (p) => {
        p.setTicket({ ...denial, actor: ticket.actor });
      },
      requester,
      patient,
      'TICKET_CLOSED',
    ],
    [
      'the patient, of a closed ticket',
      (p) => {
        p.setTicket({ ...ticket, state: 'closed' });
      },
      requester,
      patient,
      'TICKET_CLOSED',
    ],
    [
      'the patient, of an expired ticket',
      (p) => {
        p.at = ticket.expiresAt;
      },
      requester,
      patient,
      'TICKET_CLOSED',
    ],
    [
      'the patient, of another record',
      (p) => {
        p.setTicket({ ...ticket, recordIds: [] });
      },
      requester,
      patient,
      'TICKET_CLOSED',
    ],
    [
      'the patient, of a ticket that no block has',
      (p) => {
        p.decisions = [];
      },
      requester,
      patient,
      'TICKET_UNSEEN',
    ],
    [
      'the patient, of a ticket that the own peer alone has',
      (p) => {
        p.decisions = [openedOn(own)];
      },
      requester,
      patient,
      'TICKET_UNSEEN',
    ],
    [
      'the patient, of what no command of theirs says',
      (p) => {
        p.word = { kind: 'unfounded', part: 'request' };
      },
      requester,
      patient,
      'PERMIT_UNPROVEN',
    ],
    [
      'the patient, of a patient whom the hospital does not follow',
      (p) => {
        p.word = { kind: 'unproven' };
      },
      requester,
      patient,
      'CONSENT_UNPROVEN',
    ],
    [
      'who acts for the patient no more',
      (p) => {
        p.word = { kind: 'changed' };
      },
      requester,
      patient,
      'TICKET_CLOSED',
    ],
  ])('refuses %s; opens and records nothing', async (_whom, spoil, by, holder, code) => {
    const ports = world();
    spoil(ports);
    await expect(release(ports, by, holder)).rejects.toMatchObject({ code });
    expect(ports.opened).toEqual([]);
    expect(ports.recorded).toEqual([]);
  });

  it('gives no key where the ledger decides otherwise now', async () => {
    const ports = world();
    ports.outcome = () => Promise.reject(new Refused('TICKET_CLOSED', 'no', { ticketId, obstacle: 'asker-revoked' }));
    await expect(release(ports, requester, patient)).rejects.toMatchObject({ code: 'TICKET_CLOSED' });
  });
});
