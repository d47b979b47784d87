import { granteeSchema, type MspId, mspIdSchema, Unavailable } from '@lianyi/domain';
import { type PermitsWord } from '../ledger-index/members-word';
import { KeyService, type KeyServicePorts } from './key-service';
import {
  genesis,
  other,
  own,
  permit,
  permittedOn,
  Ports,
  recordId,
  requester,
  sighting,
  ticketId,
  TX_RELEASE,
} from './key-service-world.fixture';
import { witnessWarnings } from './witnesses';

const grantee = granteeSchema.parse({ kind: 'organisation', mspId: requester, name: 'all' });
const release = (ports: Ports) => new KeyService({ mspId: own, channel: 'emr', genesis }, ports).release({ ticketId, recordId }, requester);

describe('KeyService', () => {
  it.each<readonly [string, PermitsWord, string]>([
    ['a consent nobody has signed', { kind: 'unproven' }, 'CONSENT_UNPROVEN'],
    ['a consent that another than the patient has signed', { kind: 'unproven', grantee }, 'CONSENT_UNPROVEN'],
    ['a consent committed too late', { kind: 'late', grantee }, 'CONSENT_LATE'],
    ['a consent the patient has changed since', { kind: 'changed', grantee }, 'TICKET_CLOSED'],
    ['a request nobody has signed', { kind: 'unfounded', part: 'request' }, 'PERMIT_UNPROVEN'],
    ['somebody whom nobody has hired', { kind: 'unfounded', part: 'asker' }, 'PERMIT_UNPROVEN'],
    ['a record whose custodian has not written it so', { kind: 'unfounded', part: 'record' }, 'PERMIT_UNPROVEN'],
    ['another hospital’s default policy', { kind: 'unfounded', part: 'default-policy' }, 'PERMIT_UNPROVEN'],
  ])('opens and records nothing for a permit that rests on %s', async (_what, word, code) => {
    const ports = new Ports();
    ports.word = word;
    await expect(release(ports)).rejects.toMatchObject({ code });
    expect(ports.opened).toEqual([]);
    expect(ports.recorded).toEqual([]);
    // a name for what nobody has signed, and for nothing else
    expect(ports.alarms).toEqual(['unproven', 'unfounded'].includes(word.kind) ? [word] : []);
  });

  // the ledger decides the release by what others have written while the request was under way
  it.each<readonly [string, PermitsWord, string]>([
    ['a prohibition was written over', { kind: 'unproven', grantee }, 'CONSENT_UNPROVEN'],
    ['a staff entry was written over', { kind: 'unfounded', part: 'asker' }, 'PERMIT_UNPROVEN'],
    ['a record was written over', { kind: 'unfounded', part: 'record' }, 'PERMIT_UNPROVEN'],
    ['a kept-back command was committed', { kind: 'late', grantee }, 'CONSENT_LATE'],
    ['the patient has closed all reading', { kind: 'changed' }, 'TICKET_CLOSED'],
  ])('hands out no key when the release is committed, and %s meanwhile', async (_what, word, code) => {
    const ports = new Ports();
    ports.outcome = () => {
      ports.word = word;
      return Promise.resolve({ transactionId: TX_RELEASE });
    };
    await expect(release(ports)).rejects.toMatchObject({ code });
    expect(ports.recorded).toHaveLength(1);
    expect(ports.attested).toBe(0);
  });

  describe('with the word of several other members', () => {
    /** A consortium in which the member who asks is one of those whose peers are followed. */
    function several(sources: readonly MspId[], views: readonly MspId[] = [own, requester, other]): Ports {
      const ports = new Ports();
      ports.setTicket(permit);
      ports.tickets.set(requester, permit);
      ports.decisions = sources.map((source) => permittedOn(source));
      ports.releases = sources.map((source) => sighting(source, TX_RELEASE));
      return Object.assign(ports, { views: views.map((mspId) => ({ mspId, ticket: () => Promise.resolve(ports.tickets.get(mspId)) })) });
    }

    it('releases when one who does not get the key confirms it', async () => {
      await expect(release(several([own, other]))).resolves.toBeDefined();
      await expect(release(several([own, requester, other]))).resolves.toBeDefined();
    });

    it('releases nothing on the word of the member who gets the key', async () => {
      const ports = several([own, requester]);
      await expect(release(ports)).rejects.toMatchObject({ code: 'TICKET_UNSEEN' });
      expect(ports.opened).toEqual([]);
    });

    it('releases nothing while only that member has the release in a block', async () => {
      const ports = several([own, requester, other]);
      ports.releases = [sighting(own, TX_RELEASE), sighting(requester, TX_RELEASE)];
      await expect(release(ports)).rejects.toMatchObject({ code: 'RELEASE_UNCERTAIN' });
    });

    it('does not let that member stop it either', async () => {
      const ports = several([own, requester, other]);
      ports.decisions = [permittedOn(own), permittedOn(requester, 11), permittedOn(other)];
      ports.releases = [sighting(own, TX_RELEASE), sighting(requester, TX_RELEASE, 11), sighting(other, TX_RELEASE)];
      ports.tickets.set(requester, undefined);
      await expect(release(ports)).resolves.toBeDefined();
    });

    it('asks the next one who has it in a block when the first one’s peer does not answer', async () => {
      const fourth = mspIdSchema.parse('HospitalDMSP');
      const ports = several([own, other, fourth], [own, other, fourth]);
      ports.known = [own, other, requester, fourth];
      ports.tickets.set(fourth, permit);
      const silent = { mspId: other, ticket: () => Promise.reject(new Unavailable('down')) };
      const answering = Object.assign(ports, { views: ports.views.map((view) => (view.mspId === other ? silent : view)) });
      await expect(release(answering)).resolves.toBeDefined();
      ports.decisions = [permittedOn(own), permittedOn(other)];
      await expect(release(answering)).rejects.toBeInstanceOf(Unavailable);
    });

    it('refuses, with what to do, where the consortium has another member and nobody of them is followed', async () => {
      const ports = several([own, requester], [own, requester]);
      await expect(release(ports)).rejects.toMatchObject({ code: 'WITNESS_MISSING', details: { mspId: requester } });
    });

    it('takes the word of the member who gets the key where there is no third one', async () => {
      const ports = several([own, requester], [own, requester]);
      ports.known = [own, requester];
      await expect(release(ports)).resolves.toBeDefined();
    });

    it('takes no word of a member whom the node was told to forget', async () => {
      const ports = several([own, other, requester], [own, other, requester]);
      ports.known = [own, requester, mspIdSchema.parse('HospitalDMSP')];
      await expect(release(ports)).rejects.toMatchObject({ code: 'WITNESS_MISSING' });
    });
  });

  it('warns of each member for whom nobody else could confirm a permit', () => {
    const [d] = [mspIdSchema.parse('HospitalDMSP')];
    const warned = (others: readonly MspId[], members: readonly MspId[]): readonly string[] =>
      witnessWarnings({ mspId: own, others, members });
    expect(warned([other, requester], [own, other, requester])).toEqual([]);
    expect(warned([other, requester], [own, other, requester, d])).toEqual([]);
    expect(warned([other], [own, other, requester])).toEqual([expect.stringContaining(`no key is released to ${other}`)]);
    expect(warned([other], [own, other])).toEqual([expect.stringContaining(`keys for ${other} are confirmed by its own peer alone`)]);
    expect(warned([other, d], [own, other, requester])).toEqual([expect.stringContaining(`no key is released to ${other}`)]);
  });

  it.each([
    ['one member’s twice', [own, own]],
    ['the own one alone', [own]],
    ['others’ without the own one', [other, requester]],
    ['two other members’ and the own one’s last', [other, requester, own]],
    ['the own one and one other member’s twice', [own, other, other]],
    ['nobody', []],
  ])('is not made with the word of %s', (_whose, mspIds) => {
    const ports = new Ports();
    const [view] = ports.views;
    const spoiled: KeyServicePorts = Object.assign(ports, { views: mspIds.map((mspId) => ({ ticket: () => view?.ticket(), mspId })) });
    expect(() => new KeyService({ mspId: own, channel: 'emr', genesis }, spoiled)).toThrow('two members');
  });
});
